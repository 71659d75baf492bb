import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserPath, command, composer, givePicture, message, openStage, type Stage } from './kit.js';

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** Pixels between the visible part and the end of the channel, once every picture has loaded. */
async function fromTheEnd(page: Page): Promise<number> {
  await page.waitForFunction(() => [...document.images].every((image) => image.complete));
  return page.locator('.messages').evaluate(async (box) => {
    // Two frames: one for layout, one for the resize observers.
    for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
    return Math.round(box.scrollHeight - box.scrollTop - box.clientHeight);
  });
}

/** @param shown the message's new text */
async function say(page: Page, words: string, shown = words): Promise<void> {
  // A blank ends a name, so that Enter sends and does not complete it.
  await composer(page).fill(`${words} `);
  await page.keyboard.press('Enter');
  await message(page, shown).waitFor();
}

/** The message with the picture of a prompt; lists name it too, and show it. */
function picture(page: Page, prompt: string): Locator {
  return page.locator('article.message:has(.pictures)').filter({ hasText: prompt });
}

async function isInSight(one: Locator): Promise<boolean> {
  const [box, list] = await Promise.all([one.boundingBox(), one.page().locator('.messages').boundingBox()]);
  if (!box || !list) return false;
  return box.y < list.y + list.height && box.y + box.height > list.y;
}

