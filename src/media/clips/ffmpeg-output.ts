import { memoryMargin } from '../resize/fit-clip.js';
import type { Spool } from '../storage/spool.js';
import { type ReaderDeps, refusalOf } from './clip-reader.js';

export interface ConversionDeps extends ReaderDeps {
  readonly spool: Pick<Spool, 'newPath' | 'remove' | 'hold'>;
}

interface Writing {
  /** Memory that ffmpeg needs, bytes. */
  readonly bytes: number;
  /** Bytes that the file may have. It is written up to twice of that: one that was merely cut off would look right. */
  readonly maxBytes: number;
  /**
   * Bytes that are held for it in the spool.
   * @default as many as it may have
   */
  readonly roomBytes?: number;
  readonly timeoutMs: number;
  /** Processor time, seconds. */
  readonly cpuSeconds: number;
  readonly signal: AbortSignal;
}

/** An MP4 that plays while it loads, without what another file said of itself. */
const asMp4 = ['-map_metadata', '-1', '-map_chapters', '-1', '-movflags', '+faststart', '-f', 'mp4'];

/**
 * Runs ffmpeg, and lets the MP4 that it wrote be judged: nothing is left of one that is refused.
 * @param args what comes before the output
 * @throws ClipRefusedError; what `judge` throws; the signal's reason
 */
export async function writeClip<T>(
  args: readonly string[],
  { bytes, maxBytes, roomBytes = maxBytes, timeoutMs, cpuSeconds, signal }: Writing,
  { ffmpeg, memory, spool }: ConversionDeps,
  judge: (path: string) => Promise<T>,
): Promise<T> {
  const path = spool.newPath();
  const room = await spool.hold(roomBytes);
  const fileBytes = 2 * maxBytes;
  const all = [...args, '-fs', String(fileBytes), ...asMp4, `file:${path}`];
  let isMade = false;
  try {
    const limits = { timeoutMs, cpuSeconds, memoryBytes: bytes * memoryMargin, fileBytes, signal };
    await memory.use(bytes, () => ffmpeg.run(all, limits));
    const made = await judge(path);
    isMade = true;
    return made;
  } catch (error) {
    throw refusalOf(error, signal);
  } finally {
    room.leave();
    if (!isMade) await spool.remove([path]);
  }
}
