import { isOfOthers, type Span, wordsOf } from './dictionary.js';
import type { Unit } from './folding.js';

/** Where words begin and end in a text whose script has no spaces. */
export interface Segments {
  /**
   * Whether what stands from unit `start` to before unit `end` is made of whole words, or lies within one: 做爱 in
   * 叫做|爱情 belongs to two other words. A single character has to stand alone: dictionaries know too few words with it.
   */
  allow(start: number, end: number): boolean;
}

const katakana = /^[\p{Script=Katakana}ー]+$/u;
/** No word begins with it. */
const continues = /[ーァィゥェォャュョヮンッ]/u;

export function createSegments(units: readonly Unit[]): Segments {
  let found: ReturnType<typeof segmentsOf> | undefined;
  return {
    allow(start, end) {
      found ??= segmentsOf(units);
      const { text, places, words } = found;
      const span = { start: places[start] ?? 0, end: (places[end - 1] ?? 0) + 1 };
      const [first, last] = [words[span.start], words[span.end - 1]];
      if (!first || !last) return true;
      if (span.end - span.start === 1) return !units[start - 1]?.unspaced && !units[end]?.unspaced;
      if (katakana.test(text.slice(span.start, span.end))) return isWholeIn(found, span);
      const cutsFirst = first.start < span.start && first.end < span.end;
      const cutsLast = last.end > span.end && last.start > span.start;
      if (cutsFirst || cutsLast) return false;
      const isBorder = (at: number) => at === text.length || words[at]?.start === at;
      return !isOfOthers(text, span, isBorder);
    },
  };
}

/**
 * Katakana spells sounds, so what lies within a word has nothing to do with it (ロリ in カロリー), nor if only one more
 * sign stands beside it (レイプ in ドレイプ).
 */
function isWholeIn({ text, words }: ReturnType<typeof segmentsOf>, { start, end }: Span): boolean {
  if (words[start]?.start !== start || words[end - 1]?.end !== end) return false;
  if (continues.test(text[end] ?? '')) return false;
  const beside = [words[start - 1], words[end]].flatMap((word) => (word ? [word] : []));
  return beside.every(
    (word) => word.end - word.start > 1 || !katakana.test(text.slice(word.start, word.end)),
  );
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
  const words: Span[] = [];
  for (const word of wordsOf(text)) for (let at = word.start; at < word.end; at++) words[at] = word;
  return { text, places, words };
}
