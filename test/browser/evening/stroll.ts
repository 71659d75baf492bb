import type { Locator, Page } from 'playwright-core';
import { wordsFor } from '../../../packages/playground/web/texts.js';
import type { Locale, TextKey } from '../../../src/locales/index.js';
import { languageOf, languages } from '../../support/languages.js';
import { composer, givePicture, paste, type Stage } from '../kit.js';

/** A user of the evening, at a page of their own. */
export interface Guest {
  readonly page: Page;
  readonly locale: Locale;
  readonly stage: Stage;
}

/** Who acts in a step: members, one of whom posts what others reply to, and a moderator. */
export type Role = 'member' | 'other' | 'moderator';

export type Act = (guest: Guest) => Promise<unknown>;
/** Resolves once the page shows it. */
export type Fact = (guest: Guest) => Promise<unknown>;

/** Who does what, and what they then see; a fact of another user's page is given with that user. */
export type Step = readonly [
  who: Role,
  title: string,
  does: Act,
  sees: Fact,
  elsewhere?: readonly [Role, Fact],
];

/** A text's name; of one with plural forms also that of a single form. */
export type Key = TextKey | `${TextKey}_${'zero' | 'one'}`;

/** A text as it is written, with its placeholders; what names none stays as it is. */
function raw(locale: Locale, key: string): string {
  const byName: Readonly<Record<string, string>> = languageOf(locale).texts;
  const other = `${key.replace(/_(zero|one)$/, '')}_other`;
  return byName[key] ?? byName[other] ?? key;
}

/** The longest part of a text without placeholders and formatting, as the page shows it. */
function pieceOf(locale: Locale, key: string): string {
  const pieces = raw(locale, key).split(/\{\{[^}]*\}\}|\$t\([^)]*\)|<[^>]*>|[*[\]()]/);
  const [longest = ''] = pieces.map((each) => each.trim()).sort((x, y) => y.length - x.length);
  return longest;
}

/** A text that is a label: its placeholders match anything. */
function labelOf(locale: Locale, key: Key): RegExp {
  const parts = raw(locale, key).split(/\{\{\w+\}\}/);
  return new RegExp(`^${parts.map((part) => part.replaceAll(/[.?*+()[\]]/g, '\\$&')).join('.+')}$`);
}

/** A word of the client itself. */
function clientWord({ locale }: Guest, key: keyof ReturnType<typeof wordsFor>): string {
  return wordsFor(locale)[key];
}

export function cards({ page }: Guest, words: string | RegExp): Locator {
  return page.locator('article.message').filter({ hasText: words });
}

const files = { picture: '.message-main > .pictures img', clip: '.message-main > video' } as const;

/** The newest message with these words and a file of its own, as lists of results have none. */
function posts(guest: Guest, words: string | RegExp, file = `${files.picture}, ${files.clip}`): Locator {
  return cards(guest, words)
    .filter({ has: guest.page.locator(file) })
    .last();
}

/** Combines acts. */
export const inTurn =
  (...acts: readonly Act[]): Act =>
  async (guest) => {
    for (const act of acts) await act(guest);
  };

/** Pastes a line and sends it, as a message or as a command. */
export const says =
  (line: string): Act =>
  async ({ page }) => {
    await composer(page).fill('');
    await paste(page, line);
    await page.keyboard.press('Enter');
  };

/** Replies to the newest post with these words, from its toolbar. */
export const replies =
  (post: string, line: string): Act =>
  async (guest) => {
    const card = posts(guest, post);
    await card.hover();
    await card.getByRole('button', { name: clientWord(guest, 'reply'), exact: true }).click({ force: true });
    await says(line)(guest);
  };

/**
 * Presses a button under the newest message that has it.
 * @param words that the message has, or the name of a text of Easel's.
 */
