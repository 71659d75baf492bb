import { stat } from 'node:fs/promises';
import type { Log } from '../../log.js';
import type { LocalFile } from '../files.js';
import { type ClipFacts, readClip } from '../formats/mp4-info.js';
import type { Memory } from '../storage/memory-budget.js';
import { type Ffmpeg, FfmpegError } from './ffmpeg.js';
import type { FitTarget, Fitted } from './fit-target.js';

export interface ClipDeps {
  readonly ffmpeg: Ffmpeg;
  readonly memory: Memory;
  readonly newPath: () => string;
  readonly remove: (paths: readonly string[]) => Promise<void>;
  readonly log: Log;
  /** Longest time for one rung, ms. */
  readonly rungMs: number;
}

/** What ffmpeg reads. */
export type Input = Pick<LocalFile, 'path' | 'type'>;

/** One step down: how many pixels its shorter side has at most. */
const shorterSides = [Number.POSITIVE_INFINITY, 1080, 720, 480] as const;
/**
 * Bits for each pixel of each frame below which H.264 falls into blocks: such a rung is not tried. Above the ceiling
 * no one sees a difference.
 */
const bitsPerPixel = { floor: 0.04, ceiling: 0.25 } as const;
/**
 * Memory that ffmpeg takes, bytes: for itself, and for each pixel of a frame it reads and of one it makes, by how much the
 * encoder thinks. Measured (VmHWM, ffmpeg 5.1, one thread, first pass, the size kept): 3840 × 2160 superfast 483 MB,
 * 1920 × 1080 veryfast 227 MB, 1280 × 720 fast 204 MB; a still of 3840 × 2160 172 MB.
 */
export const memoryFor = { itself: 70e6, read: 15, superfast: 40, veryfast: 65, fast: 135 } as const;
/** What a video with an unusual stream takes more than that is still let pass. */
export const memoryMargin = 1.5;

/** Of the budget that goes to images and sound; the rest is the container's and what the encoder misses it by. */
const share = 0.96;
const soundRate = 128_000;
/**
 * How much less is aimed at after a rung that came out too large, and after that once more: a short video misses its
 * aim.
 */
const lowerAims = [0.95, 0.85] as const;

/**
 * Encodes a video to a budget of bytes: H.264 and AAC in an MP4 that plays while it loads, in two passes, at its own
 * size, then smaller. Where none is worth looking at a still image of it is made.
 * @returns undefined if not even that can be.
 * @throws the signal's reason.
 */
export async function fitClip(
  file: LocalFile,
  target: FitTarget,
  { signal }: { signal: AbortSignal },
  deps: ClipDeps,
): Promise<Fitted | undefined> {
  const facts = await readClip(file.path);
  const readBytes = memoryFor.itself + (facts ? facts.width * facts.height : 0) * memoryFor.read;
  for (const rung of facts ? rungsFor(facts, target.maxBytes) : []) {
    const bytes = readBytes + rung.pixels * memoryFor[presetFor(rung.pixels)];
    const made = await deps.memory.use(bytes, () =>
      climb(file, { ...rung, memoryBytes: bytes * memoryMargin }, target, signal, deps),
    );
    if (made) return made;
  }
  return deps.memory.use(readBytes, () => still(file, readBytes * memoryMargin, target, signal, deps));
}

interface Rung {
  readonly side: number;
  /** Bits a second for the image, and for the sound; 0 if there is none. */
  readonly picture: number;
  readonly sound: number;
  /** Pixels a frame. */
  readonly pixels: number;
}

/** The rungs that are not hopeless, largest first. */
export function rungsFor(facts: ClipFacts, maxBytes: number): Rung[] {
  const { seconds, hasSound, width, height, rate } = facts;
  const [shorter, longer] = [Math.min(width, height), Math.max(width, height)];
  if (shorter === 0 || seconds === undefined) return [];
  const budget = (maxBytes * 8 * share) / seconds;
  return shorterSides.flatMap((limit, index) => {
    if (index > 0 && shorter <= limit) return [];
    const side = Math.min(shorter, limit);
    const pixels = side * side * (longer / shorter);
    const sound = hasSound ? Math.min(soundRate, budget / 8) : 0;
    const perPixel = (budget - sound) / (pixels * Math.max(1, rate));
    if (perPixel < bitsPerPixel.floor) return [];
    const picture = Math.min(perPixel, bitsPerPixel.ceiling) * pixels * Math.max(1, rate);
    return [{ side, picture, sound, pixels }];
  });
}

/** What libx264 adds to the name of its notes; `.temp` while it writes them, and forever if it is killed meanwhile. */
const noteFiles = ['-0.log', '-0.log.mbtree', '-0.log.temp', '-0.log.mbtree.temp'];

