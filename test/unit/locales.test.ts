import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { locales, nearestLocale, type TextParams, text } from '../../src/locales/index.js';
import { baseOf } from '../../src/locales/plural-forms.js';
import { problemCodes, problemParams } from '../../src/mps/parameters/problems.js';
import { failureReasons } from '../../src/tasks/model/task.js';
import { bannedWords, findBannedWords } from '../support/banned-words.js';
import { enUS, languageOf, languages, zhCN } from '../support/languages.js';
import { checks, placesIn } from '../support/translation.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
type Language = (typeof languages)[number];
const places = (words: string) => placesIn(words).filter((place) => place.startsWith('{{'));

/** Keys composed of parts, by their prefix, and all suffixes that this part can have. */
const families = /`([a-z]+(?:\.[a-zA-Z]+)*\.)\$\{/g;

const englishKeys = Object.keys(enUS.texts) as (keyof typeof enUS.texts)[];
const keys = [...new Set(englishKeys.map(baseOf))];
const english: Readonly<Record<string, string>> = enUS.texts;

/** Every form of every text of a language. */
const entries = (language: Language) => Object.entries(language.texts);
const every = languages.flatMap(entries);
/** The glossary bans English and Chinese words. */
const written = [enUS, zhCN].flatMap(entries);

async function sources(folder: string): Promise<string> {
  const files = await readdir(join(root, folder), { recursive: true });
  const code = files.filter((file) => file.endsWith('.ts') && !/^locales\//.test(file));
  return (await Promise.all(code.map((file) => readFile(join(root, folder, file), 'utf8')))).join('\n');
}

// Those of other languages: test/unit/locales/translations.test.ts.
describe.each([enUS, zhCN].map((language) => [language.tag, language] as const))(
  'the texts in %s',
  (_, language) => {
    it.each(Object.entries(checks))('%s', (_, check) => expect(check(language)).toEqual([]));
  },
);

describe('the texts', () => {
  // Operators know MPS by its name; members read "the image service".
  it.each(['ui', 'docs'] as const)('use no word that the glossary bans (%s)', (where) => {
    const rows = bannedWords(where);
    const found = written
      // Option names are the API's, and phrases are members' own.
      .filter(([key]) => key.startsWith('notice.') === (where === 'docs') && !/^(name|talk)\./.test(key))
      .flatMap(([key, words]) => findBannedWords(words, rows).map((complaint) => `${key}: ${complaint}`));
    expect(found).toEqual([]);
  });

  it("name none of the operator's variables to members", () => {
    for (const [key, words] of every)
      if (!key.startsWith('notice.')) expect(words, key).not.toMatch(/[A-Z]{2,}_[A-Z]{2,}|\bMPS\b/);
  });

  it('name every failure and every problem', () => {
    for (const reason of failureReasons) expect(keys, reason).toContain(`failure.${reason}`);
    for (const code of problemCodes) expect(keys, code).toContain(`problem.${code}`);
  });

  it('use only params that a problem has', () => {
    for (const [code, params] of Object.entries(problemParams)) {
      const given: readonly string[] = params;
      for (const place of places(english[`problem.${code}`] ?? ''))
        expect(given, code).toContain(place.slice(2, -2));
    }
  });

  it('are all used', async () => {
    const code = `${await sources('src')}\n${await sources('commands')}`;
    const prefixes = [...code.matchAll(families)].map(([, prefix]) => prefix ?? '');
    const quoted = new Set([...code.matchAll(/'([^'\n]+)(?=')/g)].map(([, words]) => words));
    const isUsed = (key: string) =>
      quoted.has(key) ||
      prefixes.some((prefix) => key.startsWith(prefix)) ||
      // commands/shared/option-builders.ts puts these together from the command's and the option's name.
      (/^(imagine|animate|clip|clip\.\w+|tasks|gallery|models|option|quota|settings|presets|preferences|reset|privacy|action|moderate|term)\.\w+$/.test(
        key,
      ) &&
        quoted.has(key.slice(key.lastIndexOf('.') + 1))) ||
      /\.description$/.test(key);
    expect(keys.filter((key) => !isUsed(key))).toEqual([]);
  });
});

it.each(locales)('blocking a member has one name in %s, wherever the button is', (locale) => {
  expect(text(locale, 'button.report.block')).toBe(text(locale, 'menu.block'));
});

describe('a text', () => {
  it('is filled in literally, whatever the values', () => {
    fc.assert(
      fc.property(fc.constantFrom(...locales), fc.string(), (locale, name) => {
        const { texts } = languageOf(locale);
        const [before = '', after = ''] = texts['failure.source.unreachable'].split('{{name}}');
        expect(text(locale, 'failure.source.unreachable', { name })).toBe(before + name + after);
      }),
    );
  });

  it.each([
    '{{use}}',
    '{{asked}}',
    '$t(button.again)',
    '$&',
    "$'",
    '&amp; <b>',
    '{{- use}}',
    '$t(a, {"b": 1})',
  ])('takes %s for words like any other', (asked) => {
    const expected = enUS.texts['problem.model.unknown']
      .replace('{{asked}}', () => asked)
      .replace(/\{\{use\}\}(?!.*\{\{use\}\})/, 'X');
    expect(text('en-US', 'problem.model.unknown', { asked, use: 'X' })).toBe(expected);
  });

  it('formats lists as each language does', () => {
    const params = { model: 'M', asked: 7, allowed: ['3', '5', '10'], use: 5 };
    expect(text('en-US', 'problem.duration.unsupported', params)).toContain('3, 5, or 10');
    expect(text('zh-CN', 'problem.duration.unsupported', params)).toContain('3、5 或 10');
  });

  it('is in the language nearest to Discord’s', () => {
    for (const locale of ['zh-CN', 'zh', 'zh-SG']) expect(nearestLocale(locale)).toBe('zh-CN');
    for (const locale of ['en-US', 'en-GB', 'nl', 'no tag', '', undefined])
      expect(nearestLocale(locale)).toBe('en-US');
    for (const { tag, discordLocales } of languages)
      for (const locale of [tag, ...discordLocales]) expect(nearestLocale(locale)).toBe(tag);
    for (const [locale, tag] of [
      ['zh-HK', 'zh-TW'],
      ['pt-PT', 'pt-BR'],
      ['es-MX', 'es-ES'],
      ['fr-CA', 'fr'],
    ])
      if (languages.some((one) => one.tag === tag)) expect(nearestLocale(locale)).toBe(tag);
  });

  it('has numbers, money and lists as the language writes them, and times as Discord reads them', () => {
    for (const { tag } of languages) {
      const half = new Intl.NumberFormat(tag).format(0.5);
      expect(text(tag, 'details.file.size', { megabytes: 0.5, format: 'PNG' })).toContain(half);
      expect(text(tag, 'standing.resets', { resets: 1_796_055_439 })).toContain('<t:1796055439:R>');
    }
    const named = (left: TextParams[string]) =>
      text('en-US', 'button.fewer.models', { count: 2, values: left });
    expect(named(4096)).toContain('4096');
    expect(named(12_345)).toContain('12,345');
    expect(named({ money: 1200.35, currency: 'USD' })).toContain('1,200.35 USD');
  });
});
