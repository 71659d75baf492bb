import type { Choice } from '../../src/discord/interactions/command.js';
import { clip } from '../../src/discord/views/markdown.js';
import { type Locale, text } from '../../src/locales/index.js';
import type { Kind } from '../../src/mps/generation-request.js';
import { builtInName, nameIn } from '../../src/presets/built-in.js';
import { nameKey, serves } from '../../src/presets/preset.js';
import { ranked, type Style, type StyleBook } from '../../src/presets/style-book.js';

/** Most characters of a suggestion, and most of them (Discord docs: Autocomplete). */
const mostLetters = 100;
const mostRows = 25;

/** "Ink wash · built in", for each style that matches; `none` only if some style goes without saying. */
export function completeStyle(
  { styles, usualFor }: StyleBook,
  typed: string,
  locale: Locale,
  kind: Kind,
): Choice[] {
  const none = usualFor(kind) ? noneRow(typed, locale) : [];
  const fitting = styles.filter((style) => serves(style, kind));
  return [...styleRows(fitting, typed, locale, mostRows - none.length), ...none];
}

/** Rows of styles. Their values are names, by which they are found again. */
export function styleRows(
  styles: readonly Style[],
  typed: string,
  locale: Locale,
  most = mostRows,
): Choice[] {
  return ranked(styles, typed, (style) => namesOf(style, locale), most).map((style) => ({
    name: clip(
      text(locale, 'style.row', { style: nameIn(style, locale), of: text(locale, `style.of.${style.of}`) }),
      mostLetters,
    ),
    value: style.name,
  }));
}

/** The row for no style, if it matches. */
export function noneRow(typed: string, locale: Locale): Choice[] {
  const name = text(locale, 'style.none');
  return [name, 'none'].some((one) => nameKey(one).includes(nameKey(typed))) ? [{ name, value: 'none' }] : [];
}

function namesOf({ name, of }: Style, locale: Locale): readonly string[] {
  return of === 'builtIn' ? [builtInName(name, locale), name] : [name];
}
