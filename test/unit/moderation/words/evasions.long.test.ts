import { describe, expect, it } from 'vitest';
import { caught, hiddenWords, innocentSentences, missed } from './evasions.js';

describe('a word list', () => {
  it('catches 2,000 evasions', () => {
    const { english, chinese } = hiddenWords(2_000);
    expect(new Set([...english, ...chinese]).size).toBeGreaterThan(1_200);
    expect(missed(english)).toEqual([]);
    expect(missed(chinese)).toEqual([]);
  });

  it('lets 2,000 innocent sentences of each language pass', () => {
    const { english, chinese } = innocentSentences(10_000);
    expect(Math.min(english.length, chinese.length)).toBeGreaterThan(1_500);
    expect(english.length + chinese.length).toBeGreaterThan(4_000);
    expect(caught(english)).toEqual([]);
    expect(caught(chinese)).toEqual([]);
  });
});
