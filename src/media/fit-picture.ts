import { stat } from 'node:fs/promises';
import sharp, { type Sharp } from 'sharp';
import { readHeader } from './convert.js';
import type { LocalFile } from './fetch.js';
import type { FitTarget, Fitted } from './fitted.js';

interface Deps {
  readonly newPath: () => string;
  readonly remove: (paths: readonly string[]) => Promise<void>;
  /** Longest time for one rung, ms. */
  readonly rungMs: number;
}

/** Pixels from which WebP takes too long and too much memory: JPEG is made of larger ones. */
const webpPixels = 20_000_000;
/** What lossless WebP makes of a PNG at best, of 1: where less is needed it is not tried. */
const losslessHope = 0.55;
/** Longest sides that are tried, pixels, as a last resort small ones. */
const sides = [4096, 3072, 2048, 1536, 1024, 768, 512, 256];

interface Rung {
  readonly type: 'image/webp' | 'image/jpeg';
  /** Undefined: its own. */
  readonly side?: number;
  readonly lossless?: true;
  encode(image: Sharp): Sharp;
}

/**
 * Encodes a picture to at most so many bytes: without any loss, then with one that nobody sees, then scaled down. What it
 * says of itself (EXIF, XMP, colour profile) goes along.
 * @returns undefined for a picture that cannot be read or made as small.
 */
export async function fitPicture(
  file: LocalFile,
  { maxBytes }: FitTarget,
  { newPath, remove, rungMs }: Deps,
): Promise<Fitted | undefined> {
  const header = await readHeader(file.path);
  if (!header || header.huge) return undefined;
  const { width, height, alpha, frames } = header;
  const shape = { longer: Math.max(width, height), pixels: width * height, alpha };
  const to = newPath();
  /** Bytes that a picture of the same quality and half the side would have, about a quarter of. */
  let last: { readonly bytes: number; readonly side: number } | undefined;
  for (const rung of rungsFor(file, shape, maxBytes)) {
    const side = Math.min(rung.side ?? shape.longer, shape.longer);
    // A hopeless one: even at half of what its size lets expect it would be too large.
    if (last && last.bytes * (side / last.side) ** 2 > 2 * maxBytes) continue;
    const bytes = await encode(file.path, to, rung, rungMs);
    if (bytes === undefined) continue;
    const how = frames > 1 ? 'preview' : 'smaller';
    if (bytes <= maxBytes) return { path: to, type: rung.type, bytes, how };
    if (!rung.lossless) last = { bytes, side };
  }
  await remove([to]);
  return undefined;
}

function rungsFor(
  { type, bytes }: LocalFile,
  { longer, pixels, alpha }: { longer: number; pixels: number; alpha: boolean },
  maxBytes: number,
): Rung[] {
  const isLarge = pixels > webpPixels && !alpha;
  const at = (quality: number): Rung =>
    isLarge
      ? { type: 'image/jpeg', encode: (image) => image.jpeg({ quality }) }
      : { type: 'image/webp', encode: (image) => image.webp({ quality }) };
  const [lossy, lossier] = [at(92), at(82)];
  const lossless: Rung = {
    type: 'image/webp',
    lossless: true,
    encode: (image) => image.webp({ lossless: true, effort: 3 }),
  };
  const tryLossless = type === 'image/png' && !isLarge && bytes * losslessHope <= maxBytes;
  const scaled = sides.filter((side) => side < longer).map((side): Rung => ({ ...lossier, side }));
  return [...(tryLossless ? [lossless] : []), lossy, lossier, ...scaled];
}

/** @returns its length; undefined where it cannot be made. */
async function encode(from: string, to: string, rung: Rung, rungMs: number): Promise<number | undefined> {
  try {
    const image = sharp(from, { failOn: 'truncated', limitInputPixels: 110_000_000, sequentialRead: true });
    image.timeout({ seconds: Math.ceil(rungMs / 1000) }).keepMetadata();
    if (rung.side) image.resize(rung.side, rung.side, { fit: 'inside', withoutEnlargement: true });
    await rung.encode(image).toFile(to);
    return (await stat(to)).size;
  } catch {
    return undefined;
  }
}
