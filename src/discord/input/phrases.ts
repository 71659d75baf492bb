import { type Locale, locales, type TextKey, text } from '../../locales/index.js';
import { lowerCased } from '../../util/lower-case.js';

/**
 * What members say, as translators list it in small-talk.json: phrases with `|` between them. `…` stands for any other
 * words: `remove …` begins with it, `… değiştir` ends with it.
 */
type PhraseKey = Extract<TextKey, `talk.${string}`>;

/** The pattern of each list. */
const read = new Map<string, RegExp>();

/** Words as phrases are compared: lower case, without signs and with single spaces. */
export function saidIn(words: string): string {
  return plain(words).trim();
}

/** Whether all of it is a phrase of any language. @param said from `saidIn`. */
export function isPhrase(key: PhraseKey, said: string): boolean {
  return patterns(key).some((pattern) => pattern.test(said));
}

/** The languages of which all of it is a phrase. @param said from `saidIn`. */
export function languagesOfPhrase(key: PhraseKey, said: string): Locale[] {
  return locales.filter((locale) => patternIn(locale, key).test(said));
}

/** Without phrases at its start and end, such as "please". @param said from `saidIn`. */
export function withoutPhrases(key: PhraseKey, said: string): string {
  const any = patterns(key)
    .map(({ source }) => source.slice(1, -1))
    .join('|');
  return said
    .replace(new RegExp(`^(?:(?:${any})(?:\\s+|(?<=\\p{Script=Han})))+`, 'u'), '')
    .replace(new RegExp(`(?:\\s+(?:${any}))+$`, 'u'), '');
}

function patterns(key: PhraseKey): RegExp[] {
  return locales.map((locale) => patternIn(locale, key));
}

function patternIn(locale: Locale, key: PhraseKey): RegExp {
  const list = text(locale, key);
  const known = read.get(list) ?? patternOf(list);
  read.set(list, known);
  return known;
}

/** Only `?` is left to escape: the rest is letters, digits, `'` and spaces. A phrase without letters would match anything. */
function patternOf(list: string): RegExp {
  const phrases = list
    .split('|')
    .filter((phrase) => /\p{L}/u.test(phrase))
    .map((phrase) => phrase.trim().split('…').map(plain).join('.*').replaceAll('?', '\\?'));
  return new RegExp(`^(?:${phrases.join('|') || '(?!)'})$`, 'u');
}

function plain(words: string): string {
  return lowerCased(words.normalize('NFC'))
    .replace(/[’‘]/g, "'")
    .replace(/[^\p{L}\p{M}\p{N}'?？\s]+/gu, ' ')
    .replace(/\s+/g, ' ');
}
