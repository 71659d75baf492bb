import { parseObject } from '../api/parameter-schemas.js';
import { videoRules } from '../validation/video-models.js';
import type { TaskRequest } from './task-request.js';

/** Pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The shorter side of a resolution, in pixels. */
const shortSides: Readonly<Record<string, number>> = {
  '540P': 540,
  '720P': 720,
  '768P': 768,
  '1080P': 1080,
  '2K': 1440,
  '4K': 2160,
};

/**
 * The size a task's result has: the size asked for, else its ratio at its resolution (1024 wide and high without).
 * @param first size of a clip's first frame, whose ratio the clip keeps
 */
export function sizeOf({ kind, params }: TaskRequest, first?: Size): Size {
  const extra = params.ExtraParameters ?? {};
  if (kind === 'video') {
    const rule = videoRules[`${params.ModelName} ${params.ModelVersion}`];
    const usual = rule?.defaultResolution ?? '720P';
    const isTaken = !rule?.dropsResolution || rule.resolutions?.includes(extra.Resolution ?? '');
    const resolution = (isTaken && extra.Resolution) || usual;
    const ratio = (!rule?.dropsResolution && extra.AspectRatio) || '16:9';
    return fitted(first ? `${first.width}:${first.height}` : ratio, shortSides[resolution] ?? 720);
  }
  // A panorama is twice as wide as it is high: all around, and from the ground to the zenith.
  if (params.SceneType === '3d_panorama') return { width: 2048, height: 1024 };
  const { size } = parseObject(params.AdditionalParameters ?? '{}') ?? {};
  const [, width, height] = /^(\d+)x(\d+)$/.exec(String(size))?.map(Number) ?? [];
  if (width && height) return { width, height };
  const ratio = extra.AspectRatio ?? '1:1';
  const short = shortSides[extra.Resolution ?? ''];
  return short ? fitted(ratio, short) : sameArea(ratio, 1024 * 1024);
}

/**
 * How long a clip is that was ordered, seconds: a little more or less than the whole number, as was measured. A length that
 * is not on the model's list was refused, or is dropped and the default made.
 */
export function secondsOf({ kind, params }: TaskRequest): number | undefined {
  if (kind !== 'video') return undefined;
  const { ModelName: model, ModelVersion: version, Duration, ExtraParameters: extra = {} } = params;
  const rule = videoRules[`${model} ${version}`];
  const usual = rule?.defaultSeconds ?? rule?.seconds?.[0] ?? 5;
  const isAt1080P = (extra.Resolution ?? rule?.defaultResolution) === '1080P';
  const isMade = (seconds: number) =>
    rule?.lengths !== 'dropped' ||
    (rule.seconds?.includes(seconds) && !(isAt1080P && rule.not1080P?.includes(seconds)));
  const whole = Duration !== undefined && isMade(Duration) ? Duration : usual;
  if (!Number.isInteger(whole)) return whole;
  if (version === 'H3') return rounded(whole + (whole < 10 ? 0.29 : 0.25));
  return rounded(model === 'Hailuo' ? whole - 0.12 : whole + 0.04);
}

function rounded(seconds: number): number {
  return Math.round(seconds * 100) / 100;
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
