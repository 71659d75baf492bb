import { stat } from 'node:fs/promises';
import { minute } from '../../util/time.js';
import type { LocalFile } from '../files.js';
import { FfmpegError } from '../resize/ffmpeg.js';
import { memoryMargin } from '../resize/fit-clip.js';
import { readingMemory, readWithFfmpeg, refusalOf } from './clip-reader.js';
import { type ClipContainer, ClipRefusedError } from './clip-types.js';
import { clipInput } from './ffmpeg-input.js';
import type { ConversionDeps } from './ffmpeg-output.js';
import { headerForFfmpeg } from './inspection.js';

/** How long before its end a clip is read to find the last frame, seconds. */
const look = 0.4;
/** Bytes a pixel of a frame that waits to be put in reverse order, and of the PNG that is made. */
const perPixel = { frame: 1.5, png: 8 } as const;
const times = { timeoutMs: 3 * minute, cpuSeconds: 170 } as const;

type Png = LocalFile & { readonly type: 'image/png' };

/** The last frame that a player shows, as PNG in square pixels. @throws ClipRefusedError; the signal's reason */
export async function takeLastFrame(
  file: LocalFile,
  signal: AbortSignal,
  deps: ConversionDeps,
): Promise<Png> {
  const { spool, largest } = deps;
  const header = await headerForFfmpeg(file);
  const { container } = header;
  const asked = { container, pixels: header.width * header.height };
  const found = await readWithFfmpeg(file, { ...asked, what: 'header' }, signal, deps);
  const pixels = found.width * found.height;
  const kept = Math.ceil((found.rate || 30) * look) + 1;
  const bytes = readingMemory(pixels, largest) + pixels * (perPixel.frame * kept + perPixel.png);
  const path = spool.newPath();
  const fileBytes = 1_000_000 + pixels * perPixel.png;
  const room = await spool.hold(fileBytes);
  const draw = (args: readonly string[]) => drawPng(args, { path, bytes, fileBytes, signal }, deps);
  let png: Png | undefined;
  try {
    const seconds = header.seconds ?? found.seconds;
    if (seconds !== undefined) png = await draw(fromEnd(file.path, container, seconds));
    if (png) return png;
    // Sound may go on after the picture, and a header may lie: then all frames are counted first.
    const { frames } = await readWithFfmpeg(file, { ...asked, what: 'all' }, signal, deps);
    png = await draw(byNumber(file.path, container, frames));
    if (png) return png;
  } catch (error) {
    throw refusalOf(error, signal);
  } finally {
    room.leave();
    if (!png) await spool.remove([path]);
  }
  throw new ClipRefusedError('broken');
}

/** @returns undefined if there was no frame */
async function drawPng(
  args: readonly string[],
  target: { path: string; bytes: number; fileBytes: number; signal: AbortSignal },
  { ffmpeg, memory }: ConversionDeps,
): Promise<Png | undefined> {
  const { path, bytes, fileBytes, signal } = target;
  const png = [
    '-frames:v',
    '1',
    '-c:v',
    'png',
    '-pred',
    'mixed',
    '-f',
    'image2',
    '-update',
    '1',
    `file:${path}`,
  ];
  const options = { ...times, memoryBytes: bytes * memoryMargin, fileBytes, signal };
  try {
    await memory.use(bytes, () => ffmpeg.run([...args, ...png], options));
    const { size } = await stat(path);
    return size > 0 ? { path, type: 'image/png', bytes: size } : undefined;
  } catch (error) {
    const isEmpty = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (isEmpty || (error instanceof FfmpegError && !error.isLimited)) return undefined;
    throw error;
  }
}

/** Square pixels, as a player shows them. */
const square = "scale='trunc(iw*max(1,sar)/2+0.5)*2':'trunc(ih/min(1,sar)/2+0.5)*2',setsar=1,format=rgb24";

function fromEnd(path: string, container: ClipContainer, seconds: number): string[] {
  const before = ['-ss', String(Math.max(0, seconds - look))];
  return [...clipInput(path, container, before), '-map', '0:v:0', '-vf', `reverse,${square}`];
}

function byNumber(path: string, container: ClipContainer, frames: number): string[] {
  const filter = `select='gte(n,${Math.max(0, frames - 1)})',${square}`;
  return [...clipInput(path, container), '-map', '0:v:0', '-vf', filter];
}
