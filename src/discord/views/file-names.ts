import { type ClaimedType, endingOf } from '../../media/formats/declared-type.js';

/** Longest stem of a name or a title, UTF-16 units. */
const maxStem = 60;

/**
 * A file's name in the channel: readable, safe everywhere, `a-red-fox-in-the-snow-1.png`. Only of ASCII: Discord drops any
 * other letter of a name itself (Discord docs: "Attachment", `title`), and a name it left empty would say nothing.
 */
export function fileName(prompt: string, type: ClaimedType, number: number): string {
  return `${asciiStem(prompt) || 'easel'}-${number}.${endingOf(type)}`;
}

/**
 * What a file is called beside such a name where letters are missing in it: `雪地里的红狐狸-1`. Discord shows a title, without
 * an ending, in place of the name it had to clean (Discord docs: "Attachment Request", `title`).
 */
export function fileTitle(prompt: string, number: number): string | undefined {
  const stem = shortened(
    prompt
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}]+/gu, '-'),
  );
  const isWhole = !/[^\p{ASCII}]/u.test(withoutMarks(stem));
  return isWhole ? undefined : `${stem}-${number}`;
}

function asciiStem(prompt: string): string {
  return shortened(
    withoutMarks(prompt)
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-'),
  );
}

function withoutMarks(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '');
}

/** Cut between words where there are some, never within a letter. */
function shortened(joined: string): string {
  const words = joined.replace(/^-+|-+$/g, '');
  if (words.length <= maxStem) return words;
  const cut = words.slice(0, maxStem + 1).replace(/-[^-]*$/, '');
  return cut.slice(0, maxStem).replace(/[\uD800-\uDBFF]$/, '');
}
