import { fileURLToPath } from 'node:url';
import type { EnglishKey } from '../../src/locales/keys.js';
import type { Language } from '../../src/locales/language.js';
import { readLanguages } from '../../src/locales/language-folder.js';

type Translated = Language & { readonly texts: Readonly<Record<EnglishKey, string>> };

/** Where the languages are that come with Easel. */
export const localesFolder = fileURLToPath(new URL('../../src/locales/', import.meta.url));

/** Every language that Easel speaks, with its texts as they are written. */
export const languages = readLanguages(localesFolder) as readonly Translated[];

/** A language by its tag. */
export function languageOf(tag: string): Translated {
  const found = languages.find((language) => language.tag === tag);
  if (!found) throw new Error(`${tag} is not registered`);
  return found;
}

export const enUS = languageOf('en-US');
export const zhCN = languageOf('zh-CN');

/** The languages that Easel is written in: quick tests draw in these, and *.long.test.ts in all of them. */
export const writtenIn: readonly string[] = ['en-US', 'zh-CN'];
