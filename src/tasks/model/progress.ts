/** When a result is expected, ms since the epoch: as likely before `median` as after it, and nine times in ten before `p90`. */
export interface Expected {
  readonly median: number;
  readonly p90: number;
}

/** What a user sees of an unfinished task. */
export interface Progress {
  /** Tasks ahead in the queue. */
  readonly ahead?: number;
  /** When its turn is expected, ms since the epoch. */
  readonly startsAt?: number;
  /** When a running task is expected to end. */
  readonly expected?: Expected;
  /** Slow: later than half of all tasks; late: later than nine in ten. */
  readonly pace?: 'slow' | 'late';
  /** MPS is unreachable, throttling, or at the account's concurrency limit; Easel keeps trying. */
  readonly waitingFor?: 'unreachable' | 'throttled' | 'full';
  /** The result is being made smaller for its destination. */
  readonly fitting?: true;
}
