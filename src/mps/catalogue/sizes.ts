import type { SizeRule } from './model-rules.js';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Reads `1024x1024`, also with `×` or `*` and spaces. */
export function parseSize(text: string): Size | undefined {
  const [, width, height] = /^\s*(\d{1,5})\s*[x×*]\s*(\d{1,5})\s*$/i.exec(text) ?? [];
  return width && height ? { width: Number(width), height: Number(height) } : undefined;
}

/** The way MPS writes a size. */
export function formatSize({ width, height }: Size): string {
  return `${width}x${height}`;
}

/** Which bound of `rule` a size breaks, if any. */
export function brokenBound({ width, height }: Size, rule: SizeRule): 'sides' | 'pixels' | undefined {
  const { minSide = 1, maxSide = Number.POSITIVE_INFINITY, minPixels = 1, maxPixels } = rule;
  if (Math.min(width, height) < minSide || Math.max(width, height) > maxSide) return 'sides';
  const pixels = width * height;
  return pixels < minPixels || pixels > maxPixels ? 'pixels' : undefined;
}

/** The largest size of about this ratio that `rule` allows, in steps of 16 pixels; undefined if none is. */
export function largestSize(ratio: number, rule: SizeRule): Size | undefined {
  const longest = rule.maxSide ?? Number.POSITIVE_INFINITY;
  const width = Math.min(Math.sqrt(rule.maxPixels * ratio), longest, longest * ratio);
  const size = { width: inSteps(width), height: inSteps(width / ratio) };
  return brokenBound(size, rule) ? undefined : size;
}

/** Ratios that are offered for models that take a size. */
export const usualRatios = ['1:1', '16:9', '9:16', '4:3', '3:4', '3:2', '2:3', '21:9'] as const;

/** Tiers of size that price lists know, from the smallest. */
export const sizeTiers = ['1K', '2K', '4K'] as const;

/** The tier of a size: 1K as far as 1024×1024, 2K as far as 2048×2048. No source draws the lines; these are its sides. */
export function tierOfSize({ width, height }: Size): (typeof sizeTiers)[number] {
  const pixels = width * height;
  if (pixels <= 1024 * 1024) return '1K';
  return pixels <= 2048 * 2048 ? '2K' : '4K';
}

/** How sharp a resolution is, to compare it by: `720P` is 720, `4K` is 4000. */
export function linesIn(resolution: string): number {
  return Number.parseInt(resolution.replace('K', '000'), 10);
}

/** `16:9` as a number, width by height. */
export function parseRatio(text: string): number | undefined {
  const [, width, height] = /^\s*(\d{1,4})\s*:\s*(\d{1,4})\s*$/.exec(text) ?? [];
  return Number(width) > 0 && Number(height) > 0 ? Number(width) / Number(height) : undefined;
}

function inSteps(pixels: number): number {
  return Math.floor(pixels / 16 + 1e-9) * 16;
}
