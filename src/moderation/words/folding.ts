import { Converter } from 'opencc-js/t2cn';
import { lettersOfSign, lookAlike } from './look-alikes.js';

/** What a character is to someone who reads. */
export type UnitKind = 'letter' | 'digit' | 'sign' | 'space' | 'stop';

/** One character of a text as it is compared. */
export interface Unit {
  readonly kind: UnitKind;
  /** What it can be read as, itself first. */
  readonly readings: readonly string[];
  /** Of a script that writes no spaces between words, such as Chinese. */
  readonly unspaced: boolean;
}

/** Longest text that is compared, in characters; Discord takes 6000 for an option. The rest of a longer one is cut. */
export const mostCharacters = 40_000;

const capitalI: Unit = { kind: 'letter', readings: ['i', 'l'], unspaced: false };

/** Traditional to simplified, character by character and by phrase (OpenCC). */
const simplified = Converter({ from: 't', to: 'cn' });

/** Signs that the eye doesn't see: zero-width ones, soft hyphens, variation selectors, direction marks, fillers. */
const invisible = /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}]/gu;
/** Accents of the scripts that can be read without them; those of Indic scripts and Thai are vowels, and stay. */
const accents =
  /(?![\u3099\u309a])(?=\p{M})[\p{Script=Inherited}\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Hebrew}\p{Script=Arabic}]/gu;
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const letter = /[\p{L}\p{M}]/u;
/** A sentence or a part of it ends there. In Chinese no word goes over it; elsewhere it counts as a space. */
const stop = /[.,;:?!\n\r。，、；：？！…—“”‘’「」『』（）《》]/u;

/** The text without what doesn't change how it is read: width, case, accents, invisible signs, Chinese variants. */
export function folded(text: string): readonly Unit[] {
  const plain = withoutMarks(text.slice(0, mostCharacters));
  return [...simplified(plain)].flatMap((one, at, all) =>
    // In the middle of a word in lower case, a capital I is written for an l.
    one === 'I' && /\p{Ll}/u.test(all[at - 1] ?? '') ? [capitalI] : knownUnits(one),
  );
}

/**
 * The text as patterns see it: each character as the first of its readings that is an ASCII letter, else as itself; white
 * space is one space.
 */
export function flattened(text: string): string {
  const letters = folded(text).map(({ readings, kind }) => {
    if (kind === 'space') return ' ';
    if (kind !== 'letter') return readings[0] ?? '';
    return readings.find((one) => /^[a-z]$/.test(one)) ?? readings[0] ?? '';
  });
  return letters.join('').replace(/ +/g, ' ').trim();
}

/** The text without invisible signs, in one width and in simplified characters, else as typed. */
export function tidied(text: string): string {
  return simplified(visible(text.slice(0, mostCharacters)).normalize('NFKC'));
}

function withoutMarks(text: string): string {
  const alike = [...visible(text)].map(asLatin).join('');
  return alike.normalize('NFKD').replace(accents, '').normalize('NFC');
}

/** A character that would be taken apart into letters of another script, though it looks like one of ours: `ϲ` is no σ. */
function asLatin(character: string): string {
  if (character < '\u0080') return character;
  const parts = character.normalize('NFKD');
  if (parts === character || /[a-z]/i.test(parts)) return character;
  const alike = lookAlike(character);
  return /^[a-z]+$/i.test(alike) ? alike : character;
}

function visible(text: string): string {
  // A line break is a control character too, but seen.
  const lines = text.replace(/\r\n?|[\u2028\u2029\u0085]/g, '\n').replaceAll('\t', ' ');
  return lines
    .split('\n')
    .map((line) => line.replace(invisible, ''))
    .join('\n');
}

/** Units of the characters seen last: most texts are made of a few hundred. */
const known = new Map<string, readonly Unit[]>();
const mostKnown = 5_000;

function knownUnits(character: string): readonly Unit[] {
  const units = known.get(character) ?? unitsOf(character);
  if (known.size >= mostKnown) known.clear();
  known.set(character, units);
  return units;
}

function unitsOf(character: string): readonly Unit[] {
  if (unspaced.test(character)) return [{ kind: 'letter', readings: [lower(character)], unspaced: true }];
  if (character !== '\n' && /\s/u.test(character))
    return [{ kind: 'space', readings: [' '], unspaced: false }];
  const alike = [...lookAlikesOf(character)];
  // `æ` is read as two letters, in words of the list as well.
  if (alike.length > 1 && alike.every((one) => letter.test(one)))
    return alike.map((one) => ({ kind: 'letter', readings: [one], unspaced: false }));
  const own = lower(character);
  if ([...own].length > 1)
    return [...own].map((one) => ({ kind: 'letter', readings: [one], unspaced: false }));
  const [other = own] = alike;
  if (letter.test(character) || (letter.test(other) && !/[!-~]/.test(character)))
    return [
      {
        kind: 'letter',
        readings: distinct([...(letter.test(character) ? [own] : []), other, ...ofCapital(character)]),
        unspaced: false,
      },
    ];
  const readings = distinct([own, ...lettersOfSign(character), ...lettersOfSign(other)]);
  const kind = /\p{Nd}/u.test(character) ? 'digit' : stop.test(character) ? 'stop' : 'sign';
  return [{ kind, readings, unspaced: false }];
}

/** The letters that a character looks like, without accents and in lower case. */
function lookAlikesOf(character: string): string {
  return lower(lookAlike(character).normalize('NFKD').replace(/\p{M}/gu, ''));
}

/** A lower-case letter may be written for a capital that looks like another letter: `в` for `В`, which is a B. */
function ofCapital(character: string): readonly string[] {
  const capital = character.toUpperCase();
  const alike = [...capital].length === 1 && capital !== character ? [...lookAlikesOf(capital)] : [];
  return alike.length === 1 ? alike : [];
}

/** `ẞ` and `ß` are `ss`, `ſ` is `s`, and a dotless `ı` is an `i`. */
function lower(text: string): string {
  return [...text].map((one) => [...one.toUpperCase()].map((each) => each.toLowerCase()).join('')).join('');
}

function distinct(readings: readonly string[]): readonly string[] {
  return [...new Set(readings.filter((one) => one !== ''))];
}
