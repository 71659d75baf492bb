import { parseObject } from './schema.js';
import type { Wish } from './tasks.js';

/** Pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The shorter side that a resolution stands for, in pixels. */
const shortSides: Readonly<Record<string, number>> = {
  '540P': 540,
  '720P': 720,
  '768P': 768,
  '1080P': 1080,
  '2K': 1440,
  '4K': 2160,
};

/** The size a task's result has: the size asked for, else its ratio at its resolution (1024 wide and high without). */
export function sizeOf({ kind, params }: Wish): Size {
  const extra = params.ExtraParameters ?? {};
  if (kind === 'video')
    return fitted(extra.AspectRatio ?? '16:9', shortSides[extra.Resolution ?? '720P'] ?? 720);
  const { size } = parseObject(params.AdditionalParameters ?? '{}') ?? {};
  const [, width, height] = /^(\d+)x(\d+)$/.exec(String(size))?.map(Number) ?? [];
  if (width && height) return { width, height };
  const ratio = extra.AspectRatio ?? '1:1';
  const short = shortSides[extra.Resolution ?? ''];
  return short ? fitted(ratio, short) : sameArea(ratio, 1024 * 1024);
}

/** Codecs round sides up to whole blocks of 16: a clip of 1080P is 1920x1088. */
export function inBlocks({ width, height }: Size): string {
  const up = (side: number) => Math.ceil(side / 16) * 16;
  return `${up(width)}x${up(height)}`;
}

function fitted(ratio: string, short: number): Size {
  const [x, y] = sides(ratio);
  const scale = short / Math.min(x, y);
  return { width: even(x * scale), height: even(y * scale) };
}

function sameArea(ratio: string, pixels: number): Size {
  const [x, y] = sides(ratio);
  const scale = Math.sqrt(pixels / (x * y));
  return { width: even(x * scale), height: even(y * scale) };
}

function sides(ratio: string): readonly [number, number] {
  const [x, y] = ratio.split(':').map(Number);
  return x && y ? [x, y] : [1, 1];
}

function even(side: number): number {
  return Math.round(side / 2) * 2;
}
