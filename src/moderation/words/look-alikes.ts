import { createRequire } from 'node:module';

/**
 * Unicode's table of confusable characters (UTS #39), from the package `unhomoglyph`. What begins with an ASCII character
 * is left out: in it `m` is `rn` and `1` is `l`, which would make different words of our own letters one.
 */
const table = createRequire(import.meta.url)('unhomoglyph/data.json') as Readonly<Record<string, string>>;

/** Small capitals, which the table keeps apart from capitals, and the letters they stand for. */
const smallCapitals = 'ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ';
const theirLetters = 'abcdefghijklmnoprstuvwyz';

/** Alphabets on coloured squares and circles, and regional indicators: 26 letters each, in order. */
const emojiAlphabets = [0x1f150, 0x1f170, 0x1f1e6] as const;

/** Signs that are read as letters, and as which. */
const signs: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'il',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '8': 'b',
  '9': 'g',
  '@': 'a',
  $: 's',
  '!': 'i',
  '|': 'il',
  '€': 'e',
  '£': 'l',
};

/** The ASCII letters that a character looks like, without itself: `с` (Cyrillic) → `c`, `æ` → `ae`; empty if none. */
export function lookAlike(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return '';
  const small = smallCapitals.indexOf(character);
  if (small >= 0) return theirLetters[small] ?? '';
  const alphabet = emojiAlphabets.find((first) => code >= first && code < first + 26);
  if (alphabet !== undefined) return String.fromCharCode(97 + code - alphabet);
  return Object.hasOwn(table, character) ? (table[character] ?? '') : '';
}

/** The letters that a digit or another sign can stand for: `4` → `a`. */
export function lettersOfSign(character: string): string {
  return Object.hasOwn(signs, character) ? (signs[character] ?? '') : '';
}
