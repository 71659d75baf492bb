import { expect, it } from 'vitest';
import { asSentence, plain, sentenceOf } from '../../src/actions/message-text.js';

const names = {
  user: (id: string) => (id === '42' ? 'ada' : undefined),
  channel: (id: string) => (id === '7' ? 'general' : undefined),
  now: 1_000_000_000_000,
};

it.each<[string, unknown]>([
  ['> a \\*red\\* fox', 'a *red* fox'],
  ['-# Hunyuan 3\\.0 · **about** to begin', 'Hunyuan 3.0 · about to begin'],
  ['use `aspect_ratio`, ~~not~~ size', 'use aspect_ratio, not size'],
  ['snake_case and 2*3*4 stay', 'snake_case and 2*3*4 stay'],
  ['<@42> and <@!43>', '@ada and @unknown-user'],
  ['in <#7> and <#8>, with </quota show:9>', 'in #general and #unknown, with /quota show'],
  ['\\<@42\\>', '<@42>'],
  ['ready <t:1000000040:R>', 'ready in 40 seconds'],
  ['ready <t:999999940:R>', 'ready 1 minute ago'],
  ['dies <t:1000043200:D>', 'dies September 9, 2001'],
  ['dies <t:1000043200>', expect.stringMatching(/^dies September 9, 2001 at \d/)],
  ['a\\\\b', 'a\\b'],
  ['\u001B[31mred', '[31mred'],
])('%j reads as %j', (line, words) => {
  expect(plain(line, names)).toEqual(words);
});

it("a message's sentence is its own text, on one line", () => {
  const content = '> what I wrote\n⚠️ It went wrong.\nTry again.';
  expect(sentenceOf({ content, components: [] }, names)).toBe('It went wrong. Try again.');
});

it('a refusal becomes a sentence', () => {
  expect(asSentence('prompt is required')).toBe('Prompt is required.');
  expect(asSentence('Really?')).toBe('Really?');
});
