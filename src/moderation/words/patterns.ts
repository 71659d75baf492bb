import { RE2JS, RE2JSException } from 're2js';
import { flattened, tidied } from './folding.js';

/** Why a pattern is refused. */
export type PatternProblem = 'unreadable' | 'large';

/** A moderator's pattern. Matching takes steps in proportion to its size times the text's length, whatever it is. */
export interface Pattern {
  /** Whether it is found in the text as typed, without invisible signs, or as it is read. */
  matches(text: PatternText): boolean;
}

/** A text in the forms in which patterns see it. */
export type PatternText = readonly string[];

/** Characters of a pattern. */
export const mostPattern = 200;
/** Instructions of a compiled pattern: repetitions of repetitions are unrolled. */
const mostInstructions = 1_000;

export function patternText(text: string): PatternText {
  return [tidied(text), flattened(text)];
}

/**
 * RE2's syntax (no look-around, no back references), without regard to case. Compiled by `re2js`, whose engines don't
 * backtrack beyond the product of program and text.
 */
export function compilePattern(source: string): Pattern | PatternProblem {
  if (source.length > mostPattern) return 'large';
  try {
    const pattern = RE2JS.compile(tidied(source), RE2JS.CASE_INSENSITIVE);
    if (pattern.programSize() > mostInstructions) return 'large';
    // What is found in nothing is found in everything.
    if (pattern.test('')) return 'unreadable';
    return { matches: (text) => text.some((form) => pattern.test(form)) };
  } catch (error) {
    if (error instanceof RE2JSException) return 'unreadable';
    throw error;
  }
}
