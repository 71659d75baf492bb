import { minute } from '../../util/time.js';
/** How fast a download must be at least: so many bytes in every so many ms. */
export interface Pace {
  readonly bytes: number;
  readonly ms: number;
}

/** Below that a server holds a place that others need, however steadily it drips: 16 kB/s. */
export const leastPace: Pace = { bytes: 960_000, ms: minute };

/** A download that was given up although something still came. */
export class PaceError extends Error {
  override readonly name = 'PaceError';
}

export interface PaceOptions {
  readonly pace?: Pace;
  /** When it is given up however fast it is, ms since the epoch. */
  readonly until: number;
  readonly now: () => number;
}

/** Watches one attempt. @returns called with the bytes of each chunk; throws PaceError where it is to be given up. */
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