export const presses =
  (key: Key | '▶', words?: string): Act =>
  async ({ page, locale }) => {
    const button = page.getByRole('button', { name: key === '▶' ? key : labelOf(locale, key) });
    const hasText = words && pieceOf(locale, words);
    const card = page.locator('article.message').filter({ has: button, ...(hasText && { hasText }) });
    await card.last().locator(button).first().click();
  };

/** Presses Delete under a result, whose language is that of the user who ordered it. */
export const deletes =
  (words: string): Act =>
  async (guest) => {
    const names = languages.map(({ tag }) => labelOf(tag, 'button.delete').source);
    await posts(guest, words)
      .getByRole('button', { name: new RegExp(names.join('|')) })
      .click();
  };

/** Writes into the form's prompt, and sends it. */
export const fillsIn =
  (key: Extract<Key, `form.prompt.${string}`>, words: string): Act =>
  async (guest) => {
    const form = guest.page.getByRole('dialog');
    await form.getByLabel(raw(guest.locale, key)).first().fill(words);
    await form.getByRole('button', { name: clientWord(guest, 'submit') }).click();
  };

export const leavesTheForm: Act = async (guest) => {
  await guest.page.keyboard.press('Escape');
  await guest.page.getByRole('dialog').waitFor({ state: 'detached' });
};

/** Picks a row of the first select of the newest message that has this text, its selects' own included. */
export const picks =
  (key: Key, row: Key | { readonly words: string | RegExp }): Act =>
  async (guest) => {
    const select = guest.page.locator('.select-box');
    const card = cards(guest, pieceOf(guest.locale, key)).filter({ has: select }).last();
    await card.locator('.select-box').first().click();
    const hasText = typeof row === 'string' ? raw(guest.locale, row) : row.words;
    await card.locator('.select-option:visible').filter({ hasText }).first().click();
  };

/** Chooses an entry of a post's menu. */
export const fromMenu =
  (post: string, key: Key): Act =>
  async (guest) => {
    await posts(guest, post).click({ button: 'right', position: { x: 5, y: 5 } });
    await guest.page.getByRole('menuitem', { name: raw(guest.locale, key) }).click();
  };

/** Goes to the direct messages, or to the server, which opens its first channel; on a phone through the drawer. */
export const goesTo =
  (where: 'direct' | 'Foxglove'): Act =>
  async (guest) => {
    const drawer = guest.page.getByRole('button', { name: clientWord(guest, 'openChannels') });
    if (await drawer.isVisible()) await drawer.click();
    const name = where === 'direct' ? clientWord(guest, 'direct') : where;
    await guest.page.getByRole('button', { name, exact: true }).click();
    await composer(guest.page).waitFor();
  };

/** A text of Easel's. */
export const reads =
  (key: Key): Fact =>
  (guest) =>
    cards(guest, pieceOf(guest.locale, key)).last().waitFor();

/** No message has this text, or it has gone. */
export const readsNo =
  (key: Key): Fact =>
  (guest) =>
    cards(guest, pieceOf(guest.locale, key)).first().waitFor({ state: 'detached' });

export const readsWords =
  (words: string | RegExp): Fact =>
  (guest) =>
    cards(guest, words).last().waitFor();

/** A result with these words that links to what it was made from. */
export const seesCredited =
  (words: string): Fact =>
  (guest) =>
    cards(guest, words)
      .filter({ hasText: pieceOf(guest.locale, 'card.from') })
      .filter({ has: guest.page.locator(files.picture) })
      .last()
      .waitFor();

/** A result that only this user sees. */
export const seesAlone =
  (words: string | RegExp): Fact =>
  (guest) =>
    cards(guest, words)
      .filter({ has: guest.page.locator('.only-you') })
      .last()
      .locator('img')
      .last()
      .waitFor();

/** A picture behind a spoiler. */
export const seesCovered =
  (words: string): Fact =>
  (guest) =>
    posts(guest, words, '.message-main > .pictures .spoiler').waitFor();

