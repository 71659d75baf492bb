import { folded, type Unit } from './folding.js';
import { createSegments, type Segments } from './segments.js';

/** A word of a list, ready to be looked for. */
export interface Word {
  /** For each letter what it can be read as. */
  readonly letters: readonly (readonly string[])[];
  /** Before these letters the moderator has put a space or a sign. */
  readonly gaps: ReadonlySet<number>;
  /** Before these letters the moderator has put a `*`: other letters may stand there. */
  readonly wild: ReadonlySet<number>;
  /** `*` at its beginning, its end: it is found inside of words, too. */
  readonly openStart: boolean;
  readonly openEnd: boolean;
  /** It begins, it ends with a letter of a script without spaces between words. */
  readonly unspacedStart: boolean;
  readonly unspacedEnd: boolean;
}

/** Steps for one word at one place, after which it counts as found: no text that says something takes as many. */
const mostSteps = 5_000;
/** From this length on, signs may stand anywhere between its letters, and digits for some of them. */
const longWord = 4;
/** Letters for which a `*` within a word stands at most. */
const mostWild = 10;

/** @returns undefined if it has no letters or digits. */
export function compileWord(text: string): Word | undefined {
  const [, open = '', inner = '', close = ''] = /^(\**)(.*?)(\**)$/su.exec(text.trim()) ?? [];
  const letters: (readonly string[])[] = [];
  const gaps = new Set<number>();
  const wild = new Set<number>();
  const kept: Unit[] = [];
  for (const unit of folded(inner)) {
    if (unit.readings[0] === '*') wild.add(letters.length);
    const isLetter = unit.kind === 'letter' || unit.kind === 'digit' || unit.readings.length > 1;
    if (!isLetter) {
      gaps.add(letters.length);
      continue;
    }
    kept.push(unit);
    // What a list has as a digit or a sign is meant as that, too.
    letters.push(unit.readings);
  }
  const [first, last] = [kept[0], kept.at(-1)];
  if (!first || !last) return undefined;
  return {
    letters,
    gaps,
    wild,
    openStart: open !== '',
    openEnd: close !== '',
    unspacedStart: first.unspaced,
    unspacedEnd: last.unspaced,
  };
}

/** A text in which words are looked for. */
export interface FoldedText {
  readonly units: readonly Unit[];
  readonly segments: Segments;
}

export function foldText(text: string): FoldedText {
  const units = folded(text);
  return { units, segments: createSegments(units) };
}

/** Words by what their first letter can be read as. */
export function createWordIndex<W extends Word>(words: readonly W[]) {
  const byFirst = new Map<string, W[]>();
  for (const word of words)
    for (const reading of word.letters[0] ?? [])
      byFirst.set(reading, [...(byFirst.get(reading) ?? []), word]);

  /** The first word for which `isWanted` holds that stands in the text. */
  return function find(text: FoldedText, isWanted: (word: W) => boolean = () => true): W | undefined {
    for (let at = 0; at < text.units.length; at++) {
      const candidates = new Set((text.units[at]?.readings ?? []).flatMap((one) => byFirst.get(one) ?? []));
      for (const word of candidates) if (isWanted(word) && isAt(text, at, word)) return word;
    }
    return undefined;
  };
}

/** How the letters found so far stand in the text. */
interface Path {
  /** The next unit, the next letter. */
  readonly at: number;
  readonly k: number;
  /** Letters for which a `*` before the next letter stands so far. */
  readonly wild: number;
  /** How many letters stand together now, how many such groups there are, and how many of more than one letter. */
  readonly run: number;
  readonly groups: number;
  readonly long: number;
  /** Between two letters there was a space, a sign. */
  readonly spaced: boolean;
  readonly signed: boolean;
  /** Letters for which a digit, another sign, a letter that looks like it stands. */
  readonly digits: number;
  readonly signs: number;
  readonly alike: number;
}

function isAt(text: FoldedText, start: number, word: Word): boolean {
  if (!word.openStart && !word.unspacedStart && !beginsWord(text.units, start)) return false;
  const none = {
    wild: 0,
    run: 0,
    groups: 1,
    long: 0,
    spaced: false,
    signed: false,
    digits: 0,
    signs: 0,
    alike: 0,
  };
  const open: Path[] = [{ at: start, k: 0, ...none }];
  for (let steps = 0; open.length > 0; steps++) {
    if (steps > mostSteps) return true;
    const path = open.pop();
    if (!path) return false;
    if (path.k === word.letters.length) {
      if (isSound(path, word) && endsWell(text, start, path.at, word)) return true;
    } else open.push(...continued(text.units, path, word));
  }
  return false;
}

