import { describe, expect, it } from 'vitest';
import { caught, hiddenWords, innocentSentences, judge, missed } from './evasions.js';

describe('a word list', () => {
  it('catches 100 evasions', () => {
    const { english, chinese } = hiddenWords(100);
    expect(missed([...english, ...chinese])).toEqual([]);
  });

  it.each([
    'A$$',
    'a s s',
    'a.s.s',
    'as\u200bs',
    'Å S S',
    '吸 cocaine 吧',
    '吸cocaine吧',
    'IMG_cocaine-2.png',
    'childporn',
    'child_porn',
    '裸体照',
    '我們做愛吧',
  ])('catches %s', (text) => expect(judge([text])).toBeDefined());

  it('lets 100 innocent sentences of each language pass', () => {
    const { english, chinese } = innocentSentences(100);
    expect(Math.min(english.length, chinese.length)).toBeGreaterThanOrEqual(100);
    expect(caught([...english, ...chinese])).toEqual([]);
  });
});
