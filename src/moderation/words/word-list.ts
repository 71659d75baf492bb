import { type Sentence, UserError } from '../../errors.js';
import { compilePattern, mostPattern, type Pattern, patternText } from './patterns.js';
import { compileWord, createWordIndex, foldText, type Word } from './word-matcher.js';

/** What becomes of an order with a word of the list. */
export type WordAction = 'refuse' | 'review';

/** A server's words and patterns, as its moderators typed them. */
export interface WordLists {
  readonly refuse: readonly string[];
  readonly review: readonly string[];
}

export const noWords: WordLists = { refuse: [], review: [] };

/** Entries of one list, and characters of a word. */
export const mostEntries = 300;
export const longestWord = 100;

/** A compiled list. */
export interface WordJudge {
  /** What becomes of an order with these texts, and the entry that decides it; refusing comes first. */
  judge(texts: readonly string[]): { readonly action: WordAction; readonly entry: string } | undefined;
}

/**
 * One entry a line, each once.
 * @throws UserError naming the first entry that can't be used; nothing is saved then.
 */
export function readEntries(typed: string): readonly string[] {
  const lines = typed.split(/[\r\n]+/u).map((line) => line.trim());
  const entries = [...new Set(lines.filter((line) => line !== ''))];
  if (entries.length > mostEntries)
    throw new UserError({ key: 'words.error.many', params: { max: mostEntries } });
  for (const entry of entries) {
    const problem = problemOf(entry);
    if (problem) throw new UserError(problem);
  }
  return entries;
}

function problemOf(entry: string): Sentence | undefined {
  const source = sourceOf(entry);
  if (source !== undefined) {
    const pattern = compilePattern(source);
    if (typeof pattern === 'object') return undefined;
    const key = pattern === 'large' ? 'words.error.large' : 'words.error.pattern';
    return { key, params: { pattern: entry.slice(0, mostPattern) } };
  }
  if (entry.length > longestWord)
    return { key: 'words.error.long', params: { word: entry.slice(0, longestWord), max: longestWord } };
  return compileWord(entry) ? undefined : { key: 'words.error.empty', params: { word: entry } };
}

/** `/pattern/` is a pattern, anything else a word. */
function sourceOf(entry: string): string | undefined {
  return /^\/(.+)\/i?$/su.exec(entry)?.[1];
}

interface Entry {
  readonly action: WordAction;
  readonly entry: string;
}

/** An entry that can't be compiled, from another version, is left out. */
export function compileLists({ refuse, review }: WordLists): WordJudge {
  const all: readonly Entry[] = [
    ...refuse.map((entry) => ({ action: 'refuse' as const, entry })),
    ...review.map((entry) => ({ action: 'review' as const, entry })),
  ];
  const words: (Entry & Word)[] = [];
  const patterns: (Entry & Pattern)[] = [];
  for (const { action, entry } of all) {
    const source = sourceOf(entry);
    const compiled = source === undefined ? compileWord(entry) : compilePattern(source);
    if (typeof compiled !== 'object') continue;
    if ('letters' in compiled) words.push({ action, entry, ...compiled });
    else patterns.push({ action, entry, ...compiled });
  }
  const find = createWordIndex(words);
  return {
    judge(texts) {
      const seen = texts.map((text) => ({
        folded: foldText(text),
        forms: patterns.length > 0 ? patternText(text) : [],
      }));
      for (const wanted of ['refuse', 'review'] as const)
        for (const { folded, forms } of seen) {
          const found =
            find(folded, ({ action }) => action === wanted) ??
            patterns.find((pattern) => pattern.action === wanted && pattern.matches(forms));
          if (found) return { action: found.action, entry: found.entry };
        }
      return undefined;
    },
  };
}
