import { type ClaimedType, endingOf } from '../../media/formats/declared-type.js';

/** Longest stem of a name or a title, UTF-16 units. */
const maxStem = 60;

/**
 * A readable file name that is safe everywhere: `a-red-fox-in-the-snow-1.png`. ASCII only: Discord drops other
 * letters (Discord docs: "Attachment", `title`), which could leave an empty name.
 */
export function fileName(prompt: string, type: ClaimedType, number: number | string): string {
  return `${asciiStem(prompt) || 'easel'}-${number}.${endingOf(type)}`;
}

/**
 * The name of a source image that an answer hosts for MPS: `source1.png`. Never that of a result, which ends in a hyphen
 * and its number: a message may hold one that no record names.
 */
export function sourceName(type: ClaimedType, number: number): string {
  return `source${number}.${endingOf(type)}`;
}

/** True of such a name, and of one that an earlier version gave: `source-1.png`. */
export function isSourceName(name: string): boolean {
  return /^source-?\d+\.[a-z0-9]+$/.test(name);
}

/**
 * A file's title if its name lost letters: `雪地里的红狐狸-1`. Discord shows the title, without extension, instead of the
 * sanitized name (Discord docs: "Attachment Request", `title`).
 */
export function fileTitle(prompt: string, number: number | string): string | undefined {
  const stem = shortened(
    prompt
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-'),
  );
  const isWhole = !/[^\p{ASCII}]/u.test(withoutMarks(stem));
  return isWhole ? undefined : `${stem}-${number}`;
}

/** Letters that Unicode doesn't take apart, in ASCII: `çayır` becomes `cayir`, `đỏ` becomes `do`. */
const inAscii: Readonly<Record<string, string>> = {
  ı: 'i',
  đ: 'd',
  ł: 'l',
  ø: 'o',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
};

function asciiStem(prompt: string): string {
  return shortened(
    withoutMarks(prompt)
      .toLowerCase()
      .replace(/[ıđłøßæœ]/g, (letter) => inAscii[letter] ?? '-')
      .replace(/[^a-z0-9]+/g, '-'),
  );
}

function withoutMarks(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '');
}

/** Cut between words if possible, never within a character. */
function shortened(joined: string): string {
  const words = joined.replace(/^-+|-+$/g, '');
  if (words.length <= maxStem) return words;
  const cut = words.slice(0, maxStem + 1).replace(/-[^-]*$/, '');
  return cut.slice(0, maxStem).replace(/[\uD800-\uDBFF]$/, '');
}
