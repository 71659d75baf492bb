import { type Locale, text } from '../../locales/index.js';
import type { Results, Task } from '../../tasks/model/task.js';

const mebibyte = 1024 * 1024;
/** Links to results are long, signed as they are; more than this of them would leave no room for the rest, characters. */
const linksLength = 1_200;

/** Whether something else was posted than MPS made. */
export function isShrunk({ results }: Pick<Task, 'results'>): boolean {
  return results?.sent?.some(({ how }) => how !== 'whole' && how !== 'raw') ?? false;
}

/**
 * What was done to results so that they could be posted, in a few words, and where they are untouched.
 * @param keptIn where the operator has them for good: told where what was posted is no substitute.
 */
export function fitLines({ results, origin: { locale } }: Task, keptIn?: string): string[] {
  if (!results?.sent) return [];
  const { sent, files, urls } = results;
  const changed = sent.flatMap((file, index) => (file.how === 'whole' ? [] : [{ ...file, index }]));
  // A bare link into the operator's bucket opens nothing: the button makes one that does.
  const lasts = results.linksExpireAt === undefined;
  const links = changed.map(({ index }) => (lasts ? undefined : linkOf(urls[index])));
  const fit = links.join('').length <= linksLength;
  const isWanting = changed.some(({ how }) => how !== 'smaller' && how !== 'playable' && how !== 'raw');
  const lines = changed.map(({ how, limit, index }, at) => {
    const words = text(locale, `fit.${how === 'whole' ? 'smaller' : how}`, {
      ...{ limit: inMebibytes(limit), size: inMebibytes(files[index]?.bytes ?? 0) },
      original: whereabouts(results, locale, fit ? links[at] : undefined),
    });
    return `-# ${sent.length > 1 ? `${index + 1}: ` : ''}${words}`;
  });
  return isWanting && keptIn !== undefined
    ? [...lines, `-# ${text(locale, 'fit.kept', { place: `\`${keptIn}\`` })}`]
    : lines;
}

/** As users speak of sizes of files: `10`, `0.19`. */
export function inMebibytes(bytes: number): number {
  const size = bytes / mebibyte;
  return size < 10 ? Number(size.toPrecision(2)) : Math.round(size);
}

function whereabouts({ linksExpireAt }: Results, locale: Locale, link: string | undefined): string {
  if (link === undefined || linksExpireAt === undefined) return text(locale, 'fit.button');
  const until = `<t:${Math.round(linksExpireAt / 1000)}:f>`;
  return text(locale, 'fit.original', { link, until });
}

function linkOf(url: string | undefined): string | undefined {
  return url === undefined || !URL.canParse(url) ? undefined : linkText(url);
}

/** A link as it can stand between a masked link's brackets: without what would end it. */
export function linkText(url: string): string {
  return new URL(url).href.replace(
    /[()<>\s]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
