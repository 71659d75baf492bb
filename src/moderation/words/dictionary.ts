import simplifiedToTraditional from 'opencc-js/dict/STCharacters';

const segmenter = new Intl.Segmenter('zh', { granularity: 'word' });

/** The first traditional character of each simplified one; OpenCC's phrases would take 50 MB. */
const traditional = new Map(
  simplifiedToTraditional.split('|').map((pair) => {
    const [from = '', to = ''] = pair.split(' ');
    return [from, to] as const;
  }),
);

/** Longest word that is looked for, in characters. */
const longest = 4;

/** A word's place in a text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The words of a text without spaces, by the dictionaries of ICU. */
export function wordsOf(text: string): readonly Span[] {
  return [...segmenter.segment(text)].map(({ segment, index }) => ({
    start: index,
    end: index + segment.length,
  }));
}

/** Endings that any word can have: 爱的 is 爱 with one, so 看|做爱|的 has no other reading. */
const particle = /[的了着过吗呢吧啊嘛呀们]$/u;

/** Whether a few characters are a word; ICU knows some only in traditional ones: 殺青, not 杀青. */
function isWord(text: string): boolean {
  if (particle.test(text)) return false;
  const old = [...text].map((one) => traditional.get(one) ?? one).join('');
  return [text, old].some((form) => wordsOf(form).length === 1);
}

/**
 * Whether what stands in a text from place `from` to before `to` may as well be parts of other words: 自杀 in 来自|杀青,
 * where ICU finds 来|自杀|青. Words of two characters and more have to make up all of it, from one over its beginning to one
 * over its end, and cut no other word.
 * @param isBorder whether a word begins or ends at a place.
 */
export function isOfOthers(text: string, { start, end }: Span, isBorder: (at: number) => boolean): boolean {
  const reaches = (at: number): boolean =>
    range(at + 2, Math.min(at + longest, text.length)).some(
      (next) => isWord(text.slice(at, next)) && (next > end ? isBorder(next) : next < end && reaches(next)),
    );
  return range(Math.max(0, start - longest + 1), start - 1).some(
    (first) =>
      isBorder(first) &&
      range(start + 1, Math.min(first + longest, end - 1)).some(
        (second) => isWord(text.slice(first, second)) && reaches(second),
      ),
  );
}

function range(first: number, last: number): readonly number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at);
}
