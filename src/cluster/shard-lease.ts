import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Shards } from '../config/config.js';
import type { Log } from '../log.js';
import { leasesKey } from '../store/redis-fencing.js';
import { toStoreError } from '../store/store-error.js';
import { fateOf, identityOf, processIdentity } from '../util/process-liveness.js';
import { createHeartbeat } from './heartbeat.js';
import { settled } from './redis-connection.js';
import { isWhole } from './shard-ranges.js';
import type { Lease } from './store-lease.js';

interface Deps {
  readonly redis: Redis;
  readonly shards: Shards;
  /** Equal in processes whose texts are equal. */
  readonly texts?: string;
  readonly log: Log;
  /** Called if another process has taken over, for example after a sleep: this one must do nothing more. */
  readonly onLost: () => void;
  /**
   * Called with the lease's number (fencing token) before anything is done under it; greater numbers fence off
   * earlier ones.
   */
  readonly onTaken: (number: string) => void;
  readonly pid?: number;
  /** ms since the epoch. */
  readonly now?: () => number;
  /** Monotonic ms, unaffected by clock changes. */
  readonly monotonic?: () => number;
  /** ms without a heartbeat after which a holder counts as dead. */
  readonly lifeMs?: number;
}

/** KEYS: leases, counter. ARGV: the claim, life in ms, and numbers whose processes are dead. Answers the number, or how long to wait. */
const takeScript = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local claim = cjson.decode(ARGV[1])
local dead = {}
for i = 3, #ARGV do dead[ARGV[i]] = true end
local function meets(other)
  if claim.ids == '' or other.ids == '' or claim.count ~= other.count then return true end
  for id in string.gmatch(claim.ids, '%d+') do
    if string.find(other.ids, ',' .. id .. ',', 1, true) then return true end
  end
  return false
end
local all, gone = redis.call('HGETALL', KEYS[1]), {}
for i = 1, #all, 2 do
  local other = cjson.decode(all[i + 1])
  if meets(other) then
    if other['until'] > now and not dead[all[i]] then return {'', other['until'] - now} end
    gone[#gone + 1] = all[i]
  end
end
for _, number in ipairs(gone) do redis.call('HDEL', KEYS[1], number) end
local number = redis.call('INCR', KEYS[2])
claim['until'] = now + tonumber(ARGV[2])
redis.call('HSET', KEYS[1], number, cjson.encode(claim))
return {tostring(number), 0}`;

/** KEYS: leases. ARGV: the number, life in ms. Answers whether it is still ours. */
const renewScript = `
local text = redis.call('HGET', KEYS[1], ARGV[1])
if not text then return 0 end
local time = redis.call('TIME')
local claim = cjson.decode(text)
claim['until'] = time[1] * 1000 + math.floor(time[2] / 1000) + tonumber(ARGV[2])
redis.call('HSET', KEYS[1], ARGV[1], cjson.encode(claim))
return 1`;

const taken = z.tuple([z.string(), z.number()]);
/** Claims of earlier versions do not say when their process was begun. */
const claim = processIdentity.extend({ startedAt: z.string().default(''), texts: z.string().optional() });
const counterKey = 'easel:lease';
/** Longest interval between checks of a waiting process, ms. */
const patienceMs = 500;

/**
 * The right to shards, each held by one process at a time, in a Redis. A process without it responds to no one. Each
 * lease has a number, and writes under a number that was struck off are refused (store/redis-fencing).
 *
 * It is another thing than the lease of a whole store (store-lease), which is one row changed by compare-and-set: many
 * processes hold leases here at once, a claim must be compared with all of them in one step, every script that writes looks
 * into the same register, and one clock, Redis's, says whose life is over. A process that has shown no sign of life for that
 * long loses its shards as soon as another one wants them; one that died on this machine loses them at once.
 */
export function createRangeLease(deps: Deps): Lease {
  const { redis, shards, log, onLost, onTaken, pid = process.pid, lifeMs = 15_000 } = deps;
  const { now = Date.now, monotonic = () => performance.now() } = deps;
  const all = shards === 'auto' || isWhole(shards);
  const wanted = {
    ids: all ? '' : `,${shards.ids.join(',')},`,
    count: shards === 'auto' ? 0 : shards.count,
    ...identityOf(pid),
    ...(deps.texts !== undefined && { texts: deps.texts }),
  };
  let number = '';
  const heartbeat = createHeartbeat({
    lifeMs,
    onLost,
    now,
    monotonic,
    renew: async () => (await redis.eval(renewScript, 1, leasesKey, number, lifeMs)) === 1,
    onFailure: (error) =>
      log.warn({ err: toStoreError(error, 'leases', 'away') }, 'the shard lease could not be renewed'),
  });

  /** When the claim left that was granted. */
  let asked = heartbeat.clocks();

  async function attempt(): Promise<number> {
    await settled(redis);
    const args = [JSON.stringify(wanted), String(lifeMs), ...(await dead(redis))];
    asked = heartbeat.clocks();
    const [given, waitMs] = taken.parse(await redis.eval(takeScript, 2, leasesKey, counterKey, ...args));
    number = given;
    return waitMs;
  }

  return {
    async take(signal) {
      for (let said = false; ; ) {
        const waitMs = await ask(attempt);
        if (number !== '') break;
        if (!said) log.info({ shards }, 'another process holds these shards; waiting for it to stop');
        said = true;
        await sleep(Math.min(waitMs + 1, patienceMs), undefined, signal && { signal });
      }
      log.info({ shards, lease: number }, 'shards claimed');
      if (deps.texts !== undefined && (await differ(redis, deps.texts)))
        log.warn(
          {},
          'another process of this fleet has other texts: give all the same version and LOCALES_DIR',
        );
      onTaken(number);
      heartbeat.start(asked);
      return true;
    },
    confirm: heartbeat.confirm,
    async release() {
      heartbeat.stop();
      if (number !== '') await redis.hdel(leasesKey, number).catch(() => 0);
    },
  };
}

async function ask<R>(work: () => Promise<R>): Promise<R> {
  try {
    return await work();
  } catch (error) {
    throw toStoreError(error, 'leases', 'away');
  }
}

/** Lease numbers of processes that died on this machine. */
async function dead(redis: Deps['redis']): Promise<string[]> {
  const holders = Object.entries(await redis.hgetall(leasesKey));
  return holders.flatMap(([id, text]) => {
    const holder = claim.safeParse(JSON.parse(text)).data;
    return holder && fateOf(holder) === 'dead' ? [id] : [];
  });
}

/** Whether a process that holds other shards speaks in other words. What cannot be read is no reason to stop. */
async function differ(redis: Deps['redis'], texts: string): Promise<boolean> {
  const holders = await redis.hvals(leasesKey).catch(() => []);
  return holders.some((text) => {
    const other = claim.safeParse(JSON.parse(text)).data?.texts;
    return other !== undefined && other !== texts;
  });
}
