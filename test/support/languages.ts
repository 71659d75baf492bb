import { languages as registered } from '../../src/locales/languages.js';
import { readTexts, type Texts } from '../../src/locales/texts.js';

/** Every language that Easel speaks, with its texts as they are written. */
export const languages = registered.map((language) => ({ ...language, texts: readTexts(language.tag) }));

/** A language by its tag. */
export function languageOf(tag: string): (typeof languages)[number] & { readonly texts: Texts } {
  const found = languages.find((language) => language.tag === tag);
  if (!found) throw new Error(`${tag} is not registered`);
  return found;
}

export const enUS = languageOf('en-US');
export const zhCN = languageOf('zh-CN');
