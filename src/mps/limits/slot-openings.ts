import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';

/**
 * When slots open that were given back before that, for all processes on one Redis: the next holder of any slot takes the
 * first of these times. So there are never more requests than slots, and a slot loses no time when it goes from one process
 * to the next, as long as the way is shorter than it is given back early.
 */
export interface SlotOpenings {
  /**
   * To be called before a slot is given back that opens at `at`, by `performance.now()`.
   * @throws errors of Redis: then no one knows when it opens
   */
  leave(at: number): Promise<void>;
  /**
   * @returns when the slot opens that was just handed out, by `performance.now()`
   * @throws errors of Redis
   */
  take(): Promise<number>;
}

/** ms after which all openings are long past: a slot is given back a moment before it opens. */
const lifeMs = 60_000;

/** Redis's clock is the one that all processes share; its numbers have three decimals, as its clock has. */
const clock = `
local time = redis.call('time')
local now = time[1] * 1000 + time[2] / 1000
`;

const leaveScript = `${clock}
redis.call('zadd', KEYS[1], string.format('%.3f', now + ARGV[1]), ARGV[2])
redis.call('pexpire', KEYS[1], ARGV[3])
`;

/** What is past is open, and needn't be remembered. */
const takeScript = `${clock}
redis.call('zremrangebyscore', KEYS[1], '-inf', string.format('%.3f', now))
local first = redis.call('zrange', KEYS[1], 0, 0, 'withscores')
if #first == 0 then return '0' end
redis.call('zrem', KEYS[1], first[1])
return string.format('%.3f', first[2] - now)
`;

/**
 * Both ways err towards later: a time is counted from when Redis hears of it, and from when its answer is here.
 * @param id of the limiter
 */
export function createSlotOpenings(redis: Redis, id: string): SlotOpenings {
  const key = `${id}:openings`;
  return {
    async leave(at) {
      const inMs = Math.max(0, at - performance.now());
      await redis.eval(leaveScript, 1, key, inMs.toFixed(3), randomUUID(), lifeMs);
    },
    async take() {
      const inMs = Number(await redis.eval(takeScript, 1, key));
      return performance.now() + inMs;
    },
  };
}
