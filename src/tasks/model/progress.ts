import { hour, minute } from '../../util/time.js';

/** When a result is expected, ms since the epoch: as likely before `median` as after it, and nine times in ten before `p90`. */
export interface Expected {
  readonly median: number;
  readonly p90: number;
}

/**
 * When something is expected, as far as it is worth saying, ms since the epoch: from when on, and by when nine times in
 * ten.
 */
export interface TimeWindow {
  readonly from?: number;
  readonly to?: number;
}

/** A time closer than this would have passed before it could be corrected, ms; it isn't said. */
export const soonMs = 30_000;

/**
 * The times that may be shown: none that is about to pass, and no two that Discord's relative format would show as the
 * same. The one function for cards and lists. Pure.
 */
export function worthSaying({ median, p90 }: Expected, now: number): TimeWindow {
  const hasFrom = median - now >= soonMs;
  const hasTo = p90 - now >= soonMs && (!hasFrom || p90 - median >= unitOf(p90 - now));
  return { ...(hasFrom && { from: median }), ...(hasTo && { to: p90 }) };
}

/** The step in which Discord's relative format counts down, ms. */
function unitOf(ms: number): number {
  return ms < hour ? minute : hour;
}

/** What a user sees of an unfinished task. */
export interface Progress {
  /** Tasks ahead in the queue. */
  readonly ahead?: number;
  /** When its turn is expected. */
  readonly starts?: TimeWindow;
  /** When a running task is expected to end. */
  readonly expected?: TimeWindow;
  /** Slow: later than half of all tasks; late: later than nine in ten. */
  readonly pace?: 'slow' | 'late';
  /** MPS is unreachable, throttling, or at the account's concurrency limit; Easel keeps trying. */
  readonly waitingFor?: 'unreachable' | 'throttled' | 'full';
  /** The result is being made smaller for its destination. */
  readonly fitting?: true;
  /** Moderators can't be asked for now: their channel is gone or closed. */
  readonly reviewersAway?: true;
}
