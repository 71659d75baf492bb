import { type Locale, text } from '../../locales/index.js';
import type { Results, Task } from '../../tasks/model/task.js';

const mebibyte = 1024 * 1024;
/** Most characters of links: signed links are long and would leave no room for the rest. */
const linksLength = 1_200;

/** True if something other than MPS's file was posted. */
export function isShrunk({ results }: Pick<Task, 'results'>): boolean {
  return results?.sent?.some(({ how }) => how !== 'whole' && how !== 'raw') ?? false;
}

/**
 * Notes on how results were changed so that they could be posted, and where the originals are.
 * @param keptIn where the operator keeps them permanently: mentioned if the posted file is no substitute.
 */
export function fitLines({ results, whole, origin: { locale } }: Task, keptIn?: string): string[] {
  if (!results?.sent) return [];
  const { sent, files, urls } = results;
  const changed = sent.flatMap((file, index) => (file.how === 'whole' ? [] : [{ ...file, index }]));
  // A joined clip is nowhere at MPS: its button joins it again. A bare link into the operator's bucket doesn't work: the
  // button makes a signed one.
  const joined = whole && 'seconds' in whole ? whole : undefined;
  const lasts = results.linksExpireAt === undefined || joined !== undefined;
  const links = changed.map(({ index }) => (lasts ? undefined : linkOf(urls[index])));
  const fit = links.join('').length <= linksLength;
  const isWanting = changed.some(({ how }) => how !== 'smaller' && how !== 'playable' && how !== 'raw');
  const lines = changed.map(({ how, limit, index }, at) => {
    const words = text(locale, `fit.${how === 'whole' ? 'smaller' : how}`, {
      limit: inMebibytes(limit),
      size: inMebibytes((joined ?? files[index])?.bytes ?? 0),
      original: whereabouts(results, locale, fit ? links[at] : undefined),
    });
    return `-# ${sent.length > 1 ? `${index + 1}: ` : ''}${words}`;
  });
  return isWanting && keptIn !== undefined
    ? [...lines, `-# ${text(locale, 'fit.kept', { place: `\`${keptIn}\`` })}`]
    : lines;
}

/** A file size for display: `10`, `0.19`. */
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

/** A URL that is safe inside a masked link: characters that would end it are encoded. */
export function linkText(url: string): string {
  return new URL(url).href.replace(
    /[()<>\s]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
