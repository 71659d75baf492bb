import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createIdentifyTurns } from '../../../src/cluster/identify-throttler.js';
import { connectRedis, settled } from '../../../src/cluster/redis-connection.js';
import { hasRedis, type RedisServer, startRedis } from '../../support/redis.js';
import { until } from '../../support/until.js';

const windowMs = 250;
/** Timers of a busy machine may fire a millisecond early. */
const apart = windowMs - 2;

/** A turn that Redis gave: some time between the question and the answer, ms. */
interface Grant {
  readonly asked: number;
  readonly answered: number;
}

let open: Redis[] = [];
/** In the order of their answers. */
let grants: Grant[] = [];
/** Redis's answers, in order. */
let answers: (string | null)[] = [];
afterEach(() => {
  for (const one of open) one.disconnect();
  open = [];
  grants = [];
  answers = [];
});

/** One process of the bot. */
async function begin(url: string) {
  const redis = connectRedis(url);
  open.push(redis);
  await settled(redis);
  const set = async (key: string, value: string | number, px: 'PX', ms: number, nx: 'NX') => {
    const asked = performance.now();
    const answer = await redis.set(key, value, px, ms, nx);
    answers.push(answer);
    if (answer === 'OK') grants.push({ asked, answered: performance.now() });
    return answer;
  };
  const watched = { set, pttl: (key: string) => redis.pttl(key) };
  return createIdentifyTurns({ redis: watched as Pick<Redis, 'set' | 'pttl'>, windowMs });
}
/** The longest that each can have come after the one before it, however late this process learned of either. */
const longestGaps = () =>
  grants.slice(1).map(({ answered }, index) => answered - (grants[index]?.asked ?? 0));

const never = new AbortController().signal;

describe.skipIf(!hasRedis)('shards that identify, with Redis', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.close());
  beforeEach(() => server.command('FLUSHALL'));

  it('of one remainder go one per window, whichever process they are in', async () => {
    const [one, other] = await Promise.all([begin(server.url()), begin(server.url())]);
    await Promise.all([one(0, 2, never), one(2, 2, never), other(4, 2, never), other(6, 2, never)]);
    expect(longestGaps()).toHaveLength(3);
    for (const gap of longestGaps()) expect(gap).toBeGreaterThanOrEqual(apart);
    // The first has nothing to wait for; the other process may be told sooner that it has to.
    expect(answers.slice(0, 2)).toContain('OK');
  });

  it('of different remainders do not wait for each other', async () => {
    const turn = await begin(server.url());
    await Promise.all([0, 1, 2, 3].map((shard) => turn(shard, 4, never)));
    // Each is admitted at its first query.
    expect(answers).toEqual(['OK', 'OK', 'OK', 'OK']);
  });

  it('are recorded in Redis again as soon as it is back, one window later', async () => {
    await server.kill();
    const [one, other] = await Promise.all([begin(server.url()), begin(server.url())]);
    await one(0, 1, never);
    const went = performance.now();
    await server.start();
    const ready = () => open.every(({ status }) => status === 'ready');
    await until('both are connected again', ready);
    const later = one(1, 1, never).then(() => performance.now());
    expect((await later) - went).toBeGreaterThanOrEqual(apart);
    await other(2, 1, never);
    expect(longestGaps()).toHaveLength(1);
    for (const gap of longestGaps()) expect(gap).toBeGreaterThanOrEqual(apart);
  });
});

describe('shards that identify while Redis is unavailable', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function beginAlone() {
    const away = async () => Promise.reject(new Error('no Redis answers'));
    return createIdentifyTurns({ redis: { set: away, pttl: away } as Pick<Redis, 'set' | 'pttl'>, windowMs });
  }

  /** When each of them goes, ms from now. */
  async function timesOf(turns: readonly Promise<void>[]): Promise<number[]> {
    const start = performance.now();
    const times = Promise.all(turns.map((turn) => turn.then(() => performance.now() - start)));
    await vi.advanceTimersByTimeAsync(10 * windowMs);
    return times;
  }

  it('go one per window among those of this process, the first after a full one', async () => {
    const turn = beginAlone();
    const times = await timesOf([0, 1, 2].map((shard) => turn(shard, 1, never)));
    expect(times).toEqual([windowMs, 2 * windowMs, 3 * windowMs]);
  });

  it('of different remainders do not wait for each other', async () => {
    const turn = beginAlone();
    const times = await timesOf([0, 1, 2, 3].map((shard) => turn(shard, 4, never)));
    expect(times).toEqual([windowMs, windowMs, windowMs, windowMs]);
  });

  it('leave the queue at once when aborted, and let none pass', async () => {
    const turn = beginAlone();
    const stop = new AbortController();
    const [first, second, third] = [turn(0, 1, never), turn(1, 1, stop.signal), turn(2, 1, never)];
    const left = vi.fn();
    void second.catch(left);
    await vi.advanceTimersByTimeAsync(20);
    stop.abort(new Error('the shard is closed'));
    await vi.advanceTimersByTimeAsync(0);
    expect(left).toHaveBeenCalledWith(new Error('the shard is closed'));
    expect(await timesOf([first, third])).toEqual([windowMs - 20, 2 * windowMs - 20]);
  });
});
