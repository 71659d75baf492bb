import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bannedWords, findBannedWords } from '../support/banned-words.js';
import { proseOf } from '../support/prose.js';

describe('the list of words we do not use', () => {
  const ui = bannedWords('ui');
  const docs = bannedWords('docs');

  it('is read from the glossary, for texts and for documents', () => {
    expect(ui.length).toBeGreaterThan(20);
    expect(ui.flatMap((row) => row.words)).toEqual(
      expect.arrayContaining(['MPS', 'image', 'let go', '放手']),
    );
    expect(docs.flatMap((row) => row.words)).toContain('desk');
    expect(docs.flatMap((row) => row.words)).not.toContain('MPS');
    expect(bannedWords('code').flatMap((row) => row.words)).toEqual(expect.arrayContaining(['desk', 'knob']));
    expect(docs.flatMap((row) => row.words)).not.toContain('knob');
  });

  it('finds whole words in any case, and Chinese anywhere', () => {
    expect(findBannedWords('An Image was made by MPS.', ui)).toHaveLength(2);
    expect(findBannedWords('imagine it, at the MPS-free picture', ui)).toEqual([]);
    expect(findBannedWords('你可以放手了', ui)).toHaveLength(1);
    expect(findBannedWords('Nobody is here', docs)).toHaveLength(1);
  });

  it('allows a banned word inside what to say instead, and in code', () => {
    expect(findBannedWords('The image service refused it.', ui)).toEqual([]);
    expect(findBannedWords('Set `MPS_ENDPOINT`, or `image`: {{video}}', ui)).toEqual([]);
    expect(findBannedWords('```sh\nnobody\n```\n[a](https://x/people)', docs)).toEqual([]);
  });

  it('refuses a row that says no place', () => {
    const page =
      '\n## Words we do not use\n\n| word | say instead | where |\n|---|---|---|\n| a | b | somewhere |\n';
    expect(() => bannedWords('ui', page)).toThrow('no place "somewhere"');
  });
});

describe('comments and test titles', () => {
  const root = join(import.meta.dirname, '../..');
  const rows = bannedWords('code');
  const folders = ['src', 'commands', 'packages', 'test', 'tools'];
  // Most lines contain none of them: one pattern is a hundred times faster than one for each word.
  const any = new RegExp(rows.flatMap(({ words }) => words).join('|'), 'i');
  const wordsIn = (source: string) =>
    proseOf(source)
      .filter(({ text }) => any.test(text))
      .flatMap(({ line, text }) => findBannedWords(text, rows).map((found) => `${line}: ${found}`));

  it('use no word that the glossary bans', () => {
    const sources = folders.flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
        join(folder, name),
      ),
    );
    // This file plants them.
    const read = sources.filter(
      (name) =>
        /(?<!banned-words\.test)\.(tsx?|m?js)$/.test(name) &&
        !/(^|[\\/])(node_modules|dist|locales|assets)[\\/]/.test(name),
    );
    expect(read.length).toBeGreaterThan(700);
    const found = read.flatMap((name) =>
      wordsIn(readFileSync(join(root, name), 'utf8')).map((word) => `${name}:${word}`),
    );
    expect(found).toEqual([]);
  });

  it('are found in every form, and code and strings are not', () => {
    const planted = [
      '/** A deed that is under way. */',
      'const nobody = "somebody"; // told of a purse',
      "it('is called off', () => {});",
      'it.each([1])(',
      "  'goes on for ever with %i',",
      'describe(`the desk`, () => {});',
      '/*',
      ' * Whoever reads this.',
      ' */',
      'const purse = { desk: "shelf" };',
      '// `desk` is quoted',
    ].join('\n');
    const lines = wordsIn(planted).map((found) => /^(\d+): "([^"]+)"/.exec(found)?.slice(1).join(' '));
    expect(lines.sort()).toEqual(
      [
        '1 deed',
        '1 under way',
        '2 purse',
        '2 told of',
        '3 called off',
        '5 for ever',
        '6 desk',
        '8 whoever',
      ].sort(),
    );
  });
});
