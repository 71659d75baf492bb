import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { speakers } from '../../packages/playground/src/speakers.js';
import { text } from '../../src/locales/index.js';
import { languages } from '../support/languages.js';
import { browserPath, command, message, openStage, type Stage } from './kit.js';

/** A folder that gets pictures of each page, to be looked at: `LANGUAGE_SHOTS=shots npm run test:browser -- languages`. */
const shotsFolder = process.env.LANGUAGE_SHOTS;
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const readers = [
  { username: 'ben', locale: 'en-US' },
  { username: 'lin', locale: 'zh-CN' },
  ...speakers,
].filter(({ locale }) => languages.some(({ tag }) => tag === locale));

async function shoot(page: Page, name: string): Promise<void> {
  if (shotsFolder === undefined) return;
  mkdirSync(shotsFolder, { recursive: true });
  await page.screenshot({ path: join(shotsFolder, `${name}.png`), animations: 'disabled' });
}

/** Texts that are wider than what holds them, and so are cut. */
function cutTexts(page: Page): Promise<string[]> {
  return page
    .locator('article.message button, [role=dialog] button, [role=dialog] label, [role=dialog] h2')
    .evaluateAll((all) =>
      all
        .filter((one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0)
        .map((one) => one.textContent ?? ''),
    );
}

/** The page of a phone, in every language: nothing is cut, and nothing makes the page wider than the phone. */
describe.skipIf(!browserPath)('a phone in a browser', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage?.close());

  it.each(readers)('shows a result, a form and the help in $locale', async ({ username, locale }) => {
    const page = await stage.visit(username, phone);
    const isWide = () => page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
    await command(page, `/imagine ${locale} fox`);
    const card = message(page, `${locale} fox`);
    await card.locator('.picture img').waitFor();
    expect(await cutTexts(page)).toEqual([]);
    await shoot(page, `${locale}-1-result`);
    await card.getByRole('button', { name: text(locale, 'button.animate') }).click();
    await page.getByRole('dialog').waitFor();
    expect(await cutTexts(page)).toEqual([]);
    await shoot(page, `${locale}-2-form`);
    await page.keyboard.press('Escape');
    await command(page, '/help');
    await message(page, text(locale, 'help.rules.title')).waitFor();
    await shoot(page, `${locale}-3-help`);
    await command(page, '/clip extend she walks on');
    await message(page, text(locale, 'error.extend.none')).waitFor();
    await shoot(page, `${locale}-4-refusal`);
    expect(await isWide()).toBe(false);
    await page.context().close();
  });
});
