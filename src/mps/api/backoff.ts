import { minute } from '../../util/time.js';

const base = 250;
const cap = 10_000;
/** A server may ask for more patience than our cap, but not for any amount. */
const longestRetryAfter = minute;

/**
 * How long to wait after the `refusals`-th refusal in a row (1 is the first), ms: "full jitter", anywhere between
 * nothing and a bound that doubles up to 10 s, on top of what the server's Retry-After asked for.
 */
export function backoffMs(refusals: number, random: () => number, retryAfterMs = 0): number {
  const bound = Math.min(cap, base * 2 ** (refusals - 1));
  return Math.min(retryAfterMs, longestRetryAfter) + random() * bound;
}

/**
 * How long to wait while the account has as many tasks at MPS as it may, ms: until one of them ends, which is no matter of
 * seconds. 8–20 s, as Tencent's own tools wait.
 */
export function fullBackoffMs(random: () => number): number {
  return 8_000 + random() * 12_000;
}
