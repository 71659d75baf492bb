import type { Redis } from 'ioredis';
import type { Log } from '../log.js';
import { leasesKey } from '../store/redis-fencing.js';

/** A counting semaphore per kind, shared by all processes. */
export interface Slots {
  /** Acquires one more; false if none is free or another process has waited longer. Repeat until it succeeds. */
  take(kind: string): Promise<boolean>;
  /** Releases one. Those of a dead process are released with its lease. */
  giveBack(kind: string): void;
  close(): void;
}

interface Deps {
  readonly redis: Redis;
  /** The number of this process's lease; empty while it holds none. */
  readonly lease: () => string;
  /** By kind. */
  readonly max: Readonly<Record<string, number>>;
  readonly log: Log;
  /** ms between two reports of what this process holds. */
  readonly reportMs?: number;
}

/** Drops what processes held whose lease was struck off, or that have not been heard of for a life beyond its end. */
const dropGone = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local held = redis.call('HGETALL', KEYS[2])
for i = 1, #held, 2 do
  local text = redis.call('HGET', KEYS[1], held[i])
  if not text or cjson.decode(text)['until'] < now - 15000 then redis.call('HDEL', KEYS[2], held[i]) end
end`;

/**
 * KEYS: leases, how many each process holds, turns of those that wait, when they were last heard of. ARGV: lease, most,
 * how many this one holds, ms after which who waits is forgotten. Answers 1 where one more is given.
 */
const takeScript = `
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return 0 end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[3])
${dropGone}
local total = 0
for _, count in ipairs(redis.call('HVALS', KEYS[2])) do total = total + tonumber(count) end
redis.call('HSET', KEYS[4], ARGV[1], now)
for _, other in ipairs(redis.call('ZRANGE', KEYS[3], 0, -1)) do
  local seen = tonumber(redis.call('HGET', KEYS[4], other) or '0')
  if seen < now - tonumber(ARGV[4]) then
    redis.call('ZREM', KEYS[3], other)
    redis.call('HDEL', KEYS[4], other)
  end
end
if not redis.call('ZSCORE', KEYS[3], ARGV[1]) then
  redis.call('ZADD', KEYS[3], redis.call('HINCRBY', KEYS[4], 'turn', 1), ARGV[1])
end
if tonumber(ARGV[2]) - total <= redis.call('ZRANK', KEYS[3], ARGV[1]) then return 0 end
redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[3] + 1)
return 1`;

/** KEYS: leases, how many each process holds. ARGV: lease, how many this one holds. */
const holdScript = `
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return 0 end
if ARGV[2] == '0' then redis.call('HDEL', KEYS[2], ARGV[1]) else redis.call('HSET', KEYS[2], ARGV[1], ARGV[2]) end
return 1`;

/** A waiting process that doesn't ask again within this time is skipped, ms. */
const forgetMs = 600;

/**
 * Slots shared by all processes on one Redis. Each process reports how many it holds periodically, so that a lost
 * report is soon corrected; waiting processes are served in order, one at a time.
 */
export function createSlots({ redis, lease, max, log, reportMs = 3_000 }: Deps): Slots {
  const held = new Map<string, number>();
  const keys = (kind: string) => [`slots:${kind}`, `slots:${kind}:turns`, `slots:${kind}:seen`].map(named);
  const count = (kind: string) => held.get(kind) ?? 0;
  /** By kind: requests for a slot that Redis may have granted without this process knowing it yet. */
  const asking = new Map<string, number>();

  async function say(kind: string): Promise<void> {
    // A count without the slot that was just granted would free it for another process; `take` reports afterwards.
    if ((asking.get(kind) ?? 0) > 0) return;
    const [holders = ''] = keys(kind);
    await redis.eval(holdScript, 2, leasesKey, holders, lease(), count(kind)).catch((error: unknown) => {
      log.debug({ err: error }, 'held slots could not be reported');
    });
  }

  async function request(kind: string, before: number): Promise<boolean> {
    try {
      const args = [lease(), max[kind] ?? 1, before, forgetMs];
      return (await redis.eval(takeScript, 4, leasesKey, ...keys(kind), ...args)) === 1;
    } catch (error) {
      log.debug({ err: error }, 'a slot request failed');
      return false;
    }
  }

  const saying = setInterval(() => {
    for (const kind of held.keys()) void say(kind);
  }, reportMs).unref();

  return {
    async take(kind) {
      const before = count(kind);
      asking.set(kind, (asking.get(kind) ?? 0) + 1);
      const given = await request(kind, before);
      asking.set(kind, (asking.get(kind) ?? 1) - 1);
      if (given) held.set(kind, count(kind) + 1);
      // One was released meanwhile, before Redis knew of this one.
      if (count(kind) !== before + (given ? 1 : 0)) void say(kind);
      return given;
    },
    giveBack(kind) {
      held.set(kind, Math.max(0, count(kind) - 1));
      void say(kind);
    },
    close: () => clearInterval(saying),
  };
}

function named(name: string): string {
  return `easel:${name}`;
}