/** How a channel is read. */
describe.skipIf(!browserPath)('in a browser', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage();
    const page = await stage.visit('ada');
    for (const prompt of ['a first heron', 'a second heron', 'a third heron']) {
      await command(page, `/imagine ${prompt}`);
      await message(page, prompt).locator('.picture img').waitFor();
    }
    await page.context().close();
  });
  afterAll(() => stage?.close());

  it.each([phone, {}])('a channel opens at its newest message and stays there: %j', async (look) => {
    // Whether pictures loaded late or early made the difference: each time with an empty cache.
    for (let visit = 0; visit < 5; visit += 1) {
      const page = await stage.visit('mia', look);
      await message(page, 'a third heron').locator('.picture img').waitFor();
      expect(await fromTheEnd(page)).toBe(0);
      if (visit === 4) {
        await say(page, 'hello herons');
        expect(await fromTheEnd(page)).toBe(0);
        await command(page, '/imagine a fourth heron');
        await message(page, 'a fourth heron').locator('.picture img').waitFor();
        expect(await fromTheEnd(page)).toBe(0);
      }
      await page.context().close();
    }
  });

  it('a user who has scrolled up stays there, sees that there are new messages, and gets back to them', async () => {
    const [mia, ben] = [await stage.visit('mia', phone), await stage.visit('ben')];
    await message(mia, 'a third heron').waitFor();
    expect(await fromTheEnd(mia)).toBe(0);
    await mia.locator('.messages').evaluate((box) => box.scrollTo(0, 250));
    const bar = mia.getByRole('button', { name: /Jump To Present/ });
    await bar.filter({ hasText: "You're viewing older messages" }).waitFor();
    await say(ben, 'a word from ben');
    await bar.filter({ hasText: '1 new message' }).waitFor();
    expect(await mia.locator('.messages').evaluate((box) => box.scrollTop)).toBe(250);
    await bar.click();
    await bar.waitFor({ state: 'detached' });
    expect(await fromTheEnd(mia)).toBe(0);
    // The user's own messages scroll into view, and so does an ephemeral answer.
    await mia.locator('.messages').evaluate((box) => box.scrollTo(0, 250));
    await bar.waitFor();
    await say(mia, 'an answer from mia');
    expect(await fromTheEnd(mia)).toBe(0);
    await mia.locator('.messages').evaluate((box) => box.scrollTo(0, 250));
    await bar.waitFor();
    await command(mia, '/quota show');
    await mia.keyboard.press('Enter');
    await message(mia, 'Only you can see this').waitFor();
    await bar.waitFor({ state: 'detached' });
    expect(await fromTheEnd(mia)).toBe(0);
    await Promise.all([mia.context().close(), ben.context().close()]);
  });

  it.each([phone, {}])('/gallery shows pictures that open, and details of one: %j', async (look) => {
    const page = await stage.visit('ben', look);
    await command(page, '/gallery');
    await page.keyboard.press('Enter');
    const gallery = page.locator('.gallery').last();
    const heron = gallery.locator('img[alt="a first heron"]');
    await heron.waitFor();
    await page.waitForFunction(() => [...document.images].every((image) => image.complete));
    expect(await gallery.locator('.picture-missing').count()).toBe(0);
    const widths = await gallery
      .locator('img')
      .evaluateAll((images) =>
        images.map((image) => (image instanceof HTMLImageElement ? image.naturalWidth : 0)),
      );
    expect(widths.length).toBeGreaterThanOrEqual(3);
    expect(Math.min(...widths)).toBeGreaterThan(0);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(page.viewportSize()?.width ?? 0);

    await heron.click();
    const opened = page.getByRole('dialog', { name: 'a first heron' });
    await opened.locator('img').waitFor();
    await page.keyboard.press('Escape');
    const list = message(page, /used\s*\/gallery/);
    await list.locator('.select-box').click();
    await list.locator('.select-option').filter({ hasText: 'a first heron' }).click();
    await message(page, /Model.*a first heron/s)
      .getByRole('button', { name: 'Again' })
      .waitFor();
    await page.context().close();
  });

  it('links of /gallery and /tasks lead to the message, also in another channel', async () => {
    const page = await stage.visit('ada');
    for (const list of ['/gallery', '/tasks']) {
      await command(page, list);
      await page.keyboard.press('Enter');
      const card = message(page, new RegExp(`used\\s*${list}`));
      const link = card
        .locator('.md-text, .md-subtext, .component-part')
        .getByRole('link', { name: /#general/ });
      await link.last().click();
      await expect.poll(() => page.locator('.message-flash').count()).toBe(1);
      expect(await page.locator('.message-flash').textContent()).toContain('heron');
      expect(await isInSight(page.locator('.message-flash'))).toBe(true);
    }
    const link = await picture(page, 'a first heron').evaluate((article) => article.getAttribute('data-id'));
    const [general] = await page.evaluate(async () => {
      const { servers } = await (await fetch('/_page/surroundings?user=ada')).json();
      return servers.map(
        ({ id, places }: { id: string; places: { id: string }[] }) => `${id}/${places[0]?.id}`,
      );
    });
    await page.getByRole('button', { name: 'studio', exact: true }).click();
    await page.getByRole('heading', { name: 'studio', exact: true }).waitFor();
    await say(page, `please look at https://discord.com/channels/${general}/${link}`, 'please look');
    await message(page, 'please look')
      .getByRole('link', { name: /#general › / })
      .click();
    await page.getByRole('heading', { name: 'general', exact: true }).waitFor();
    await expect.poll(() => isInSight(picture(page, 'a first heron'))).toBe(true);
    await page.context().close();
  });

  it('a reply quotes its message on one line, spoilers covered, and links to it', async () => {
    const page = await stage.visit('ben');
    await page.getByRole('button', { name: 'studio', exact: true }).click();
    await say(page, 'the **boat** is ||sunk|| says @mia', 'the boat');
    const post = message(page, 'the boat');
    const secret = post.locator('.md-spoiler');
    expect(await secret.locator('> span').evaluate((text) => getComputedStyle(text).visibility)).toBe(
      'hidden',
    );
    await secret.click();
    await post.locator('.md-spoiler-open').getByText('sunk').waitFor();
    await post.hover();
    await post.getByRole('button', { name: 'Reply', exact: true }).click();
    await say(page, 'oh no');
    const quoted = message(page, 'oh no').locator('.message-above');
    expect(await quoted.locator('.message-quoted').textContent()).toBe('the boat is sunk says @Mia');
    expect(
      await quoted.locator('.md-spoiler > span').evaluate((text) => getComputedStyle(text).visibility),
    ).toBe('hidden');
    await quoted.locator('.message-quoted').click();
    await expect.poll(() => page.locator('.message-flash').count()).toBe(1);
    await page.context().close();
  });

  it('a picture behind a spoiler is covered until it is clicked', async () => {
    const page = await stage.visit('ben');
    await page.getByRole('button', { name: 'studio', exact: true }).click();
    await composer(page).focus();
    await givePicture(page, 'paste', 'SPOILER_end.png');
    await page.keyboard.type('how it ends');
    await page.keyboard.press('Enter');
    const post = message(page, 'how it ends');
    await post.getByRole('button', { name: 'Spoiler' }).click();
    await post.getByRole('button', { name: /Enlarge/ }).waitFor();
    await page.context().close();
  });

  it('the page reported no error and asked for nothing forbidden', () =>
    expect(stage.complaints).toEqual([]));
});
