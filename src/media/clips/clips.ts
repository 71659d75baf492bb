import PQueue from 'p-queue';
import type { LocalFile } from '../files.js';
import { createFfmpeg } from '../resize/ffmpeg.js';
import type { Memory } from '../storage/memory-budget.js';
import type { Spool } from '../storage/spool.js';
import { type ClipHeader, ClipRefusedError, type ClipRule, type Clips, type FitClip } from './clip-types.js';
import { convertClip, readWhole } from './conversion.js';
import type { ConversionDeps } from './ffmpeg-output.js';
import { inspectClip } from './inspection.js';
import { joinClips } from './join.js';
import { takeLastFrame } from './last-frame.js';

interface Deps {
  readonly spool: Pick<Spool, 'newPath' | 'remove' | 'hold'>;
  /** What ffmpeg shares with all else that takes much memory. */
  readonly memory: Memory;
  /** Path of an ffmpeg; without one, clips are only looked at. */
  readonly ffmpeg?: string;
  /** Clips at once (FIT_CONCURRENCY). */
  readonly concurrency?: number;
  /**
   * Most memory for one clip, bytes: a larger one is refused.
   * @default enough for encoding 4K
   */
  readonly largest?: number;
}

/** Reading and encoding 3840 × 2160 pixels takes 530 MB. */
export const leastForClips = 600_000_000;

type File = Pick<LocalFile, 'path' | 'bytes'>;

export function createClips({
  spool,
  memory,
  ffmpeg,
  concurrency = 1,
  largest = leastForClips,
}: Deps): Clips {
  const queue = new PQueue({ concurrency });
  const parts: ConversionDeps | undefined =
    ffmpeg === undefined ? undefined : { ffmpeg: createFfmpeg(ffmpeg), memory, spool, largest };

  /** Runs what needs ffmpeg, in turn. */
  function inTurn<T>(signal: AbortSignal, work: (deps: ConversionDeps) => Promise<T>): Promise<T> {
    if (!parts) throw new ClipRefusedError('unconverted', {});
    // Once begun it runs to its end: the file that it writes must not be removed under it.
    return queue.add(() => work(parts), { signal });
  }

  async function fitting(file: File, rule: ClipRule, signal: AbortSignal, cutTo?: number): Promise<FitClip> {
    const isCut = cutTo !== undefined;
    const cut = isCut ? Math.min(cutTo, rule.maxSeconds) : undefined;
    const allowed = isCut ? { ...rule, maxSeconds: Number.POSITIVE_INFINITY } : rule;
    const verdict = await inspectClip(file, allowed);
    if (verdict.kind === 'refuse') throw new ClipRefusedError(verdict.refusal, verdict.params);
    const { header } = verdict;
    const isShortEnough = cut === undefined || (header.seconds !== undefined && header.seconds <= cut);
    const isAsItIs = isShortEnough && (verdict.kind === 'fits' || (!parts && !verdict.isNeeded));
    if (isAsItIs && parts) await inTurn(signal, (deps) => readWhole(file, header, signal, deps));
    if (isAsItIs) return asItIs(file, header);
    const flaws = verdict.kind === 'convert' ? verdict.flaws : [];
    const order = { header, flaws, rule, signal, cutTo: isShortEnough ? undefined : cut };
    return inTurn(signal, (deps) => convertClip(file, order, deps));
  }

  return {
    canConvert: parts !== undefined,
    inspect: inspectClip,
    fit: (file, rule, { signal, cutTo }) => fitting(file, rule, signal, cutTo),
    lastFrame: async (file, { signal }) => inTurn(signal, (deps) => takeLastFrame(file, signal, deps)),
    join: async (first, second, options) =>
      inTurn(options.signal, (deps) => joinClips(first, second, options, deps)),
  };
}

function asItIs(file: File, { container, seconds = 0, width, height }: ClipHeader): FitClip {
  const type = container === 'quicktime' ? 'video/quicktime' : 'video/mp4';
  return { ...file, type, seconds, width, height, converted: false };
}
