import { minute } from '../../util/time.js';
import type { LocalFile } from '../files.js';
import { canvasOf } from '../formats/image-dimensions.js';
import { headOf } from '../http/download.js';
import { type Ffmpeg, FfmpegError, type Said } from '../resize/ffmpeg.js';
import { memoryFor, memoryMargin } from '../resize/fit-clip.js';
import type { Memory } from '../storage/memory-budget.js';
import { type ClipContainer, type ClipHeader, ClipRefusedError } from './clip-types.js';
import { clipInput } from './ffmpeg-input.js';

export interface ReaderDeps {
  readonly ffmpeg: Ffmpeg;
  readonly memory: Memory;
  /** Most memory that ffmpeg may take for one clip, bytes. */
  readonly largest: number;
}

/** What ffmpeg finds in a clip; its size as it is shown. */
export interface FoundClip extends Pick<ClipHeader, 'width' | 'height' | 'rate' | 'hasSound' | 'codec'> {
  /** Seconds, as the container says; undefined if it does not. */
  readonly seconds: number | undefined;
  /** Frames that could be decoded. */
  readonly frames: number;
}

/** Frames of 1080p: what is reckoned with before a header was read. */
const unknownPixels = 2_073_600;
/** Time for reading a header, or all frames of a clip; processor time in seconds. */
const times = {
  header: { timeoutMs: minute, cpuSeconds: 20 },
  all: { timeoutMs: 3 * minute, cpuSeconds: 120 },
} as const;

/** Bytes that it may write where it has nothing to write. */
const writesNothing = 1_000_000;

/** Bytes that ffmpeg takes to read frames of so many pixels. @throws ClipRefusedError if that is more than it may take */
export function readingMemory(pixels: number, largest: number): number {
  const bytes = memoryFor.itself + (pixels || unknownPixels) * memoryFor.read;
  if (bytes > largest) throw new ClipRefusedError('heavy');
  return bytes;
}

/**
 * Lets ffmpeg read a clip: its header and first frame, or (`all`) each frame of it.
 * @throws ClipRefusedError if it cannot; the signal's reason
 */
export async function readWithFfmpeg(
  { path }: Pick<LocalFile, 'path'>,
  { container, pixels, what }: { container: ClipContainer; pixels: number; what: 'header' | 'all' },
  signal: AbortSignal,
  { ffmpeg, memory, largest }: ReaderDeps,
): Promise<FoundClip> {
  const bytes = readingMemory(pixels || (await gifPixels(path, container)), largest);
  const frames = what === 'header' ? ['-frames:v', '1'] : [];
  const args = [...clipInput(path, container), '-map', '0:v:0', ...frames, '-f', 'null', '-'];
  const limits = { ...times[what], memoryBytes: bytes * memoryMargin, fileBytes: writesNothing };
  try {
    const said = await memory.use(bytes, () => ffmpeg.run(args, { ...limits, says: 'info', signal }));
    const found = foundIn(said);
    if (found) return found;
  } catch (error) {
    throw refusalOf(error, signal);
  }
  throw new ClipRefusedError('broken');
}

async function gifPixels(path: string, container: ClipContainer): Promise<number> {
  if (container !== 'gif') return 0;
  const { width = 0, height = 0 } = canvasOf(await headOf(path)) ?? {};
  return width * height;
}

/** A failure of ffmpeg as what is wrong with the clip. */
export function refusalOf(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (!(error instanceof FfmpegError)) return error;
  if (error.isLimited) return new ClipRefusedError('heavy', {}, { cause: error });
  const isSilentFilm = /Stream map '0:v:0' matches no streams/.test(error.said.end);
  const isSound = isSilentFilm && /^\s*Stream #0:\d.*: Audio: /m.test(error.said.start);
  return new ClipRefusedError(isSound ? 'pictureless' : 'broken', {}, { cause: error });
}

/**
 * What ffmpeg's log says of the first input ("Stream #0:0: Video: h264 (High), yuv420p, 640x360, 25 fps"). A clip can
 * write lies into it; they only mislead the plan, since what is made of it is judged by its own bytes.
 */
function foundIn({ start, end }: Said): FoundClip | undefined {
  const input = start.split(/^(?:Stream mapping|Output #0)/m)[0] ?? '';
  const stream = /^\s*Stream #0:\d.*?: Video: (\w+)(.*)$/m.exec(input);
  const size = stream && /, (\d{1,5})x(\d{1,5})[ ,]/.exec(`${stream[2]},`);
  if (!stream || !size) return undefined;
  const frames = [...end.matchAll(/frame=\s*(\d+)/g)].at(-1)?.[1];
  const [width, height] = [Number(size[1]), Number(size[2])];
  const turn = Math.abs(Number(/displaymatrix: rotation of (-?[\d.]+) degrees/.exec(input)?.[1] ?? 0));
  return {
    codec: stream[1],
    ...(turn > 45 && turn < 135 ? { width: height, height: width } : { width, height }),
    rate: Number(/, ([\d.]+) fps/.exec(stream[2] ?? '')?.[1] ?? 0),
    seconds: secondsIn(input),
    hasSound: /^\s*Stream #0:\d.*: Audio: /m.test(input),
    frames: Number(frames ?? 0),
  };
}

function secondsIn(input: string): number | undefined {
  const [, hours, minutes, seconds] = /^\s*Duration: (\d+):(\d\d):(\d\d\.\d+)/m.exec(input) ?? [];
  if (hours === undefined) return undefined;
  return Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds);
}
