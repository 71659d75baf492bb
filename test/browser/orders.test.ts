import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  browserPath,
  coloursOf,
  command,
  composer,
  givePicture,
  message,
  openStage,
  type Stage,
} from './kit.js';

/** A user's actions, from the prompt to a clip. */
describe.skipIf(!browserPath)('in a browser', () => {
  let stage: Stage;
  let page: Page;

  beforeAll(async () => {
    stage = await openStage();
  });
  beforeEach(async () => {
    page = await stage.visit('ada');
    return () => page.context().close();
  });
  afterAll(() => stage.close());

  /** Orders a picture, and waits until it appears in the channel. */
  async function paint(prompt: string): Promise<void> {
    await command(page, `/imagine ${prompt}`);
    await message(page, prompt).locator('.picture img').waitFor();
  }

  it('a typed /imagine becomes a picture that is not blank, and opens at its full size', async () => {
    await composer(page).pressSequentially('/im');
    await page.getByRole('option', { name: /\/imagine.*Paint a picture from your description/ }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.type('a red fox in the snow');
    await page.keyboard.press('Enter');
    const card = message(page, 'a red fox in the snow');
    await card.getByText('used').waitFor();
    const picture = card.locator('.picture img');
    await picture.waitFor();
    expect(await coloursOf(picture)).toBeGreaterThan(20);
    await card.locator('.picture').click();
    await page.locator('dialog.lightbox[open] img').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('dialog.lightbox').waitFor({ state: 'detached' });
  });

  it('Animate opens a form, and the clip from it plays', async () => {
    await paint('a ferry at dawn');
    await message(page, 'a ferry at dawn').getByRole('button', { name: 'Animate' }).click();
    const form = page.getByRole('dialog', { name: 'Animate' });
    await form.getByLabel('Prompt').fill('it sails away');
    await form.getByRole('combobox', { name: /Model/ }).click();
    await page.getByRole('option', { name: /Kling 2\.6/ }).click();
    await form.getByRole('button', { name: 'Submit' }).click();
    const clip = message(page, 'it sails away').locator('video');
    await clip.waitFor();
    await expect(message(page, 'it sails away').textContent()).resolves.toContain('Kling 2.6');
    const time = await clip.evaluate(async (video) => {
      if (!(video instanceof HTMLVideoElement)) throw new Error('this is no clip');
      video.muted = true;
      await video.play();
      await new Promise((resolve) =>
        video.addEventListener('timeupdate', () => video.currentTime > 0.2 && resolve(0)),
      );
      return video.currentTime;
    });
    expect(time).toBeGreaterThan(0.2);
  });

  it('a reply with a mention animates the picture it replies to', async () => {
    await paint('a paper boat');
    const card = message(page, 'a paper boat');
    await card.hover();
    await card.getByRole('button', { name: 'Reply' }).click();
    await composer(page).pressSequentially('@Ea');
    await page.getByRole('option', { name: /Easel/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.type('it drifts past reeds');
    await page.keyboard.press('Enter');
    await page
      .locator('article.message')
      .filter({ has: page.locator('video') })
      .filter({ hasText: 'it drifts past reeds' })
      .last()
      .waitFor();
  });

  it("Apps › Animate works on a user's own picture, by keyboard alone", async () => {
    await composer(page).focus();
    await givePicture(page, 'paste', 'harbour.png');
    await page.keyboard.type('our harbour');
    await page.keyboard.press('Enter');
    const post = message(page, 'our harbour');
    await post.locator('.picture img').waitFor();
    await post.getByRole('button', { name: 'More: Apps' }).focus();
    await page.keyboard.press('Enter');
    const wanted = page.getByRole('menuitem', { name: 'Animate' });
    await wanted.waitFor();
    const isFocused = () => wanted.evaluate((item) => item === document.activeElement);
    for (let presses = 0; presses < 20 && !(await isFocused()); presses++)
      await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    const form = page.getByRole('dialog', { name: 'Animate' });
    await form.getByLabel('Prompt').fill('gulls circle');
    await form.getByRole('button', { name: 'Submit' }).focus();
    await page.keyboard.press('Enter');
    await message(page, 'gulls circle').locator('video').waitFor();
  });

  it('a pasted picture becomes a reference of the order', async () => {
    await composer(page).pressSequentially('/imagine the same in winter');
    await givePicture(page, 'paste', 'summer.png');
    await page.locator('.option').filter({ hasText: 'summer.png' }).waitFor();
    await page.keyboard.press('Enter');
    await message(page, 'the same in winter').locator('.picture img').waitFor();
    const tasks = z
      .array(
        z.looseObject({
          params: z.looseObject({
            Prompt: z.string().optional(),
            ImageInfos: z.array(z.unknown()).optional(),
          }),
        }),
      )
      .parse(await (await fetch(`${stage.origin}/_page/mps/tasks`)).json());
    const order = tasks.find(({ params }) => params.Prompt === 'the same in winter');
    expect(order?.params.ImageInfos).toHaveLength(1);
  });

  it('a picture that is dropped on /animate is animated', async () => {
    await composer(page).pressSequentially('/animate the kite climbs');
    await givePicture(page, 'drop', 'kite.png');
    await page.locator('.option').filter({ hasText: 'kite.png' }).waitFor();
    await page.keyboard.press('Enter');
    await message(page, 'the kite climbs').locator('video').waitFor();
  });

  it('options autocomplete, and mistakes are shown before anything is sent', async () => {
    await composer(page).pressSequentially('/imagine ');
    await page.keyboard.press('Enter');
    await page.getByText('This option is required. Specify a value.').waitFor();
    await page.keyboard.type('a quiet street');
    await page.getByRole('combobox', { name: /optional/ }).click();
    await page.getByRole('option', { name: /^model/ }).click();
    await page.keyboard.type('qwen');
    await page.getByRole('option', { name: /Qwen/ }).first().waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await message(page, /a quiet street[\s\S]*Qwen/)
      .locator('.picture img')
      .waitFor();
  });

  it('the page reported no error and asked for nothing forbidden', () =>
    expect(stage.complaints).toEqual([]));
});
