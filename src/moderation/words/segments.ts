import type { Unit } from './folding.js';

/** Where words begin and end in a text whose script has no spaces, by the dictionaries of ICU. */
export interface Segments {
  /**
   * Whether what stands from unit `start` to before unit `end` is made of whole words, or lies within one: 做爱 in
   * 叫做|爱情 belongs to two other words. A single character has to stand alone: dictionaries know too few words with it.
   */
  allow(start: number, end: number): boolean;
}

const segmenter = new Intl.Segmenter('zh', { granularity: 'word' });

export function createSegments(units: readonly Unit[]): Segments {
  let found: ReturnType<typeof segmentsOf> | undefined;
  return {
    allow(start, end) {
      found ??= segmentsOf(units);
      const { places, words } = found;
      const [from, to] = [places[start] ?? 0, (places[end - 1] ?? 0) + 1];
      const [first, last] = [words[from], words[to - 1]];
      if (!first || !last) return true;
      if (to - from === 1) return !units[start - 1]?.unspaced && !units[end]?.unspaced;
      const cutsFirst = first.start < from && first.end < to;
      const cutsLast = last.end > to && last.start > from;
      return !cutsFirst && !cutsLast;
    },
  };
}

/** The text without what may stand between letters; by unit its place there, by place its word. */
function segmentsOf(units: readonly Unit[]) {
  const places: number[] = [];
  let text = '';
  for (const { kind, readings, unspaced } of units) {
    places.push(text.length);
    // A stop separates words, as does everything of another script; a dot or a colon may stand between two letters.
    if (kind === 'stop') text += /[.:]/.test(readings[0] ?? '') ? '' : '。';
    else if (unspaced) text += readings[0] ?? '';
    else if (kind === 'letter' || kind === 'digit') text += 'x';
  }
  const words: { readonly start: number; readonly end: number }[] = [];
  for (const { segment, index } of segmenter.segment(text)) {
    const word = { start: index, end: index + segment.length };
    for (let at = word.start; at < word.end; at++) words[at] = word;
  }
  return { places, words };
}
