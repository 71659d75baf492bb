import { describe, expect, it } from 'vitest';
import { drawUserError } from '../../../src/discord/views/message.js';
import { createCards } from '../../../src/discord/views/task-card.js';
import { drawReason } from '../../../src/discord/views/task-ending.js';
import { UserError } from '../../../src/errors.js';
import { isTextKey, locales, type TextKey, type TextParams, text } from '../../../src/locales/index.js';
import { createCatalogue } from '../../../src/mps/catalogue/catalogue.js';
import { failureReasons } from '../../../src/tasks/model/task.js';
import { enUS } from '../../support/languages.js';
import { anImageRequest, anOrigin, aTask, aVideoRequest, noon, states } from '../../support/tasks.js';
import { placesIn } from '../../support/translation.js';

const cards = createCards({ catalogue: createCatalogue() });
const models = [...createCatalogue().list('video')].map(({ label }) => label);

/** Marks that turn the direction of writing, also without an end; a word that never ends; stacked diacritics. */
const hostile = [
  '\u202e\u2067شعلب أحمر שועל אדום\u200f',
  'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'.repeat(3),
  'กิ๊กก๊ากผู้ใหญ่ที่สุด',
  'Nguyễn Thuở Ấy, ngoằn ngoèo'.normalize('NFD'),
  '**bold** `code` ||spoiler|| <@1> https://example.com @everyone {{name}} $t(button.again)',
];
const words = hostile.join(' ');
const invisible = /\p{Bidi_Control}/u;

/** The largest that a placeholder is ever filled with. */
function extremeOf(name: string): TextParams[string] {
  if (/^(channels|roles)$/.test(name)) return [];
  if (/^(allowed|models|numbers)$/.test(name)) return models;
  if (/^(name|asked|words|found|model|what|who|use|example|menus?|place|label|value|facts|order)$/.test(name))
    return words;
  if (name === 'measure') return 'second.month';
  return 100_000_000_000_000;
}

/** Values for everything that a text names. */
function paramsFor(key: string, count: number): TextParams {
  const texts: Readonly<Record<string, string>> = enUS.texts;
  const written = texts[key] ?? texts[`${key}_other`] ?? texts[`${key}_one`] ?? '';
  const names = placesIn(written).flatMap((place) => place.match(/\{\{(\w+)\}\}/)?.[1] ?? []);
  return { ...Object.fromEntries(names.map((name) => [name, extremeOf(name)])), count };
}

const bases = [...new Set(Object.keys(enUS.texts).map((key) => key.replace(/_(zero|one|other)$/, '')))];
const keysIn = (families: RegExp) =>
  bases.filter((key): key is TextKey => families.test(key) && isTextKey(key));
const counts = [0, 1, 2, 5, 21, 1_000_000];

describe.each(locales)('in %s', (locale) => {
  it('every sentence that a refusal can be made of fits into a message', () => {
    const sentences = keysIn(
      /^(error|problem|failure|media|reply|offer|limits|ceiling|grammar|form|quota)\./,
    );
    expect(sentences.length).toBeGreaterThan(200);
    for (const key of sentences)
      for (const count of counts) {
        const { content } = drawUserError(new UserError({ key, params: paramsFor(key, count) }), locale);
        expect(content.length, key).toBeLessThanOrEqual(2000);
        expect(content.replaceAll(/\{\{name\}\}|\$t\(button/g, ''), key).not.toMatch(/\{\{|\$t\(|undefined/);
        expect(content, key).not.toMatch(invisible);
        expect(content, key).not.toMatch(/(?<!\\)\*\*bold|(?<!\\)<@1>/);
      }
  });

  it('every failure fits on a card with a prompt that could break it', () => {
    const origin = anOrigin({ locale });
    const requests = [
      anImageRequest({ prompt: `${words} ${'กิ๊'.repeat(1000)}`.slice(0, 1000) }),
      aVideoRequest({ prompt: words.repeat(9).slice(0, 2000), resolution: '1080P', aspectRatio: '16:9' }),
    ];
    for (const reason of failureReasons)
      for (const request of requests) {
        const params = paramsFor(`failure.${reason}`, 2);
        const state = { ...states.failed, failure: { reason, params } };
        const task = aTask({ state, request, origin });
        for (const card of [cards.draw(task), drawReason(task, locale, true), drawReason(task, locale)]) {
          expect(card.content.length, reason).toBeLessThanOrEqual(2000);
          expect(card.content, reason).not.toMatch(invisible);
        }
      }
    for (const state of Object.values(states))
      for (const request of requests) {
        const { content, components } = cards.draw(aTask({ state, request, origin }));
        expect(content.length, state.name).toBeLessThanOrEqual(2000);
        expect(content, state.name).not.toMatch(invisible);
        for (const row of components) expect(row.components.length).toBeLessThanOrEqual(5);
      }
  });

  it('every moment of waiting and making is told', () => {
    const origin = anOrigin({ locale });
    const windows = [{}, { from: noon }, { to: noon }, { from: noon, to: noon }];
    const progress = [
      { ahead: 0 },
      ...windows.flatMap((window) => [
        { ahead: 12_345, starts: window },
        ...([undefined, 'slow', 'late'] as const).map((pace) => ({
          expected: window,
          ...(pace && { pace }),
        })),
      ]),
      { waitingFor: 'unreachable' } as const,
    ];
    for (const request of [anImageRequest(), aVideoRequest()])
      for (const state of Object.values(states))
        for (const one of progress) {
          const { content } = cards.draw(aTask({ state, request, origin }), one);
          expect(content, state.name).not.toMatch(/\{\{|\b(undefined|null)\b/);
          expect(content.length, state.name).toBeLessThanOrEqual(2000);
        }
  });

  it('every button fits, whatever number is on it', () => {
    for (const key of keysIn(/^button\./)) {
      if (key.includes('values') || placesIn(text(locale, key)).length > 1) continue;
      const label = text(locale, key, { number: 9, to: '1080P', count: 9, values: '' });
      expect(label.length, key).toBeLessThanOrEqual(80);
      expect(label.trim(), key).not.toBe('');
    }
  });
});
