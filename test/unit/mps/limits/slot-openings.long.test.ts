import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectRedis, settled } from '../../../../src/cluster/redis-connection.js';
import { createSlotOpenings } from '../../../../src/mps/limits/slot-openings.js';
import { hasRedis, type RedisServer, startRedis } from '../../../support/redis.js';

const minutes = 60_000;

describe.skipIf(!hasRedis)('the times at which slots open', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());

  async function open(id: string) {
    const client = connectRedis(redis.url());
    await settled(client);
    return { ...createSlotOpenings(client, id), end: () => client.disconnect() };
  }

  it('go from one process to another, each once, the first one first and never earlier', async () => {
    const [one, other] = await Promise.all([open('pictures'), open('pictures')]);
    const now = performance.now();
    const [first, second, third] = [now + 20 * minutes, now + 30 * minutes, now + 40 * minutes];
    await other.leave(third);
    await one.leave(first);
    await one.leave(second);
    const taken = [await other.take(), await one.take(), await other.take()];
    [first, second, third].forEach((at, n) => {
      expect(taken[n]).toBeGreaterThanOrEqual(at - 0.01);
      expect(taken[n]).toBeLessThan(at + 10 * minutes);
    });
    expect(await one.take()).toBeLessThanOrEqual(performance.now());
    one.end();
    other.end();
  });

  it('are forgotten once they are past, and are those of one limiter', async () => {
    const [pictures, clips] = await Promise.all([open('pictures'), open('clips')]);
    await pictures.leave(performance.now() - 1);
    await clips.leave(performance.now() + 20 * minutes);
    expect(await pictures.take()).toBeLessThanOrEqual(performance.now());
    expect(await clips.take()).toBeGreaterThan(performance.now() + minutes);
    pictures.end();
    clips.end();
  });

  it('are not known without Redis', async () => {
    const openings = await open('pictures');
    openings.end();
    await expect(openings.take()).rejects.toThrow();
    await expect(openings.leave(performance.now())).rejects.toThrow();
  });
});
