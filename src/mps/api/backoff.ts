import { minute } from '../../util/time.js';

const base = 250;
const cap = 10_000;
/** A server may ask for a longer delay than our cap, but not for an unlimited one. */
const longestRetryAfter = minute;

/**
 * Delay after the `refusals`-th consecutive refusal (1 is the first), ms: "full jitter", between zero and a bound
 * that doubles up to 10 s, on top of the server's Retry-After.
 */
export function backoffMs(refusals: number, random: () => number, retryAfterMs = 0): number {
  const bound = Math.min(cap, base * 2 ** (refusals - 1));
  return Math.min(retryAfterMs, longestRetryAfter) + random() * bound;
}

/**
 * Delay while the account is at its concurrency limit, ms: until a task ends, which isn't a matter of seconds. 8–20
 * s, like Tencent's own tools.
 */
export function fullBackoffMs(random: () => number): number {
  return 8_000 + random() * 12_000;
}
