import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { locales, nearestLocale, text } from '../../src/locales/index.js';
import { problemCodes, problemParams } from '../../src/mps/parameters/problems.js';
import { failureReasons } from '../../src/tasks/model/task.js';
import { bannedWords, findBannedWords } from '../support/banned-words.js';
import { enUS, languageOf, languages } from '../support/languages.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
type Language = (typeof languages)[number];
const places = (words: string) => [...new Set(words.match(/\{\{\w+\}\}/g))].sort();

/** Keys composed of parts, by their prefix, and all suffixes that this part can have. */
const families = /`([a-z]+(?:\.[a-zA-Z]+)*\.)\$\{/g;

/** Plural forms: `limits.set_one` and `limits.set_other` are one text, `limits.set`. */
const plural = /_(zero|one|two|few|many|other)$/;
const baseOf = (key: string) => key.replace(plural, '');
const isPlural = (key: string) => plural.test(key);
const englishKeys = Object.keys(enUS.texts) as (keyof typeof enUS.texts)[];
const keys = [...new Set(englishKeys.map(baseOf))];
const english: Readonly<Record<string, string>> = enUS.texts;

/** What Discord lists of commands and options. */
const commandKeys = new Set(
  Object.keys(JSON.parse(await readFile(join(root, 'src/locales/en-US/commands.json'), 'utf8'))),
);

/** Every form of every text of a language. */
const entries = (language: Language) => Object.entries(language.texts);
const every = languages.flatMap(entries);

async function sources(folder: string): Promise<string> {
  const files = await readdir(join(root, folder), { recursive: true });
  const code = files.filter((file) => file.endsWith('.ts') && !/^locales\//.test(file));
  return (await Promise.all(code.map((file) => readFile(join(root, folder, file), 'utf8')))).join('\n');
}

describe.each(languages.map((language) => [language.tag, language] as const))(
  'the texts in %s',
  (_, language) => {
    it('have the same keys as in English, in every plural form of the language', () => {
      const forms = new Intl.PluralRules(language.tag).resolvedOptions().pluralCategories;
      const own = Object.keys(language.texts);
      expect([...new Set(own.map(baseOf))].sort()).toEqual([...keys].sort());
      for (const key of englishKeys) {
        if (!isPlural(key)) expect(own).toContain(key);
        // A form for one thing in English: the number matters to the sentence, so every form is needed.
        else if (key.endsWith('_one'))
          expect(own).toEqual(expect.arrayContaining(forms.map((form) => `${baseOf(key)}_${form}`)));
        else if (key.endsWith('_other')) expect(own).toContain(key);
      }
      for (const key of own.filter(isPlural))
        expect([...forms, 'zero'], key).toContain(plural.exec(key)?.[1]);
    });

    it('have the same placeholders; a plural form can omit the number', () => {
      for (const [key, words] of entries(language)) {
        const wanted = places(english[key] ?? english[`${baseOf(key)}_other`] ?? '');
        const own = places(words);
        if (!isPlural(key)) expect(own, key).toEqual(wanted);
        else expect(wanted, key).toEqual(expect.arrayContaining(own));
      }
    });

    it('exist, and are in the language', () => {
      for (const [key, words] of entries(language)) {
        expect(words.trim(), key).not.toBe('');
        const hasWords = /[a-z]{3}/i.test((english[key] ?? '').replace(/\{\{\w+\}\}/g, ''));
        if (language.script && hasWords) expect(words, key).toMatch(language.script);
        for (const { tag, script } of languages)
          if (script && tag !== language.tag) expect(words, key).not.toMatch(script);
      }
    });

    it('have a name of the language, and Discord locales that no other language has', () => {
      expect(language.name.trim()).not.toBe('');
      for (const locale of language.discordLocales)
        expect(languages.filter(({ discordLocales }) => discordLocales.includes(locale))).toEqual([language]);
    });
  },
);

describe('the texts', () => {
  it('contain no markdown, no mention and no link of their own', () => {
    for (const [, words] of every)
      expect(words.replace(/\{"key": "value"\}/g, '')).not.toMatch(/\*\*|__|~~|`|<[@#:]|@everyone|https?:/);
  });

  it('of commands and options have at most 100 characters', () => {
    const described = every.filter(([key]) => commandKeys.has(key));
    expect(described.length).toBeGreaterThan(10);
    for (const [key, words] of described) expect(words.length, key).toBeLessThanOrEqual(100);
  });

  it('of buttons have at most 70 characters', () => {
    for (const [key, words] of every)
      if (key.startsWith('button.')) expect(words.length, key).toBeLessThanOrEqual(70);
  });

  // Operators know MPS by its name; members read "the image service".
  it.each(['ui', 'docs'] as const)('use no word that the glossary bans (%s)', (where) => {
    const rows = bannedWords(where);
    const found = every
      // Option names are the API's.
      .filter(([key]) => key.startsWith('notice.') === (where === 'docs') && !key.startsWith('name.'))
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
    const isUsed = (key: string) =>
      code.includes(`'${key}'`) ||
      prefixes.some((prefix) => key.startsWith(prefix)) ||
      // commands/shared/option-builders.ts puts these together from the command's and the option's name.
      (/^(imagine|animate|tasks|gallery|models|option|quota|settings|privacy|action)\.\w+$/.test(key) &&
        code.includes(`'${key.slice(key.indexOf('.') + 1)}'`)) ||
      /\.description$/.test(key);
    expect(keys.filter((key) => !isUsed(key))).toEqual([]);
  });
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
    for (const locale of ['zh-CN', 'zh-TW', 'zh-HK']) expect(nearestLocale(locale)).toBe('zh-CN');
    for (const locale of ['en-US', 'en-GB', 'de', 'ja', '', undefined])
      expect(nearestLocale(locale)).toBe('en-US');
  });
});