function continued(units: readonly Unit[], path: Path, word: Word): Path[] {
  const unit = units[path.at];
  if (!unit) return [];
  const next: Path[] = [];
  const isGap = unit.kind === 'space' || unit.kind === 'sign' || unit.kind === 'stop';
  // A star stands for letters of one word.
  if (path.k > 0 && isGap && path.wild === 0) {
    const skipped = overGap(units, path, word);
    if (skipped) next.push(skipped);
  }
  if (!isGap && word.wild.has(path.k) && path.wild < mostWild)
    next.push({ ...path, at: path.at + 1, wild: path.wild + 1 });
  const wanted = word.letters[path.k] ?? [];
  if (unit.readings.some((one) => wanted.includes(one))) next.push(withLetter(unit, path, wanted));
  return next;
}

function withLetter(unit: Unit, path: Path, wanted: readonly string[]): Path {
  const isItself = wanted.includes(unit.readings[0] ?? '');
  const run = path.run + 1;
  return {
    ...path,
    at: path.at + 1,
    k: path.k + 1,
    wild: 0,
    run,
    long: path.long + (run === 2 ? 1 : 0),
    digits: path.digits + (!isItself && unit.kind === 'digit' ? 1 : 0),
    signs: path.signs + (!isItself && unit.kind !== 'digit' && unit.kind !== 'letter' ? 1 : 0),
    alike: path.alike + (!isItself && unit.kind === 'letter' ? 1 : 0),
  };
}

/** Over all that stands between two letters; undefined if no word goes over it. */
function overGap(units: readonly Unit[], path: Path, word: Word): Path | undefined {
  let end = path.at;
  let [hasSpace, hasStop] = [false, false];
  for (; end < units.length; end++) {
    const unit = units[end];
    if (!unit || unit.kind === 'letter' || unit.kind === 'digit') break;
    if (unit.kind === 'space' || unit.readings[0] === '\n' || isApostrophe(unit)) hasSpace = true;
    if (unit.kind === 'stop' && !/[.:]/.test(unit.readings[0] ?? '')) hasStop = true;
  }
  const isUnspaced = units[path.at - 1]?.unspaced === true && units[end]?.unspaced === true;
  if (isUnspaced) return hasStop ? undefined : { ...path, at: end };
  const moved = { ...path, at: end, run: 0, groups: path.groups + 1 };
  // The moderator has a gap there as well.
  if (word.gaps.has(path.k)) return { ...moved, wild: mostWild };
  return { ...moved, spaced: path.spaced || hasSpace, signed: path.signed || !hasSpace };
}

/** Whether someone has hidden the word in this way, rather than that other words happen to have these letters. */
function isSound({ groups, long, spaced, signed, digits, signs, alike }: Path, { letters }: Word): boolean {
  const { length } = letters;
  if (digits > 0 && (length < longWord || digits * 2 > length)) return false;
  if (signs > 0 && signs >= length) return false;
  // Short words of another script have the letters of one of ours by chance: `сор` is no cop.
  if (alike === length && length < longWord) return false;
  const isSingled = groups >= 3 && long <= 1;
  if (spaced && !isSingled) return false;
  return !signed || length >= longWord || isSingled;
}

function endsWell({ units, segments }: FoldedText, start: number, end: number, word: Word): boolean {
  if (!word.openEnd && !word.unspacedEnd && !endsWord(units, end)) return false;
  const isOpen = word.openStart || word.openEnd;
  return isOpen || !word.unspacedStart || !word.unspacedEnd || segments.allow(start, end);
}

function isSpacedLetter(unit: Unit | undefined): boolean {
  return unit?.kind === 'letter' && !unit.unspaced;
}

function isApostrophe(unit: Unit | undefined): boolean {
  return unit !== undefined && /['’‘ʼ`´]/u.test(unit.readings[0] ?? '');
}

/** Digits belong to the word whose letters they follow: no word begins at the `h` of `20's hit` or of `mp3h`. */
function beginsWord(units: readonly Unit[], at: number): boolean {
  let before = at - 1;
  if (isApostrophe(units[before])) {
    const owner = units[before - 1];
    return !isSpacedLetter(owner) && owner?.kind !== 'digit';
  }
  while (units[before]?.kind === 'digit') before -= 1;
  return !isSpacedLetter(units[before]);
}

function endsWord(units: readonly Unit[], at: number): boolean {
  let after = at;
  while (units[after]?.kind === 'digit') after += 1;
  return !isSpacedLetter(units[after]);
}
