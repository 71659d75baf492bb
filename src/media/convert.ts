import { stat } from 'node:fs/promises';
import sharp from 'sharp';
import type { MediaType } from './sniff.js';

/** What an image's header tells without unfolding it. */
export interface Header {
  readonly size: { readonly width: number; readonly height: number };
  /** Of all its frames together. */
  readonly pixels: number;
  /** Needs no turning before it is looked at (EXIF orientation). */
  readonly upright: boolean;
  /** Every pixel is there: a truncated file has a good header too. */
  readonly whole: boolean;
}

/** Undefined for a file that is no image. */
export async function readHeader(path: string): Promise<Header | undefined> {
  try {
    const {
      width,
      height,
      pages = 1,
      pageHeight,
      orientation = 1,
    } = await sharp(path, { limitInputPixels: false }).metadata();
    const size = { width, height: pageHeight ?? height };
    const pixels = size.width * size.height * pages;
    if (pixels > decodeAtMost) return { size, pixels, upright: orientation <= 1, whole: true };
    return { size, pixels, upright: orientation <= 1, whole: await isWhole(path) };
  } catch {
    return undefined;
  }
}

/** Pixels that are unfolded to see whether a file is whole; the caller refuses more than that anyway. */
const decodeAtMost = 100_000_000;

async function isWhole(path: string): Promise<boolean> {
  try {
    await sharp(path, { failOn: 'truncated', sequentialRead: true })
      .resize(16, 16, { fit: 'fill' })
      .raw()
      .toBuffer();
    return true;
  } catch {
    return false;
  }
}

/** Longest sides that are tried one after the other until the file is small enough, pixels. */
const sides = [Number.POSITIVE_INFINITY, 4096, 3072, 2048, 1536, 1024];

/**
 * Turns the image at `from` into one that MPS takes, at `to`: its first frame, upright, without metadata, png where it is
 * transparent and else jpeg, scaled down until it has less than `maxBytes`.
 * @returns undefined where the image cannot be read to its end or no size is small enough.
 */
export async function convert(
  from: string,
  to: string,
  maxBytes: number,
): Promise<{ type: MediaType; bytes: number } | undefined> {
  try {
    const { isOpaque } = await sharp(from).stats();
    for (const side of sides) {
      const image = sharp(from, { failOn: 'truncated' }).rotate();
      if (Number.isFinite(side)) image.resize(side, side, { fit: 'inside', withoutEnlargement: true });
      await (isOpaque ? image.jpeg({ quality: 92 }) : image.png()).toFile(to);
      const { size } = await stat(to);
      if (size < maxBytes) return { type: isOpaque ? 'image/jpeg' : 'image/png', bytes: size };
    }
    return undefined;
  } catch {
    return undefined;
  }
}
