import { describe, expect, it } from 'vitest';
import { compileLists } from '../../../../src/moderation/words/word-list.js';
import { caught, hiddenWords, innocentSentences, judge, missed } from './evasions.js';
import { japanese } from './sentences.js';

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

  it('takes a star within a word for other letters of it', () => {
    const { judge: judgeStar } = compileLists({ refuse: ['bl*od', 'f*ck', '毒*品'], review: [] });
    for (const text of ['blod', 'blood', 'bl00d', 'BLÓÓD bath', 'bl*od', 'fuck', 'f*ck', '毒药品'])
      expect(judgeStar([text]), text).toBeDefined();
    for (const text of ['black od', 'blah, good', 'bloody', 'nimbly oddly', 'for a duck', 'truck'])
      expect(judgeStar([text]), text).toBeUndefined();
  });

  it('tells Japanese words from parts of others', () => {
    const { judge: judgeJapanese } = compileLists({ refuse: japanese.forbidden, review: [] });
    expect(japanese.hidden.filter((text) => !judgeJapanese([text]))).toEqual([]);
    expect(japanese.innocent.filter((text) => judgeJapanese([text]))).toEqual([]);
  });

  it('lets 100 innocent sentences of each language pass', () => {
    const { english, chinese } = innocentSentences(100);
    expect(Math.min(english.length, chinese.length)).toBeGreaterThanOrEqual(100);
    expect(caught([...english, ...chinese])).toEqual([]);
  });
});
