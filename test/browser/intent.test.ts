import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserPath, composer, givePicture, message, openStage, type Stage } from './kit.js';

/** Pictures of other users: with the Message Content Intent, and without it. */
describe.skipIf(!browserPath)('in a browser', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage();
    const ben = await stage.visit('ben');
    await composer(ben).focus();
    await givePicture(ben, 'paste', 'harbour.png');
    await ben.keyboard.type('my harbour');
    await ben.keyboard.press('Enter');
    await message(ben, 'my harbour').locator('.picture img').waitFor();
    await ben.context().close();
  });
  afterAll(() => stage?.close());

  async function replyTo(page: Page, post: string, words: string): Promise<void> {
    const card = page.locator('article.message:has(.picture)').filter({ hasText: post }).first();
    await card.hover();
    await card.getByRole('button', { name: 'Reply', exact: true }).click();
    await composer(page).fill(`@Easel ${words} `);
    await page.keyboard.press('Enter');
  }

  /** A bot receives messages once it is connected, and none from before. */
  const untilConnected = (times: number) =>
    expect
      .poll(async () => (await fetch(`${stage.origin}/_control/state`)).json())
      .toMatchObject({ ready: true, identifies: times });

  const clip = (page: Page, words: string) =>
    page.locator('article.message:has(video)').filter({ hasText: words }).last();

  it("a reply animates someone else's picture; the page's switch shows the other case", async () => {
    const page = await stage.visit('mia');
    await replyTo(page, 'my harbour', 'gulls circle');
    await clip(page, 'gulls circle').waitFor();

    await page.getByRole('button', { name: 'Behind the scenes' }).click();
    const panel = page.getByRole('complementary', { name: 'Behind the scenes' });
    const intent = panel.getByRole('switch', { name: 'Message Content Intent' });
    expect(await intent.isChecked()).toBe(true);
    await intent.setChecked(false);
    await panel.getByText('start 2').waitFor();
    await untilConnected(2);
    await panel.getByText('Running', { exact: true }).waitFor();
    await replyTo(page, 'my harbour', 'rain begins');
    await message(page, /Apps › Animate/).waitFor();
    expect(await clip(page, 'rain begins').count()).toBe(0);

    // It is started over each time: a bot learns of its intents at its start.
    await intent.setChecked(true);
    await panel.getByText('start 3').waitFor();
    await untilConnected(3);
    await replyTo(page, 'my harbour', 'the fog lifts');
    await clip(page, 'the fog lifts').waitFor();
    await page.context().close();
  });

  it('the page reported no error and asked for nothing forbidden', () =>
    expect(stage.complaints).toEqual([]));
});
