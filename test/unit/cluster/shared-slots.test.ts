import { setMaxListeners } from 'node:events';
import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectRedis, settled } from '../../../src/cluster/redis-connection.js';
import { createSlots, type Slots } from '../../../src/cluster/shared-slots.js';
import { silentLog } from '../../../src/log.js';
import { createQueue } from '../../../src/tasks/queue/slot-queue.js';
import { hasRedis, type RedisServer, startRedis } from '../../support/redis.js';
import { aTask } from '../../support/tasks.js';
import { giveChance, until } from '../../support/until.js';

describe.skipIf(!hasRedis)('slots of several processes', () => {
  let redis: RedisServer;
  let ends: (() => void)[] = [];
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());
  beforeEach(() => redis.command('FLUSHALL'));
  afterEach(() => {
    for (const end of ends) end();
    ends = [];
  });

  /** A process whose lease has this number. */
  async function open(lease: string, max = 2): Promise<Slots & { readonly connection: Redis }> {
    await redis.command(`HSET easel:leases ${lease} '{"until":9999999999999}'`);
    const connection = connectRedis(redis.url());
    await settled(connection);
    const slots = createSlots({
      redis: connection,
      lease: () => lease,
      max: { image: max },
      log: silentLog,
      reportMs: 200,
    });
    ends.push(() => {
      slots.close();
      connection.disconnect();
    });
    return { ...slots, connection };
  }

  it('never exceed their number, and rotate among waiting processes', async () => {
    const [one, other] = [await open('1'), await open('2')];
    expect([await one.take('image'), await one.take('image')]).toEqual([true, true]);
    expect([await other.take('image'), await one.take('image')]).toEqual([false, false]);
    one.giveBack('image');
    expect(await one.take('image')).toBe(false);
    expect(await other.take('image')).toBe(true);
    expect(await other.take('image')).toBe(false);
    one.giveBack('image');
    // It has waited longer by now.
    expect([await other.take('image'), await one.take('image')]).toEqual([false, true]);
  });

  it('of a dead process return with its lease, and none waits behind it', async () => {
    const [dead, other] = [await open('1', 1), await open('2', 1)];
    expect([await dead.take('image'), await dead.take('image')]).toEqual([true, false]);
    expect(await other.take('image')).toBe(false);
    await redis.command('HDEL easel:leases 1');
    await until('it is passed over', () => other.take('image'));
    expect(await dead.take('image')).toBe(false);
  });

  it('are recorded again when Redis has lost them', async () => {
    const [one, other] = [await open('1', 1), await open('2', 1)];
    expect(await one.take('image')).toBe(true);
    await redis.command('DEL easel:slots:image');
    await until('they are known again', async () => (await redis.command('HLEN easel:slots:image')) === ':1');
    expect(await other.take('image')).toBe(false);
  });

  it('stay held until the answer that grants one arrives, whatever is reported or released meanwhile', async () => {
    const [one, other] = [await open('1', 2), await open('2', 2)];
    expect(await one.take('image')).toBe(true);
    let arrive = () => {};
    const arrival = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const run = one.connection.eval.bind(one.connection) as (...args: unknown[]) => Promise<unknown>;
    const granted = new Promise<void>((resolve) => {
      one.connection.eval = (async (script: string, ...rest: unknown[]) => {
        const answer = await run(script, ...rest);
        if (!script.includes('ZADD')) return answer;
        resolve();
        await arrival;
        return answer;
      }) as typeof one.connection.eval;
    });
    const taking = one.take('image');
    await granted;
    one.giveBack('image');
    // Its reports come every 200 ms.
    await giveChance(300);
    expect(await other.take('image')).toBe(false);
    arrive();
    expect(await taking).toBe(true);
    await until('the released one is free', () => other.take('image'));
    expect(await other.take('image')).toBe(false);
  });

  it('keep queues under their sum, in turns', async () => {
    const max = { image: 3, video: 1 };
    const queues = [createQueue(max, await open('1', 3)), createQueue(max, await open('2', 3))];
    let running = 0;
    let most = 0;
    const served: number[] = [];
    const { signal } = new AbortController();
    setMaxListeners(0, signal);
    const job = (n: number) => async () => {
      most = Math.max(most, ++running);
      served.push(n);
      // None leaves before all slots have been held at once.
      await until('all slots are held', () => most === 3);
      await giveChance(5);
      running -= 1;
    };
    const asked = queues.flatMap((queue, n) =>
      Array.from({ length: 12 }, () => queue.run(aTask(), job(n), { signal })),
    );
    await Promise.all(asked);
    expect([most, served.length]).toEqual([3, 24]);
    // Neither waits until the other has done.
    expect(new Set(served.slice(0, 12)).size).toBe(2);
  });

  it('pass on from a task that leaves the queue', async () => {
    const max = { image: 1, video: 1 };
    const queues = [createQueue(max, await open('1', 1)), createQueue(max, await open('2', 1))];
    const leaving = new AbortController();
    const { signal } = new AbortController();
    let finish = () => {};
    const began: string[] = [];
    const first = () => {
      began.push('first');
      return new Promise<void>((resolve) => {
        finish = resolve;
      });
    };
    const job = (name: string) => async () => void began.push(name);
    const long = queues[0]?.run(aTask(), first, { signal });
    await until('the only slot is held', () => began.length === 1);
    const left = queues[1]?.run(aTask(), job('left'), { signal: leaving.signal });
    await until(
      'the other process is in line',
      async () => (await redis.command('ZCARD easel:slots:image:turns')) === ':1',
    );
    const last = queues[0]?.run(aTask(), job('last'), { signal });
    leaving.abort(new Error('left'));
    await expect(left).rejects.toThrow('left');
    finish();
    await Promise.all([long, last]);
    expect(began).toEqual(['first', 'last']);
  });
});
