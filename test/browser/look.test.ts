import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserPath, command, composer, message, openStage, type Stage } from './kit.js';

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const looks = [
  { colorScheme: 'dark' },
  { colorScheme: 'light' },
  { colorScheme: 'dark', ...phone },
  { colorScheme: 'light', ...phone },
] as const;

/** How the page looks and how it is used, for every user. */
describe.skipIf(!browserPath)('in a browser', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage();
    const page = await stage.visit('ada');
    await command(page, '/imagine a garden behind glass');
    await message(page, 'a garden behind glass').locator('.picture img').waitFor();
    await composer(page).pressSequentially('**Bold**, `code`, @Easel and https://example.org');
    await page.keyboard.press('Enter');
    await page.context().close();
  });
  afterAll(() => stage?.close());

  /** axe's serious findings, or worse, in a word each. */
  async function faults(page: Page): Promise<string[]> {
    // The page's own policy blocks foreign scripts; this one is injected from outside.
    await page.evaluate(axe.source);
    return page.evaluate(async () => {
      const run = Reflect.get(globalThis, 'axe').run;
      const { violations } = await run(document, { resultTypes: ['violations'] });
      const grave = violations.filter(({ impact }: { impact: string }) =>
        ['serious', 'critical'].includes(impact),
      );
      return grave.map(
        ({ id, nodes }: { id: string; nodes: { html: string }[] }) =>
          `${id}: ${nodes.map(({ html }) => html).join(' ')}`,
      );
    });
  }

  it.each(looks)('axe finds no serious problem: %j', async (look) => {
    const page = await stage.visit('ada', look);
    await message(page, 'a garden behind glass').waitFor();
    expect(await faults(page)).toEqual([]);

    await composer(page).pressSequentially('/');
    await page.getByRole('option').first().waitFor();
    expect(await faults(page)).toEqual([]);
    await page.keyboard.type('imagine a');
    await page.getByText('What the picture shows').waitFor();
    expect(await faults(page)).toEqual([]);
    await page.keyboard.press('Escape');

    await message(page, 'a garden behind glass').getByRole('button', { name: 'Animate' }).click();
    await page.getByRole('dialog').waitFor();
    expect(await faults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Cancel' }).click();

    await message(page, 'a garden behind glass')
      .getByRole('button', { name: 'More: Apps' })
      .click({ force: true });
    await page.getByRole('menu').waitFor();
    expect(await faults(page)).toEqual([]);
    await page.keyboard.press('Escape');

    await page.getByRole('button', { name: 'Behind the scenes' }).click();
    await page.getByText('Simulated faults').click();
    await page.locator('.task').first().waitFor();
    expect(await faults(page)).toEqual([]);
    await page.context().close();
  });

  it('the page loads within a second: few files, few bytes', async () => {
    const page = await stage.visit('ben');
    const own = await page.locator('script, link[rel=stylesheet]').count();
    expect(own).toBeLessThanOrEqual(3);
    const html = await (await fetch(stage.origin)).text();
    const files = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path);
    const bytes = await Promise.all(
      files.map(async (path) => (await (await fetch(stage.origin + path)).arrayBuffer()).byteLength),
    );
    expect(bytes.reduce((sum, one) => sum + one, 0)).toBeLessThan(250_000);
    await page.context().close();
  });

  it('on a phone the channels slide in, and nothing is wider than the screen', async () => {
    const page = await stage.visit('ada', phone);
    await page.getByRole('button', { name: 'Open the list of channels' }).click();
    await page.getByRole('button', { name: 'after-dark' }).click();
    await page.getByRole('heading', { name: 'after-dark', exact: true }).waitFor();
    expect(await faults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Continue' }).click();
    await composer(page).waitFor();
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(phone.viewport.width);
    await page.context().close();
  });

  it('its policy runs only its own files', async () => {
    const { headers } = await fetch(stage.origin);
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self';/,
    );
    const page = await stage.visit('ada');
    const ran = await page.evaluate(async () => {
      const script = document.createElement('script');
      try {
        script.textContent = 'globalThis.ran = true';
        document.head.append(script);
      } catch {
        // Trusted types block it even before the policy does.
      }
      return Reflect.get(globalThis, 'ran') === true;
    });
    expect(ran).toBe(false);
    await page.context().close();
  });
});
