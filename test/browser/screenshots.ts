import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFilm } from './film.js';
import { browserPath, command, composer, message, openStage, type Stage } from './kit.js';

const folder = join(import.meta.dirname, '../../docs/images');
const patience = { timeout: 60_000 };

/**
 * The pictures and the film of the READMEs, taken from the running page: `npm run screenshots`. They need a Chinese font
 * (Debian: fonts-wqy-microhei).
 */
describe.skipIf(!browserPath)('pictures of', () => {
  let stage: Stage;

  beforeAll(async () => {
    await mkdir(folder, { recursive: true });
    // A Chinese font may be outside the system's default directories.
    const { FONTCONFIG_FILE: fonts } = process.env;
    stage = await openStage({ speed: 60, env: { TZ: 'UTC', ...(fonts && { FONTCONFIG_FILE: fonts }) } });
  });
  afterAll(() => stage?.close());

  /** Quantizes the screenshot to few colours: a README loads quickly. */
  async function keep(page: Page, name: string): Promise<void> {
    await page.mouse.move(0, 0);
    const shot = await page.screenshot({ animations: 'disabled', caret: 'hide' });
    await sharp(shot)
      .png({ palette: true, quality: 90, effort: 10 })
      .toFile(join(folder, `${name}.png`));
  }

  /** Makes MPS slower, so that there is something to see, or faster again. */
  async function pace(speed: number): Promise<void> {
    const body = JSON.stringify({ speed });
    await fetch(`${stage.origin}/_page/mps/speed`, { method: 'POST', body });
  }

  const sharply = { deviceScaleFactor: 1.5, locale: 'en-US', timezoneId: 'UTC' };

  async function paint(page: Page, prompt: string): Promise<void> {
    await command(page, `/imagine ${prompt}`);
    await message(page, prompt).locator('.picture img').waitFor(patience);
  }

  it('the bot at work: a picture, and the clip made of it', async () => {
    const page = await stage.visit('ben', { ...sharply, viewport: { width: 1180, height: 1190 } });
    await paint(page, 'a red fox in the snow, golden light');
    await message(page, 'a red fox').getByRole('button', { name: 'Animate' }).click();
    await page.getByLabel('Prompt').fill('it runs through birches');
    await page.getByRole('button', { name: 'Submit' }).click();
    const clip = message(page, 'it runs through birches');
    await clip.locator('video').waitFor(patience);
    await clip.locator('video').evaluate(async (video) => {
      if (!(video instanceof HTMLVideoElement)) return;
      video.muted = true;
      await video.play();
      await new Promise((resolve) => setTimeout(resolve, 700));
      video.pause();
    });
    await keep(page, 'at-work');
    await page.context().close();
  });

  it('a command, its picture, and the clip made of it, as a short film', async () => {
    const page = await stage.visit('ben', {
      locale: 'en-US',
      timezoneId: 'UTC',
      viewport: { width: 860, height: 800 },
    });
    await page.getByRole('button', { name: 'studio' }).click();
    await page.waitForTimeout(300);
    const film = await startFilm(page);
    await composer(page).pressSequentially('/imagine a red fox in the snow, golden light', { delay: 45 });
    await page.waitForTimeout(300);
    await page.keyboard.press('Enter');
    await message(page, 'a red fox').locator('.picture img').waitFor(patience);
    await page.waitForTimeout(1_500);
    await message(page, 'a red fox').getByRole('button', { name: 'Animate' }).click();
    await page.getByLabel('Prompt').pressSequentially('it runs through birches', { delay: 45 });
    await page.waitForTimeout(400);
    await page.getByRole('button', { name: 'Submit' }).click();
    const clip = message(page, 'it runs through birches').locator('video');
    await clip.waitFor(patience);
    await clip.evaluate(async (video) => {
      if (!(video instanceof HTMLVideoElement)) return;
      video.muted = true;
      await video.play();
    });
    await page.waitForTimeout(3_000);
    const file = join(folder, 'demo.gif');
    await film.save(file, { width: 720, fps: 6, colours: 128 });
    expect((await stat(file)).size).toBeLessThan(2_000_000);
    await pace(60);
    await page.context().close();
  });

  it('the backstage panel', async () => {
    const page = await stage.visit('ada', { ...sharply, viewport: { width: 1400, height: 1000 } });
    await page.getByRole('button', { name: 'Night Workshop' }).click();
    await page.getByRole('button', { name: 'Behind the scenes' }).click();
    for (const prompt of ['a lighthouse in a storm', 'a koi pond at dusk']) await paint(page, prompt);
    await pace(6);
    for (const prompt of ['an old train', 'a paper crane', 'a city of lanterns']) {
      await command(page, `/imagine ${prompt}`);
      await message(page, prompt)
        .getByText(/painting|waiting in line|next in line/)
        .waitFor(patience);
    }
    await page.locator('.slot-waiting').first().waitFor();
    await page.waitForTimeout(600);
    await keep(page, 'behind-the-scenes');
    await pace(60);
    await page.context().close();
  });

  it('a command with its options', async () => {
    const page = await stage.visit('mia', {
      ...sharply,
      viewport: { width: 1180, height: 720 },
      colorScheme: 'light',
    });
    await composer(page).pressSequentially('/imagine a quiet street after rain');
    await page.getByRole('combobox', { name: /optional/ }).click();
    await page.getByRole('option', { name: /^model/ }).click();
    await page.getByRole('option', { name: /Kling/ }).first().waitFor();
    await keep(page, 'options');
    await page.context().close();
  });

  it('a form, on a phone, in Chinese', async () => {
    const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
    const page = await stage.visit('lin', { ...sharply, ...phone, locale: 'zh-CN', deviceScaleFactor: 2 });
    await command(page, '/imagine 灯笼下的老街');
    await message(page, '灯笼下的老街').locator('.picture img').waitFor(patience);
    await message(page, '灯笼下的老街').getByRole('button', { name: '删除' }).scrollIntoViewIfNeeded();
    await page.waitForTimeout(300);
    await keep(page, 'phone');
    await message(page, '灯笼下的老街').getByRole('button', { name: '动起来' }).click();
    await page.getByRole('dialog').waitFor();
    await page.getByRole('dialog').getByRole('textbox').first().fill('灯笼轻轻摇晃');
    await keep(page, 'form');
    await page.context().close();
  });
});
