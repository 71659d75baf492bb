import { describe, expect, it } from 'vitest';
import { compilePattern, type Pattern, patternText } from '../../../../src/moderation/words/patterns.js';

const compiled = (source: string): Pattern => {
  const pattern = compilePattern(source);
  if (typeof pattern === 'string') throw new Error(`${source} is ${pattern}`);
  return pattern;
};
const found = (source: string, text: string) => compiled(source).matches(patternText(text));

describe("a moderator's pattern", () => {
  it.each([
    ['free ?nitro', 'FREE NITRO here'],
    ['free ?nitro', 'ｆｒéе\u200bnitrо'],
    [String.raw`\b\d{11}\b`, 'call 13800138000 now'],
    ['賭(博|場)', '网上赌博'],
    ['[а-я]{4}', 'слово'],
  ])('%s is found in %s', (source, text) => expect(found(source, text)).toBe(true));

  it.each([
    ['free ?nitro', 'a nitrogen tank'],
    [String.raw`\b\d{11}\b`, '1234567'],
  ])('%s is not found in %s', (source, text) => expect(found(source, text)).toBe(false));

  it.each([
    ['(', 'unreadable'],
    ['a*', 'unreadable'],
    ['(?=a)b', 'unreadable'],
    [String.raw`(a)\1`, 'unreadable'],
    ['((a{1,100}){1,100}){1,100}', 'unreadable'],
    ['((a{1,30}b?){1,30}c)', 'large'],
    ['x'.repeat(201), 'large'],
  ])('%s is %s', (source, problem) => expect(compilePattern(source)).toBe(problem));
});
