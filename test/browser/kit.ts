import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright-core';
import { patienceMs, until } from '../support/until.js';

const known = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** A browser of this machine; undefined if there is none, which is printed in one line. */
export const browserPath = [process.env.CHROMIUM_PATH ?? '', ...known].find((path) => existsSync(path));
if (!browserPath)
  process.stderr.write(
    'Tests of the page are skipped: there is no Chromium here (apt-get install chromium).\n',
  );

const entry = join(import.meta.dirname, '../../packages/playground/dist/main.js');

/** A playground and a browser that looks at it. */
export interface Stage {
  /** `http://127.0.0.1:41234` */
  readonly origin: string;
  /** The page as someone sees it, in a browser profile of their own. */
  visit(user: string, options?: BrowserContextOptions): Promise<Page>;
  /** A page's unwanted output: errors, and requests to elsewhere. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

/** Starts a playground, as `npm run playground` does, and a browser. */
export async function openStage({ speed = 400, env = {} as Record<string, string> } = {}): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'easel-browser-'));
  const args = ['--enable-source-maps', entry, '--port', '0', '--speed', String(speed)];
  const child = spawn(process.execPath, args, { cwd: folder, env: { PATH: process.env.PATH, ...env } });
  child.stdin.end();
  const [origin, browser] = await Promise.all([originOf(child), launch()]);
  const complaints: string[] = [];
  return {
    origin,
    complaints,
    async visit(user, options = {}) {
      const context = await browser.newContext({
        viewport: { width: 1280, height: 900 },
        colorScheme: 'dark',
        ...options,
      });
      context.setDefaultTimeout(patienceMs);
      const page = await context.newPage();
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.on('request', (request) => {
        if (!/^(blob|data):/.test(request.url()) && !request.url().startsWith(origin))
          complaints.push(`asked for ${request.url()}`);
      });
      await page.goto(`${origin}/?user=${user}`);
      await composer(page).waitFor();
      return page;
    },
    async close() {
      await browser.close();
      child.kill('SIGTERM');
      await once(child, 'close');
      await rm(folder, { recursive: true });
    },
  };
}

function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: browserPath ?? '', args: ['--no-sandbox'] });
}

async function originOf(child: ChildProcess): Promise<string> {
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await until(`it is there: ${said}`, () => said.includes('Easel is here'));
  return /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0] ?? '';
}

/** The composer. */
export function composer(page: Page): Locator {
  return page.locator('.composer-text');
}

/** Types a slash command key by key, and sends it. */
export async function command(page: Page, line: string): Promise<void> {
  await composer(page).pressSequentially(`${line} `);
  await page.keyboard.press('Enter');
}

/** Puts a text on the clipboard, and pastes it into the composer. */
export async function paste(page: Page, text: string): Promise<void> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.evaluate((words) => navigator.clipboard.writeText(words), text);
  await composer(page).focus();
  await page.keyboard.press('ControlOrMeta+V');
}

/** The newest message with this text. */
export function message(page: Page, text: string | RegExp): Locator {
  return page.locator('article.message').filter({ hasText: text }).last();
}

/** How many different colours the picture of an element shows, of a thousand samples. */
export function coloursOf(picture: Locator): Promise<number> {
  return picture.evaluate(async (element) => {
    if (!(element instanceof HTMLImageElement)) throw new Error('this is no picture');
    await element.decode();
    const canvas = document.createElement('canvas');
    canvas.width = 32;
    canvas.height = 32;
    const paper = canvas.getContext('2d');
    paper?.drawImage(element, 0, 0, 32, 32);
    const { data } = paper?.getImageData(0, 0, 32, 32) ?? { data: [] };
    const colours = new Set<number>();
    for (let at = 0; at < data.length; at += 4)
      colours.add((data[at] ?? 0) * 65_536 + (data[at + 1] ?? 0) * 256 + (data[at + 2] ?? 0));
    return colours.size;
  });
}

/** Pastes a picture at the focus, or drops it there. */
export async function givePicture(page: Page, way: 'paste' | 'drop', name: string): Promise<void> {
  await page.evaluate(
    async ([how, filename]) => {
      const canvas = document.createElement('canvas');
      canvas.width = 640;
      canvas.height = 480;
      const paper = canvas.getContext('2d');
      if (paper) {
        paper.fillStyle = '#2f7c8f';
        paper.fillRect(0, 0, 640, 480);
        paper.fillStyle = '#f2c661';
        paper.fillRect(200, 120, 240, 240);
      }
      const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve));
      const data = new DataTransfer();
      data.items.add(new File([blob ?? ''], filename ?? '', { type: 'image/png' }));
      const common = { bubbles: true, cancelable: true };
      const event =
        how === 'paste'
          ? new ClipboardEvent('paste', { clipboardData: data, ...common })
          : new DragEvent('drop', { dataTransfer: data, ...common });
      document.activeElement?.dispatchEvent(event);
    },
    [way, name],
  );
}
