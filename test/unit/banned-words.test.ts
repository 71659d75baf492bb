import { describe, expect, it } from 'vitest';
import { bannedWords, findBannedWords } from '../support/banned-words.js';

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