/** A result with these words, and the file in it. */
export const seesPicture =
  (words: string | RegExp): Fact =>
  (guest) =>
    posts(guest, words, files.picture).waitFor();

/** Two results with these words. */
export const seesTwo =
  (words: string): Fact =>
  (guest) =>
    cards(guest, words)
      .filter({ has: guest.page.locator(files.picture) })
      .nth(1)
      .waitFor();

/** A message that has this many pictures. */
export const seesPictures =
  (words: string, count: number): Fact =>
  (guest) =>
    posts(guest, words, files.picture)
      .locator(files.picture)
      .nth(count - 1)
      .waitFor();

export const seesClip =
  (words: string | RegExp): Fact =>
  (guest) =>
    posts(guest, words, files.clip).waitFor();

/** Nothing on the page has these words, or they have gone. */
export const seesNo =
  (words: string | RegExp): Fact =>
  (guest) =>
    cards(guest, words).first().waitFor({ state: 'detached' });

/** A button that a message has. */
export const seesButton =
  (key: Key): Fact =>
  ({ page, locale }) =>
    page
      .getByRole('button', { name: labelOf(locale, key) })
      .last()
      .waitFor();

/** A form whose field already holds these words. */
export const seesInForm =
  (words: string): Fact =>
  async ({ page }) => {
    await page.getByRole('dialog').waitFor();
    await page.waitForFunction(
      (held) =>
        [...document.querySelectorAll('dialog textarea, dialog input')].some(
          (field) => 'value' in field && String(field.value).includes(held),
        ),
      words,
    );
  };

export const all =
  (...facts: readonly Fact[]): Fact =>
  async (guest) => {
    for (const fact of facts) await fact(guest);
  };

/** Types into the empty composer, and leaves it there. */
export const types =
  (words: string): Act =>
  async ({ page }) => {
    await composer(page).fill('');
    await composer(page).pressSequentially(words);
  };

const suggestion = ({ page, locale }: Guest, key: Key): Locator =>
  page.getByRole('option').filter({ hasText: raw(locale, key) });

export const seesSuggestion =
  (key: Key): Fact =>
  (guest) =>
    suggestion(guest, key).first().waitFor();

export const seesNoSuggestion =
  (key: Key): Fact =>
  (guest) =>
    suggestion(guest, key).first().waitFor({ state: 'detached' });

/** Loads the page again. */
export const opens: Act = async ({ page }) => {
  await page.reload();
  await composer(page).waitFor();
};

/** Pastes a picture and sends it with some words. */
export const givesPicture =
  (name: string, words: string): Act =>
  async ({ page }) => {
    await composer(page).fill('');
    await composer(page).focus();
    await givePicture(page, 'paste', name);
    await page.locator('.file-chip').waitFor();
    await page.keyboard.insertText(words);
    await page.keyboard.press('Enter');
  };

/** Pictures of the newest gallery. */
export const seesGallery =
  (least: number): Fact =>
  async ({ page }) => {
    await page.waitForFunction(
      (count) =>
        ([...document.querySelectorAll('.gallery')].at(-1)?.querySelectorAll('img, video').length ?? 0) >=
        count,
      least,
    );
  };

/** A select by what it shows while nothing is chosen. */
export const seesSelect =
  (key: Key): Fact =>
  ({ page, locale }) =>
    page
      .locator('.select-box')
      .filter({ hasText: raw(locale, key) })
      .last()
      .waitFor();

/** Switches Discord's faults to these. */
export const faults =
  (...kinds: readonly 'expire'[]): Act =>
  async ({ stage }) => {
    const path = `${stage.origin}/_control/faults`;
    const headers = { 'content-type': 'application/json' };
    await fetch(path, { method: 'DELETE' });
    for (const _ of kinds) {
      const fault = { kind: 'expireToken', route: '^/webhooks/', times: 1_000_000 };
      await fetch(path, { method: 'POST', headers, body: JSON.stringify(fault) });
    }
  };
