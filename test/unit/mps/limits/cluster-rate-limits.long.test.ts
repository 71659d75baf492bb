import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectRedis } from '../../../../src/cluster/redis-connection.js';
import { silentLog } from '../../../../src/log.js';
import { createSharedLimits } from '../../../../src/mps/limits/cluster-rate-limits.js';
import type { Limits } from '../../../../src/mps/limits/rate-limits.js';
import { hasRedis, type RedisServer, startRedis } from '../../../support/redis.js';
import { until } from '../../../support/until.js';

const action = 'CreateAigcImageTask';
const question = 'DescribeAigcImageTask';

/** The most within any sliding second. */
function mostInASecond(times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  return Math.max(0, ...sorted.map((start) => sorted.filter((t) => t >= start && t < start + 1000).length));
}

describe.skipIf(!hasRedis)('shared limits', () => {
  let redis: RedisServer;
  let all: Limits[] = [];
  let arrivals: number[] = [];
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());
  beforeEach(async () => {
    await redis.command('FLUSHALL');
    arrivals = [];
  });
  afterEach(async () => {
    await Promise.all(all.map((limits) => limits.close()));
    all = [];
  });

  function open(rate = 20): Limits {
    const limits = createSharedLimits({
      connect: () => connectRedis(redis.url(), { comesBack: false }),
      share: 0.5,
      log: silentLog,
      rates: { [action]: rate, [question]: rate },
    });
    all.push(limits);
    return limits;
  }
  const arrive = async () => {
    await sleep(Math.random() * 30);
    arrivals.push(performance.now());
    await sleep(Math.random() * 30);
  };

  it('let no more than the rate arrive in any sliding second, from all processes together', async () => {
    const processes = [open(), open(), open()];
    const jobs = Array.from({ length: 60 }, (_, n) => processes[n % 3]?.[action].run(arrive));
    await Promise.all(jobs);
    expect(arrivals).toHaveLength(60);
    expect(mostInASecond(arrivals)).toBeLessThanOrEqual(20);
  });

  it('reuse a released slot at once, and prepare before the request', async () => {
    const limits = open(1);
    const did: string[] = [];
    for (let n = 0; n < 3; n++) await limits[action].run(async (slot) => slot.giveBack());
    const refused = limits[action].run(arrive, { prepare: () => Promise.reject(new Error('not now')) });
    await expect(refused).rejects.toThrow('not now');
    const prepare = async () => void did.push('prepared');
    await limits[action].run(async () => void did.push('sent'), { prepare });
    expect([did, arrivals]).toEqual([['prepared', 'sent'], []]);
  });

  it('let a waiting job leave, and leave a running one alone', async () => {
    const limits = open(1);
    const leaving = new AbortController();
    const begun = gate();
    const work = () => {
      begun.resolve();
      return sleep(100).then(() => 'done');
    };
    const running = limits[action].run(work, { signal: leaving.signal });
    const waiting = limits[action].run(arrive, { signal: leaving.signal });
    await begun.promise;
    leaving.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    await expect(running).resolves.toBe('done');
    expect(arrivals).toEqual([]);
  });

  it.each(['keeps its file', 'has forgotten everything'])(
    'fall back to the share of a process while Redis is unavailable, and are shared again when it %s',
    async (how) => {
      const limits = open(20);
      await limits[question].run(arrive);
      await redis.kill();
      await Promise.all(Array.from({ length: 15 }, () => limits[question].run(arrive)));
      expect(mostInASecond(arrivals.slice(1))).toBeLessThanOrEqual(10);
      await redis.start();
      if (how !== 'keeps its file') await redis.command('FLUSHALL');
      const other = open(20);
      await until('they count together', async () => {
        await Promise.all([limits, other].map((each) => each[question].run(arrive)));
        return shared();
      });
    },
  );

  it('survive a Redis that loses all their data', async () => {
    const limits = open(5);
    await limits[action].run(arrive);
    await redis.command('FLUSHALL');
    await Promise.all(Array.from({ length: 10 }, () => limits[action].run(arrive)));
    expect(arrivals).toHaveLength(11);
  });

  it('reject waiting jobs when they are closed, and let running ones finish', async () => {
    const limits = open(1);
    const begun = gate();
    const running = limits[action].run(() => {
      begun.resolve();
      return sleep(100).then(() => 'done');
    });
    const waiting = limits[action].run(arrive);
    await begun.promise;
    all = [];
    const closing = limits.close();
    await expect(waiting).rejects.toThrow('closed');
    await expect(running).resolves.toBe('done');
    await closing;
  });

  /** Whether any limiter has its state in Redis. */
  async function shared(): Promise<boolean> {
    return (await redis.command('KEYS b_easel*_settings')) !== '*0';
  }
});

/** A promise to wait for, and its resolver. */
function gate() {
  let resolve = () => {};
  const promise = new Promise<void>((open) => {
    resolve = open;
  });
  return { promise, resolve: () => resolve() };
}
