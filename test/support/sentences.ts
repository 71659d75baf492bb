import { languageOf } from './languages.js';

/** A text as it is written, with its placeholders; of one with plural forms any that there is. */
function rawOf(locale: string, key: string): string {
  const texts: Readonly<Record<string, string>> = languageOf(locale).texts;
  const found = texts[key] ?? texts[`${key}_other`] ?? texts[`${key}_one`];
  if (found === undefined) throw new Error(`${locale} has no text ${key}`);
  return found;
}

/**
 * Matches a text of a language whatever its placeholders are filled with, in the form that a user sees it: escaped.
 * @param key of a text, also one with plural forms.
 */
export function saying(locale: string, key: string): RegExp {
  const parts = rawOf(locale, key).split(/\{\{\w+\}\}|\$t\([^)]*\)/);
  return new RegExp(parts.map((part) => part.replaceAll(/[.*+?^$()[\]{}|\\/]/g, '\\$&')).join('[^]*?'));
}
