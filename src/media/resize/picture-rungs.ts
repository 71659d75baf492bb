import type { Encoding } from '../decoding/decode-jobs.js';

/** An encoder that loses something, over the qualities at which one is content with it. */
export interface Range {
  readonly how: Omit<Encoding, 'quality'>;
  /** Qualities that are weighed, best first; those between two are reckoned from them. */
  readonly qualities: readonly [number, number, ...number[]];
}

/** What an image is tried to be encoded as, best first. */
export interface Rungs {
  /** None where it is hopeless. */
  readonly lossless: readonly Encoding[];
  readonly ranges: readonly Range[];
  /** Scaled down, as a last resort. */
  readonly scaled: readonly Encoding[];
}

interface Picture {
  readonly isPng: boolean;
  readonly bytes: number;
  /** Longer side, and all, pixels. */
  readonly longer: number;
  readonly pixels: number;
  readonly alpha: boolean;
}

/** Pixels from which WebP takes too long and too much memory: JPEG is made of larger ones. */
const webpPixels = 20_000_000;
/** What lossless WebP makes of a PNG at best, of 1: where less is needed it is not tried. */
const losslessHope = 0.55;
/** Longest sides that are tried, pixels, as a last resort small ones. */
const sides = [4096, 3072, 2048, 1536, 1024, 768, 512, 256];

/**
 * JPEG with the colour of each pixel comes first: at 90 it is nearer to the original than WebP at 92, whose colours are
 * coarser (2300 × 2300 pixels, PSNR in dB: fine grain 36.1 and 34.7, line art 40.3 and 36.3, noise 29.9 and 14.9), and it
 * takes a twentieth of the time. With fewer bytes than that, WebP is the better one.
 */
const fullColour: Range = {
  how: { type: 'image/jpeg', lossless: false, fullColour: true },
  qualities: [98, 95, 92, 90],
};

export function rungsOf({ isPng, bytes, longer, pixels, alpha }: Picture, maxBytes: number): Rungs {
  const isLarge = pixels > webpPixels && !alpha;
  const how = { type: isLarge ? 'image/jpeg' : 'image/webp', lossless: false } as const;
  const mayBeLossless = isPng && !isLarge && bytes * losslessHope <= maxBytes;
  const efforts = mayBeLossless ? ([0, 3] as const) : [];
  return {
    lossless: efforts.map((effort) => ({ type: 'image/webp', lossless: true, quality: 100, effort })),
    ranges: [...(alpha ? [] : [fullColour]), { how, qualities: [92, 82] }],
    scaled: sides.filter((side) => side < longer).map((side) => ({ ...how, quality: 82, side })),
  };
}

/** How many bytes an image has at some qualities, best first, as estimated. */
export type Curve = readonly { readonly quality: number; readonly bytes: number }[];

/** The bytes at a quality: their logarithm runs straight from one point to the next. */
export function bytesAt(curve: Curve, quality: number): number {
  const below = Math.max(
    1,
    curve.findIndex((point) => point.quality <= quality),
  );
  const [upper, lower] = [curve[below - 1], curve[below]];
  if (!upper || !lower) return upper?.bytes ?? Number.POSITIVE_INFINITY;
  const share = (quality - lower.quality) / (upper.quality - lower.quality);
  return lower.bytes * (upper.bytes / lower.bytes) ** share;
}

/** The best quality of the curve with at most so many bytes; undefined if even the lowest has more. */
export function qualityFor(curve: Curve, maxBytes: number): number | undefined {
  const [best, lowest] = [curve[0]?.quality ?? 0, curve.at(-1)?.quality ?? 1];
  for (let quality = best; quality >= lowest; quality--)
    if (bytesAt(curve, quality) <= maxBytes) return quality;
  return undefined;
}
