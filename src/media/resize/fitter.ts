import PQueue from 'p-queue';
import type { Log } from '../../log.js';
import { minute } from '../../util/time.js';
import type { Decoder } from '../decoding/decoder.js';
import type { LocalFile } from '../files.js';
import type { Memory } from '../storage/memory-budget.js';
import type { Spool } from '../storage/spool.js';
import { adaptClip } from './adapt-clip.js';
import { createFfmpeg } from './ffmpeg.js';
import { fitClip } from './fit-clip.js';
import { fitPicture } from './fit-picture.js';
import type { FitTarget, Fitted } from './fit-target.js';
import type { Obstacle } from './inline-playback.js';

/** Makes files small enough for where they go. */
export interface Fitter {
  /**
   * The best version of a file with at most so many bytes; undefined if there is none.
   * @throws the signal's reason; an Error of the disk.
   */
  fit(file: LocalFile, target: FitTarget, options: { signal: AbortSignal }): Promise<Fitted | undefined>;
  /**
   * A video as an MP4 that plays inside every Discord client: put into another container, encoded again only if it
   * has to be; undefined if that cannot be done, or not with so few bytes.
   * @throws as `fit`.
   */
  adapt(
    file: LocalFile,
    obstacle: Obstacle,
    options: FitTarget & { readonly signal: AbortSignal },
  ): Promise<Fitted | undefined>;
}

interface Deps {
  readonly spool: Spool;
  readonly decoder: Decoder;
  /** What ffmpeg shares with all else that takes much memory. */
  readonly memory: Memory;
  readonly log: Log;
  /** Path of an ffmpeg; without one videos cannot be made smaller. */
  readonly ffmpeg?: string;
  /** Videos at once, and images at once (FIT_CONCURRENCY). */
  readonly concurrency?: number;
  /** Longest time for one step of a ladder, ms. */
  readonly rungMs?: number;
}

export function createFitter(deps: Deps): Fitter {
  const { spool, decoder, memory, log, ffmpeg, concurrency = 1, rungMs = 3 * minute } = deps;
  const queues = { image: new PQueue({ concurrency }), video: new PQueue({ concurrency }) };
  const parts = { newPath: spool.newPath, remove: spool.remove, log, rungMs };
  const clips = ffmpeg === undefined ? undefined : { ...parts, memory, ffmpeg: createFfmpeg(ffmpeg) };

  return {
    async fit(file, target, { signal }) {
      // It is written again, at most as long as it may be; the notes of ffmpeg's first pass are small.
      const room = await spool.hold(target.maxBytes);
      try {
        if (file.type.startsWith('image/')) {
          return await queues.image.add(() => fitPicture(file, target, { ...parts, decoder }), { signal });
        }
        if (!clips) return undefined;
        return await queues.video.add(() => fitClip(file, target, { signal }, clips), { signal });
      } finally {
        room.leave();
      }
    },
    async adapt(file, obstacle, { maxBytes, signal }) {
      if (!clips || obstacle === 'none') return undefined;
      const room = await spool.hold(maxBytes);
      try {
        const adapt = () => adaptClip(file, obstacle, { maxBytes, signal }, clips);
        return await queues.video.add(adapt, { signal });
      } finally {
        room.leave();
      }
    },
  };
}
