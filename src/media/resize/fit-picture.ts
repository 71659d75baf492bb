import type { Encoding } from '../decoding/decode-jobs.js';
import type { Decoder } from '../decoding/decoder.js';
import type { LocalFile } from '../files.js';
import type { FitTarget, Fitted } from './fit-target.js';
import { bytesAt, type Curve, qualityFor, type Range, type Rungs, rungsOf } from './picture-rungs.js';

interface Deps {
  readonly decoder: Pick<Decoder, 'header' | 'weigh' | 'encode'>;
  readonly newPath: () => string;
  readonly remove: (paths: readonly string[]) => Promise<void>;
  /** Longest time for one rung, ms. */
  readonly rungMs: number;
}

/** Of what it may have an image is aimed at by an estimate: most come out within it. */
const aim = 0.97;
/** How far an estimate may be above what is allowed and an encoding still be tried: bands may be richer than the rest. */
const doubt = 1.25;
/** The same for the best quality of a range, which is worth a try in vain. */
const bestDoubt = 1.05;
/** The same without loss, where a try takes longest. */
const losslessDoubt = 1.1;
/** Tries in a range of qualities: the first corrects the estimate. */
const mostTries = 3;

/** Bytes of a try, or of an estimate, and the longest side that it had, pixels. */
interface Tried {
  readonly bytes: number;
  readonly side: number;
}

/**
 * Encodes an image to at most so many bytes: without any loss, then with one that no one sees, then scaled down. What
 * it says of itself (EXIF, XMP, colour profile) goes along. Which encoding fits is estimated first, by a few bands: a
 * whole one takes seconds.
 * @returns undefined for an image that cannot be read or made as small.
 */
export async function fitPicture(
  file: LocalFile,
  { maxBytes }: FitTarget,
  { decoder, newPath, remove, rungMs }: Deps,
): Promise<Fitted | undefined> {
  const header = await decoder.header(file.path);
  if (!header || header.huge) return undefined;
  const { width, height, alpha, frames } = header;
  const longer = Math.max(width, height);
  const picture = {
    isPng: file.type === 'image/png',
    bytes: file.bytes,
    longer,
    pixels: width * height,
    alpha,
  };
  const rungs = rungsOf(picture, maxBytes);
  const to = newPath();
  const seconds = Math.ceil(rungMs / 1000);
  const encode = (how: Encoding) =>
    decoder.encode(file.path, to, { header, how, seconds }).catch(() => undefined);
  const weights = await weigh(rungs, (hows) =>
    decoder.weigh(file.path, { header, hows, seconds }).catch(() => undefined),
  );
  const found = await firstFitting(rungs, weights, { maxBytes, longer, encode });
  if (!found) {
    await remove([to]);
    return undefined;
  }
  return { path: to, type: found.type, bytes: found.bytes, how: frames > 1 ? 'preview' : 'smaller' };
}

/** Estimates; none where it could not be weighed. */
interface Weights {
  /** Bytes of each lossless rung. */
  readonly lossless: readonly (number | undefined)[];
  /** Of each range. */
  readonly curves: readonly (Curve | undefined)[];
}

/** All in one job, which reads the image once. */
async function weigh(
  { lossless, ranges }: Rungs,
  ask: (hows: readonly Encoding[]) => Promise<readonly number[] | undefined>,
): Promise<Weights> {
  const inRanges = ranges.flatMap(({ how, qualities }) => qualities.map((quality) => ({ ...how, quality })));
  const bytes = await ask([...lossless, ...inRanges]);
  if (!bytes) return { lossless: [], curves: [] };
  let at = lossless.length;
  const curves = ranges.map(({ qualities }) =>
    qualities.map((quality) => ({ quality, bytes: bytes[at++] ?? Number.POSITIVE_INFINITY })),
  );
  return { lossless: bytes.slice(0, lossless.length), curves };
}

interface Tools {
  readonly maxBytes: number;
  /** Longer side of the image, pixels. */
  readonly longer: number;
  readonly encode: (how: Encoding) => Promise<number | undefined>;
}

async function firstFitting({ lossless, ranges, scaled }: Rungs, weights: Weights, tools: Tools) {
  const { maxBytes, longer, encode } = tools;
  for (const [index, how] of lossless.entries()) {
    const isLast = index === lossless.length - 1;
    // A quicker one is only worth its time if it fits; without an estimate only the smallest is tried.
    const bound = isLast ? losslessDoubt * maxBytes : aim * maxBytes;
    if ((weights.lossless[index] ?? (isLast ? 0 : Number.POSITIVE_INFINITY)) > bound) continue;
    const bytes = await encode(how);
    if (bytes !== undefined && bytes <= maxBytes) return { type: how.type, bytes };
  }
  let last: Tried | undefined;
  for (const [index, range] of ranges.entries()) {
    const { fitting, least } = await fitInRange(range, weights.curves[index], tools);
    if (fitting) return fitting;
    if (least !== undefined) last = { bytes: least, side: longer };
  }
  for (const how of scaled) {
    const side = Math.min(how.side ?? longer, longer);
    // A hopeless one: even at half of what its size lets expect it would be too large.
    if (last && last.bytes * (side / last.side) ** 2 > 2 * maxBytes) continue;
    const bytes = await encode(how);
    if (bytes === undefined) continue;
    if (bytes <= maxBytes) return { type: how.type, bytes };
    last = { bytes, side };
  }
  return undefined;
}

/** @returns the best that fits in this range, or else about how many bytes it has at least. */
async function fitInRange({ how, qualities }: Range, curve: Curve | undefined, { maxBytes, encode }: Tools) {
  const [best, lowest] = [Math.max(...qualities), Math.min(...qualities)];
  let least = curve && bytesAt(curve, lowest);
  /** By how much the estimate was wrong, once that is known. */
  let factor: number | undefined;
  const next = (tries: number) => {
    if (!curve) return qualities[tries];
    if (tries === 0 && bytesAt(curve, best) <= maxBytes * bestDoubt) return best;
    const fits = qualityFor(curve, (maxBytes * aim) / (factor ?? 1));
    if (fits !== undefined) return fits;
    return bytesAt(curve, lowest) * (factor ?? 1 / doubt) <= maxBytes ? lowest : undefined;
  };
  let before = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < mostTries && before > lowest; tries++) {
    const wanted = next(tries);
    if (wanted === undefined) break;
    const quality = Math.max(lowest, Math.min(wanted, before - 1));
    const bytes = await encode({ ...how, quality });
    if (bytes === undefined) return { least };
    if (bytes <= maxBytes) return { fitting: { type: how.type, bytes } };
    before = quality;
    if (curve) factor = bytes / bytesAt(curve, quality);
    least = curve && factor ? factor * bytesAt(curve, lowest) : bytes;
  }
  return { least };
}
