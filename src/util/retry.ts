import { sleep } from './abort.js';
import { minute } from './time.js';

export interface RetryOptions {
  /** ms before the second attempt. */
  readonly firstMs: number;
  /** What each wait is multiplied by for the next one. @default 2 */
  readonly factor?: number;
  /** Waits grow up to this, ms. @default 60_000 */
  readonly maxMs?: number;
  /** Whether waits are `jittered`. @default true */
  readonly jitter?: boolean;
  /** Attempts in all, the first one included. @default Infinity */
  readonly tries?: number;
  /** Ends the waits and the attempts that are still to come; the current attempt has to respect it by itself. */
  readonly signal?: AbortSignal;
  /** false: a wait alone doesn't keep the process from exiting. @default true */
  readonly ref?: boolean;
  /**
   * Called after each attempt that threw, unless the signal has aborted. Every error is retried that this doesn't turn down:
   * it throws, the same error or a better one, to give up. A promise is awaited.
   */
  readonly onFailure?: (error: unknown, next: NextAttempt) => unknown;
}

export interface NextAttempt {
  /** ms until then, before jitter. */
  readonly againInMs: number;
  /** Attempts left; after the last one the error is thrown. */
  readonly left: number;
}

/**
 * Runs `attempt` until it succeeds, with waits that grow.
 * @throws the last attempt's error once no tries are left; what `onFailure` throws; the signal's reason.
 */
export async function retry<T>(attempt: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { firstMs, factor = 2, maxMs = minute, jitter = true, ref = true, signal, onFailure } = options;
  let left = options.tries ?? Number.POSITIVE_INFINITY;
  for (let wait = firstMs; ; wait = Math.min(wait * factor, maxMs)) {
    signal?.throwIfAborted();
    left -= 1;
    try {
      return await attempt();
    } catch (error) {
      signal?.throwIfAborted();
      await onFailure?.(error, { againInMs: wait, left });
      if (left <= 0) throw error;
      await sleep(jitter ? jittered(wait) : wait, signal, { ref });
    }
  }
}

/**
 * A wait before something is tried again, ms: up to a quarter longer. Hundreds of tasks hit by one outage must not all
 * come back at the same instant; and never sooner, so that a minimum stays a minimum.
 */
export function jittered(ms: number, random: () => number = Math.random): number {
  return ms * (1 + random() / 4);
}
