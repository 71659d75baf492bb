import { readFileSync } from 'node:fs';

/** Texts that members read, documents, or comments and test titles. */
export type Place = 'ui' | 'docs' | 'code';

/** A row of "Words we do not use" in docs/glossary.md. */
export interface BannedWords {
  readonly words: readonly string[];
  readonly instead: readonly string[];
  readonly where: Place | 'both';
}

const glossary = new URL('../../docs/glossary.md', import.meta.url);
const split = (cell: string) =>
  cell
    .split(/[,，]/)
    .map((word) => word.trim())
    .filter((word) => word !== '');

/** The rows of the table that apply to `where`; those of the documents apply to code, too. */
export function bannedWords(where: Place, page = readFileSync(glossary, 'utf8')): readonly BannedWords[] {
  const [, section = ''] = page.split('\n## Words we do not use\n');
  const [table = ''] = section.split('\n## ');
  const rows = table
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| word |'))
    .map((line) => line.split('|').map((cell) => cell.trim()));
  return rows
    .map(([, words = '', instead = '', of = '']): BannedWords => {
      if (of !== 'ui' && of !== 'docs' && of !== 'code' && of !== 'both')
        throw new Error(`no place "${of}" beside "${words}"`);
      return { words: split(words), instead: split(instead), where: of };
    })
    .filter(({ where: of }) => of === where || of === 'both' || (of === 'docs' && where === 'code'));
}

/** Latin words are matched whole and in any case, Chinese ones anywhere. */
function pattern(word: string): RegExp {
  const escaped = word.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return /^[ -~’]+$/.test(word)
    ? new RegExp(`(?<![\\w-])${escaped}(?![\\w-])`, 'gi')
    : new RegExp(escaped, 'g');
}

/**
 * Banned words in a text, each with what to say instead; empty if there are none. Markdown's code, `{{placeholders}}` and
 * link targets are not words.
 */
export function findBannedWords(text: string, rows: readonly BannedWords[]): readonly string[] {
  const prose = text
    .replaceAll(/^ *```[\s\S]*?^ *```/gm, ' ')
    .replaceAll(/`[^`]*`/g, ' ')
    .replaceAll(/\{\{.*?\}\}/g, ' ')
    .replaceAll(/\]\([^)]*\)/g, '] ');
  return rows.flatMap(({ words, instead }) =>
    words.flatMap((word) => {
      const allowed = instead.filter((phrase) => pattern(word).test(phrase));
      const rest = allowed.reduce((left, phrase) => left.replaceAll(pattern(phrase), ' '), prose);
      return pattern(word).test(rest) ? [`"${word}": say ${instead.join(', ')}`] : [];
    }),
  );
}
