import { stat } from 'node:fs/promises';
import sharp from 'sharp';
import type { MediaType } from './sniff.js';

// Every image is looked at once: a cache would keep pixels and open files of images that are gone.
sharp.cache(false);

/** What an image's header tells without unfolding it. */
export interface Header {
  /** Pixels of one frame. */
  readonly width: number;
  readonly height: number;
  /**
   * It looks the same to a program that knows nothing of cameras, screens and printers: one frame, upright (EXIF
   * orientation), in sRGB or grey of 8 bits.
   */
  readonly plain: boolean;
  /** More than one: it moves. */
  readonly frames: number;
  /** Some of it may be transparent. */
  readonly alpha: boolean;
  /** It may unfold to more pixels than Easel has room for: a decompression bomb rather than a photograph. */
  readonly huge: boolean;
}

/** Most pixels of a file that is read line by line, and of one that has to be unfolded as a whole (some 6 bytes each). */
const maxPixels = 100_000_000;
const maxPixelsAtOnce = 50_000_000;

/** Undefined for a file that is no image. */
export async function readHeader(path: string): Promise<Header | undefined> {
  try {
    const {
      format,
      width,
      height,
      orientation = 1,
      pages = 1,
      space,
      depth,
      icc,
      hasAlpha,
      isProgressive,
    } = await sharp(path, { limitInputPixels: false }).metadata();
    const byLine = (format === 'jpeg' || format === 'png') && !isProgressive;
    return {
      width,
      height,
      plain: orientation <= 1 && pages === 1 && space !== 'cmyk' && depth === 'uchar' && isSrgb(icc),
      frames: pages,
      alpha: hasAlpha,
      huge: width * height > (byLine ? maxPixels : maxPixelsAtOnce),
    };
  } catch {
    return undefined;
  }
}

/** No profile means sRGB; its own profiles name it, in latin-1 or UTF-16 ("c2": the short one many cameras embed). */
function isSrgb(profile: Buffer | undefined): boolean {
  return profile === undefined || /s\0?R\0?G\0?B|c\0?2\0?c\0?i/.test(profile.toString('latin1'));
}

/** Ends at the first missing byte; what is damaged in the middle is left to the eye. */
const reading = { failOn: 'truncated', limitInputPixels: maxPixels } as const;
/** Seconds after which reading is given up: a photograph takes two or three. */
const patience = { seconds: 60 };

/** Whether every pixel is there: a truncated file has a good header, too. */
export async function isWhole(path: string): Promise<boolean> {
  try {
    const image = sharp(path, { ...reading, sequentialRead: true }).timeout(patience);
    await image.resize(16, 16, { fit: 'fill' }).raw().toBuffer();
    return true;
  } catch {
    return false;
  }
}

/** Longest sides that are tried one after the other until the file is small enough, pixels. MPS makes 4K at most. */
const sides = [4096, 3072, 2048, 1536, 1024];

/**
 * Turns the image at `from` into one that MPS takes, at `to`: its first frame, upright, in sRGB, without metadata, png
 * where it is transparent and else jpeg, scaled down until it has less than `maxBytes`.
 * @returns undefined where it cannot be read to its end.
 */
export async function convert(
  from: string,
  to: string,
  { alpha, maxBytes }: { alpha: boolean; maxBytes: number },
): Promise<{ type: MediaType; bytes: number } | undefined> {
  try {
    const opaque = !alpha || (await sharp(from, reading).timeout(patience).stats()).isOpaque;
    for (const side of sides) {
      const image = sharp(from, reading).timeout(patience).autoOrient();
      image.resize(side, side, { fit: 'inside', withoutEnlargement: true });
      await (opaque ? image.jpeg({ quality: 92 }) : image.png()).toFile(to);
      const { size } = await stat(to);
      if (size < maxBytes) return { type: opaque ? 'image/jpeg' : 'image/png', bytes: size };
    }
    return undefined;
  } catch {
    return undefined;
  }
}
