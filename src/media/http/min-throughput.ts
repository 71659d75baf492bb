import { minute } from '../../util/time.js';
/** Minimum throughput of a download: bytes per interval (ms). */
export interface Pace {
  readonly bytes: number;
  readonly ms: number;
}

/** Below 16 kB/s a download occupies a slot that others need, however steady it is. */
export const leastPace: Pace = { bytes: 960_000, ms: minute };

/** A download was aborted although data was still arriving. */
export class PaceError extends Error {
  override readonly name = 'PaceError';
}

export interface PaceOptions {
  readonly pace?: Pace;
  /** Deadline regardless of speed, ms since the epoch. */
  readonly until: number;
  readonly now: () => number;
}

/**
 * Monitors one attempt.
 * @returns a function called with the bytes of each chunk; it throws PaceError to abort.
 */
export function watchPace({ pace = leastPace, until, now }: PaceOptions): (bytes: number) => void {
  let since = now();
  let came = 0;
  return (bytes) => {
    came += bytes;
    const at = now();
    if (at >= until) throw new PaceError('The download took too long.');
    const ms = at - since;
    if (ms < pace.ms) return;
    if (came * pace.ms < pace.bytes * ms) throw new PaceError(`Only ${came} bytes came in ${ms} ms.`);
    since = at;
    came = 0;
  };
}
