import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { languages } from '../../support/languages.js';
import { checks } from '../../support/translation.js';

/**
 * Every language but the two that Easel is written in, which test/unit/locales.test.ts looks at. One alone:
 * `npx vitest run test/unit/locales -t 'in pt-BR'`.
 */
const translated = languages.filter(({ tag }) => !['en-US', 'zh-CN'].includes(tag));

describe
  .skipIf(translated.length === 0)
  .each(translated.map((language) => [language.tag, language] as const))('the texts in %s', (_, language) => {
  it.each(Object.entries(checks))('%s', (_, check) => expect(check(language)).toEqual([]));
});

describe.each(languages.map((language) => [language.tag, language] as const))(
  'the language %s',
  (tag, language) => {
    it('has a name in itself, and Discord locales that no other language has', () => {
      expect(language.name.trim()).not.toBe('');
      for (const locale of language.discordLocales)
        expect(languages.filter(({ discordLocales }) => discordLocales.includes(locale))).toEqual([language]);
    });

    it('has a term list', () =>
      expect(existsSync(new URL(`../../../docs/glossary/${tag}.md`, import.meta.url))).toBe(true));
  },
);
