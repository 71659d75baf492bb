import { type ClaimedType, endingOf } from '../media/claim.js';

/** A file's name in the channel: readable, safe everywhere, `a-red-fox-in-the-snow-1.png`. */
export function fileName(prompt: string, type: ClaimedType, number: number): string {
  const words = prompt
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  const stem =
    words.length > 60
      ? words
          .slice(0, 61)
          .replace(/-[^-]*$/, '')
          .slice(0, 60)
      : words;
  return `${stem || 'easel'}-${number}.${endingOf(type)}`;
}
