import fc from 'fast-check';
import { compileLists } from '../../../../src/moderation/words/word-list.js';
import { alike, forbidden, forbiddenChinese, innocents, innocentsChinese } from './sentences.js';

export const { judge } = compileLists({ refuse: [...forbidden, ...forbiddenChinese], review: [] });
/** Long enough for any way of hiding; short words are hidden by fewer. */
const long = forbidden.filter((word) => /^[a-z]{4,}$/.test(word));

const hidden = ['\u200b', '\u200c', '\u200d', '\u2060', '\ufeff', '\u00ad', '\u034f', '\u180e', '\ufe0f'];
const combining = ['\u0301', '\u0308', '\u0327', '\u0336', '\u0489', '\u20dd'];
const between = ['.', '-', '_', '*', '·', '|', '/', '~', '+', '. ', ' ', '  ', '\u00a0', '\u3000', ' - '];
const traditional: Readonly<Record<string, string>> = {
  ...{ 赌: '賭', 体: '體', 强: '強', 杀: '殺', 弹: '彈', 枪: '槍', 卖: '賣', 爱: '愛', 药: '藥' },
};

/** Each letter by one of several, as a seeded choice says. */
type Choose = (from: readonly string[]) => string;
const eachLetter = (word: string, change: (letter: string, at: number) => string) =>
  [...word].map(change).join('');

const ways: Readonly<Record<string, (word: string, choose: Choose) => string>> = {
  accents: (word, choose) => eachLetter(word, (letter) => letter + choose(combining)),
  'zero width': (word, choose) => eachLetter(word, (letter) => letter + choose(hidden)),
  'full width': (word) =>
    eachLetter(word, (letter) => String.fromCodePoint((letter.codePointAt(0) ?? 0) + 0xfee0)),
  capitals: (word, choose) => eachLetter(word, (letter) => choose([letter, letter.toUpperCase()])),
  spacing: (word, choose) => [...word].join(choose(between)),
  'mixed scripts': (word, choose) => {
    // At most half of the letters as a digit or a sign: no one reads more.
    let signs = 0;
    return eachLetter(word, (letter) => {
      const one = choose([letter, ...(alike[letter] ?? [])]);
      const isSign = /[!-@]/.test(one);
      if (isSign && (signs + 1) * 2 > word.length) return letter;
      if (isSign) signs += 1;
      return one;
    });
  },
};
const waysChinese: Readonly<Record<string, (word: string, choose: Choose) => string>> = {
  variants: (word) => eachLetter(word, (letter) => traditional[letter] ?? letter),
  'zero width': (word, choose) => eachLetter(word, (letter) => letter + choose(hidden)),
  spacing: (word, choose) => [...word].join(choose([' ', '·', '*', '-', '.', '\u3000', '|', ' _ '])),
  'all at once': (word, choose) =>
    eachLetter(word, (letter) => `${traditional[letter] ?? letter}${choose(hidden)}`).replace(
      /(?<=^\S\S?)(?=.)/u,
      choose([' ', '*', '·']),
    ),
};

function evasions(
  words: readonly string[],
  how: typeof ways,
  frame: (word: string) => string,
  count: number,
): readonly string[] {
  const one = fc
    .tuple(fc.constantFrom(...words), fc.constantFrom(...Object.keys(how)), fc.infiniteStream(fc.nat(997)))
    .map(([word, way, numbers]) => {
      const choose: Choose = (from) => from[(numbers.next().value ?? 0) % from.length] ?? '';
      return frame(how[way]?.(word, choose) ?? word);
    });
  return fc.sample(one, { numRuns: count, seed: 21 });
}

/** Around a Chinese word: what stands beside it may make other words of its characters. */
const frames = [
  (word: string) => `我想看${word}的图片`,
  (word: string) => `画一张${word}的图`,
  (word: string) => `他们正在${word}`,
  (word: string) => `${word}现场，超写实`,
  (word: string) => `未来${word}青年海报`,
  (word: string) => `不要${word}了`,
  (word: string) => word,
];
const inChinese = (word: string) => {
  const sum = [...word].reduce((all, one) => all + (one.codePointAt(0) ?? 0), 0);
  return frames[sum % frames.length]?.(word) ?? word;
};

/** Ways to hide an English and a Chinese word from a list, seven of ten in English; the same at each run. */
export function hiddenWords(count: number): Readonly<Record<'english' | 'chinese', readonly string[]>> {
  const english = Math.round(count * 0.7);
  return {
    english: evasions(long, ways, (word) => `a painting of ${word}, oil on canvas`, english),
    chinese: evasions(
      forbiddenChinese.filter((word) => word.length > 1),
      waysChinese,
      inChinese,
      count - english,
    ),
  };
}

/** About `count` innocent sentences of each language, spread over all there are. */
export function innocentSentences(count: number): Readonly<Record<'english' | 'chinese', readonly string[]>> {
  const spread = (all: readonly string[]) => {
    const step = Math.max(1, Math.floor(all.length / count));
    return all.filter((_, at) => at % step === 0);
  };
  return { english: spread([...innocents()]), chinese: spread([...innocentsChinese()]) };
}

/** Which are not found. */
export const missed = (texts: readonly string[]) => texts.filter((text) => !judge([text]));
/** Which are found, each with the entry that was. */
export const caught = (texts: readonly string[]) =>
  texts.flatMap((text) => {
    const found = judge([text]);
    return found ? [`${found.entry}: ${text}`] : [];
  });
