import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createIdentifyTurns } from '../../../src/cluster/identify-throttler.js';
import { connectRedis, settled } from '../../../src/cluster/redis-connection.js';
import { hasRedis, type RedisServer, startRedis } from '../../support/redis.js';

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
afterEach(() => {
  for (const one of open) one.disconnect();
  open = [];
  grants = [];
});

/** One process of the bot. */
async function begin(url: string) {
  const redis = connectRedis(url);
  open.push(redis);
  await settled(redis);
  const set = async (key: string, value: string | number, px: 'PX', ms: number, nx: 'NX') => {
    const asked = performance.now();
    const answer = await redis.set(key, value, px, ms, nx);
    if (answer === 'OK') grants.push({ asked, answered: performance.now() });
    return answer;
  };
  const watched = { set, pttl: (key: string) => redis.pttl(key) };
  return createIdentifyTurns({ redis: watched as Pick<Redis, 'set' | 'pttl'>, windowMs });
}
/** The longest that each may have come after the one before it, however late this process heard of either. */
const longestGaps = () =>
  grants.slice(1).map(({ answered }, index) => answered - (grants[index]?.asked ?? 0));

const never = new AbortController().signal;
/** When each of them went, ms from now, in the order of their going. */
async function timesOf(turns: readonly Promise<void>[]): Promise<number[]> {
  const start = performance.now();
  const times = await Promise.all(turns.map((turn) => turn.then(() => performance.now() - start)));
  return times.sort((a, b) => a - b);
}
const gaps = (times: readonly number[]) => times.slice(1).map((time, index) => time - (times[index] ?? 0));

describe.skipIf(!hasRedis)('shards that identify, with Redis', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.close());
  beforeEach(() => server.command('FLUSHALL'));

  it('of one remainder go one per window, whichever process they are in', async () => {
    const [one, other] = await Promise.all([begin(server.url()), begin(server.url())]);
    const times = await timesOf([one(0, 2, never), one(2, 2, never), other(4, 2, never), other(6, 2, never)]);
    expect(longestGaps()).toHaveLength(3);
    for (const gap of longestGaps()) expect(gap).toBeGreaterThanOrEqual(apart);
    expect(times[0]).toBeLessThan(windowMs);
  });

  it('of different remainders do not wait for each other', async () => {
    const turn = await begin(server.url());
    const times = await timesOf([0, 1, 2, 3].map((shard) => turn(shard, 4, never)));
    expect(times.at(-1)).toBeLessThan(windowMs);
  });

  it('are recorded in Redis again as soon as it is back, one window later', async () => {
    await server.kill();
    const [one, other] = await Promise.all([begin(server.url()), begin(server.url())]);
    await one(0, 1, never);
    const went = performance.now();
    await server.start();
    const ready = () => open.every(({ status }) => status === 'ready');
    while (!ready()) await new Promise((resolve) => setTimeout(resolve, 10));
    const later = one(1, 1, never).then(() => performance.now());
    expect((await later) - went).toBeGreaterThanOrEqual(apart);
    await other(2, 1, never);
    expect(longestGaps()).toHaveLength(1);
    for (const gap of longestGaps()) expect(gap).toBeGreaterThanOrEqual(apart);
  });
});

describe('shards that identify while Redis is unavailable', () => {
  const nowhere = 'redis://127.0.0.1:9';

  it('go one per window among those of this process, the first after a full one', async () => {
    const turn = await begin(nowhere);
    const times = await timesOf([0, 1, 2].map((shard) => turn(shard, 1, never)));
    expect(times[0]).toBeGreaterThanOrEqual(apart);
    for (const gap of gaps(times)) expect(gap).toBeGreaterThanOrEqual(apart);
    expect(times.at(-1)).toBeLessThan(6 * windowMs);
  });

  it('of different remainders do not wait for each other', async () => {
    const turn = await begin(nowhere);
    const times = await timesOf([0, 1, 2, 3].map((shard) => turn(shard, 4, never)));
    expect(times.at(-1)).toBeLessThan(2 * windowMs);
  });

  it('leave the queue at once when aborted, and let none pass', async () => {
    const turn = await begin(nowhere);
    const stop = new AbortController();
    const first = turn(0, 1, never);
    const second = turn(1, 1, stop.signal);
    const third = turn(2, 1, never);
    const start = performance.now();
    setTimeout(() => stop.abort(new Error('the shard is closed')), 20);
    await expect(second).rejects.toThrow('the shard is closed');
    expect(performance.now() - start).toBeLessThan(windowMs);
    const [went, last] = await timesOf([first, third]);
    expect((last ?? 0) - (went ?? 0)).toBeGreaterThanOrEqual(apart);
  });
});
