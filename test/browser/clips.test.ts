import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lacksFfmpeg } from '../support/clips.js';
import { browserPath, message, openStage, paste, type Stage } from './kit.js';

const { CLIP_SHOTS: shots } = process.env;

describe.skipIf(!browserPath || lacksFfmpeg)('clips of clips, in a browser', () => {
  let stage: Stage;
  let page: Page;

  beforeAll(async () => {
    stage = await openStage();
    page = await stage.visit('ada');
  });
  afterAll(() => stage?.close());

  async function send(line: string): Promise<void> {
    await paste(page, line);
    await page.keyboard.press('Enter');
  }

  /** Screenshots, with `CLIP_SHOTS=FOLDER`: of a wide page, and of a phone's. */
  async function show(name: string): Promise<void> {
    if (!shots) return;
    for (const [device, width, height] of [
      ['wide', 1280, 900],
      ['phone', 390, 844],
    ] as const) {
      await page.setViewportSize({ width, height });
      await page.screenshot({ path: join(shots, `${name}-${device}.png`) });
    }
    await page.setViewportSize({ width: 1280, height: 900 });
  }

  it('a clip is changed by a pasted command, and extended once its seconds were told', async () => {
    await send('/animate prompt:it runs duration:3 audio:false');
    await message(page, 'it runs').locator('video').waitFor();
    await paste(page, '/clip edit video:last prompt:make it snow');
    await page.locator('.option').filter({ hasText: /\.mp4/ }).waitFor();
    await page.keyboard.press('Enter');
    await message(page, 'make it snow').locator('video').waitFor();
    await show('changed');
    await send('/clip extend prompt:she walks on');
    const question = message(page, 'That adds 5 s');
    await question.getByText('Only you can see this').waitFor();
    await show('question');
    await question.getByRole('button', { name: 'Extend' }).click();
    await message(page, '8 s in all').locator('video').waitFor();
    await show('extended');
  });

  it('the form of a button tells what it adds, too', async () => {
    const clip = message(page, '8 s in all');
    await clip.getByRole('button', { name: 'Extend' }).click();
    const form = page.getByRole('dialog');
    await form.getByText('Has 8 s of 60. Empty adds 5 s').waitFor();
    await show('form');
    await form.locator('textarea').first().fill('she sits down');
    await form.locator('input[type=text]').first().fill('3');
    await form.getByRole('button', { name: 'Submit' }).click();
    await message(page, '11 s in all').locator('video').waitFor();
  });

  it('the page reported no error and asked for nothing forbidden', () =>
    expect(stage.complaints).toEqual([]));
});
