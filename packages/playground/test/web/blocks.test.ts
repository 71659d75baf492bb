import { expect, it } from 'vitest';
import { blocksOf } from '../../web/chat/markdown/markdown-blocks.js';

const shortly = (source: string): string[] => blocksOf(source).map(({ kind, text }) => `${kind}: ${text}`);

it('splits a card into its quote and its small print', () => {
  expect(shortly('> a red fox\n> in the snow\n-# Hunyuan 3.0 · painting')).toEqual([
    'quote: a red fox\nin the snow',
    'subtext: Hunyuan 3.0 · painting',
  ]);
});

it('knows headings and list items, and keeps plain lines together', () => {
  expect(shortly('## Pictures\n- one\n- two\nplain\nstill plain')).toEqual([
    'heading: Pictures',
    'item: one',
    'item: two',
    'text: plain\nstill plain',
  ]);
});

it('leaves code fences alone', () => {
  expect(shortly('see:\n```ts\n> not a quote\n# not a heading\n```')).toEqual([
    'text: see:',
    'code: > not a quote\n# not a heading',
  ]);
});

it.each(['# ', '-# ', '#hashtag', '>no quote', '-minus'])('treats %j as plain text', (line) => {
  expect(blocksOf(line)).toEqual([{ kind: 'text', text: line, level: 0 }]);
});
