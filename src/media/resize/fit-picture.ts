import type { Encoding } from '../decoding/decode-jobs.js';
import type { Decoder, Header } from '../decoding/decoder.js';
import type { LocalFile } from '../files.js';
import type { FitTarget, Fitted } from './fit-target.js';

interface Deps {
  readonly decoder: Pick<Decoder, 'header' | 'encode'>;
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

/**
 * Encodes an image to at most so many bytes: without any loss, then with one that no one sees, then scaled down. What
 * it says of itself (EXIF, XMP, colour profile) goes along.
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
  const shape = { longer: Math.max(width, height), pixels: width * height, alpha };
  const to = newPath();
  const seconds = Math.ceil(rungMs / 1000);
  const encode = (how: Encoding, known: Header) =>
    decoder.encode(file.path, to, { header: known, how, seconds }).catch(() => undefined);
  /** Bytes that an image of the same quality and half the side would have, about a quarter of. */
  let last: { readonly bytes: number; readonly side: number } | undefined;
  for (const rung of rungsFor(file, shape, maxBytes)) {
    const side = Math.min(rung.side ?? shape.longer, shape.longer);
    // A hopeless one: even at half of what its size lets expect it would be too large.
    if (last && last.bytes * (side / last.side) ** 2 > 2 * maxBytes) continue;
    const bytes = await encode(rung, header);
    if (bytes === undefined) continue;
    const how = frames > 1 ? 'preview' : 'smaller';
    if (bytes <= maxBytes) return { path: to, type: rung.type, bytes, how };
    if (!rung.lossless) last = { bytes, side };
  }
  await remove([to]);
  return undefined;
}

function rungsFor(
  file: LocalFile,
  { longer, pixels, alpha }: { longer: number; pixels: number; alpha: boolean },
  maxBytes: number,
): Encoding[] {
  const isLarge = pixels > webpPixels && !alpha;
  const type = isLarge ? 'image/jpeg' : 'image/webp';
  const at = (quality: number): Encoding => ({ type, lossless: false, quality });
  const [lossy, lossier] = [at(92), at(82)];
  const lossless: Encoding = { type: 'image/webp', lossless: true, quality: 100 };
  const tryLossless = file.type === 'image/png' && !isLarge && file.bytes * losslessHope <= maxBytes;
  const scaled = sides.filter((side) => side < longer).map((side): Encoding => ({ ...lossier, side }));
  return [...(tryLossless ? [lossless] : []), lossy, lossier, ...scaled];
}