/** One rung: in two passes, and again with a little less if it came out too large. */
async function climb(
  from: Input,
  rung: Rung & { readonly memoryBytes: number },
  { maxBytes }: FitTarget,
  signal: AbortSignal,
  deps: ClipDeps,
): Promise<Fitted | undefined> {
  const { newPath, remove, log, rungMs } = deps;
  const [to, notes] = [newPath(), newPath()];
  const end = Date.now() + rungMs;
  let fitted = false;
  try {
    for (let [tries, aim] = [0, rung.picture]; ; tries++) {
      for (const pass of [1, 2] as const) {
        const timeoutMs = Math.max(1, end - Date.now());
        const args = argumentsOf({ from, to, notes, maxBytes }, { ...rung, picture: aim }, pass);
        await deps.ffmpeg.run(args, { timeoutMs, memoryBytes: rung.memoryBytes, signal });
      }
      const { size } = await stat(to);
      fitted = size <= maxBytes;
      if (fitted) return { path: to, type: 'video/mp4', bytes: size, how: 'smaller' };
      const lower = lowerAims[tries];
      if (lower === undefined) return undefined;
      aim *= (maxBytes / size) * lower;
    }
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof FfmpegError)) throw error;
    log.info({ side: rung.side, err: error }, 'a video could not be made smaller this way');
    return undefined;
  } finally {
    await remove([...(fitted ? [] : [to]), ...noteFiles.map((name) => `${notes}${name}`)]);
  }
}

/** The longer a frame takes, the less is thought about it. */
export function presetFor(pixels: number): 'superfast' | 'veryfast' | 'fast' {
  return pixels > 2_500_000 ? 'superfast' : pixels > 1_000_000 ? 'veryfast' : 'fast';
}

interface Paths {
  readonly from: Input;
  readonly to: string;
  /** Where ffmpeg keeps what it found in the first pass. */
  readonly notes: string;
  readonly maxBytes: number;
}

function argumentsOf({ from, to, notes, maxBytes }: Paths, rung: Rung, pass: 1 | 2): string[] {
  const { side, picture, sound, pixels } = rung;
  // Even sides, whichever of them is the shorter one.
  const scale = `scale=w='if(gt(iw,ih),-2,${side - (side % 2)})':h='if(gt(iw,ih),${side - (side % 2)},-2)':flags=bicubic`;
  const input = inputOf(from);
  const bits = String(Math.floor(picture));
  const video = [
    ...[
      '-vf',
      scale,
      '-pix_fmt',
      'yuv420p',
      '-c:v',
      'libx264',
      '-threads',
      '1',
      '-preset',
      presetFor(pixels),
    ],
    ...['-b:v', bits, '-pass', String(pass), '-passlogfile', notes],
  ];
  if (pass === 1) return [...input, ...video, '-an', '-f', 'null', '-'];
  const audio =
    sound > 0 ? ['-map', '0:a:0', '-c:a', 'aac', '-ac', '2', '-b:a', String(Math.floor(sound))] : ['-an'];
  // Cut off there it is never taken for a fitting one; by how much it is too large, the next try has to know.
  const bound = ['-fs', String(16 * maxBytes)];
  return [...input, ...video, ...audio, ...bound, '-movflags', '+faststart', '-f', 'mp4', `file:${to}`];
}

/** Longest sides of a still image that are tried, pixels. */
const stillSides = [1280, 640, 320] as const;

async function still(
  from: Input,
  memoryBytes: number,
  { maxBytes }: FitTarget,
  signal: AbortSignal,
  { ffmpeg, newPath, remove, log, rungMs }: ClipDeps,
): Promise<Fitted | undefined> {
  const to = newPath();
  let fits = false;
  try {
    for (const side of stillSides) {
      await ffmpeg.run(stillOf(from, to, side), { timeoutMs: rungMs, memoryBytes, signal });
      const { size } = await stat(to);
      fits = size <= maxBytes;
      if (fits) return { path: to, type: 'image/jpeg', bytes: size, how: 'preview' };
    }
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    log.info({ err: error }, 'no still of a video could be made');
    return undefined;
  } finally {
    if (!fits) await remove([to]);
  }
}

function stillOf(from: Input, to: string, side: number): string[] {
  const scale = `scale=w='min(iw,${side})':h='min(ih,${side})':force_original_aspect_ratio=decrease`;
  return [
    ...[...inputOf(from), '-frames:v', '1', '-vf', scale],
    ...['-c:v', 'mjpeg', '-q:v', '4', '-f', 'image2', '-update', '1', `file:${to}`],
  ];
}

/** It is what its bytes say, whatever is inside, and leads to no other file and no network. */
export function inputOf({ path, type }: Input): string[] {
  const format = type === 'video/webm' ? ['-f', 'matroska'] : ['-f', 'mov', '-enable_drefs', '0'];
  return ['-protocol_whitelist', 'file', '-threads', '1', ...format, '-i', `file:${path}`, '-map', '0:v:0'];
}
