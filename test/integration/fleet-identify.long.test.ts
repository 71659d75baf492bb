import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasRedis, type RedisServer, startRedis } from '../support/redis.js';
import { until } from '../support/until.js';
import { createWorld, type World } from './world.js';

describe.skipIf(!hasRedis)('two shards of one process', () => {
  let redis: RedisServer;
  let world: World;
  beforeAll(async () => {
    redis = await startRedis();
    world = await createWorld({
      idle: true,
      // Discord's five seconds, minus a busy machine's delay in noticing one identify but not the next.
      discord: { identifyConcurrency: 1, identifyWindowMs: 4_000 },
      env: { STORE_URL: redis.url() },
    });
  });
  afterAll(async () => {
    await world.close();
    await redis.close();
  });

  it('never identify too soon, even while Redis is unavailable', async () => {
    const { gateway } = world.discord;
    await world.start({ SHARD_IDS: '0-1', SHARD_COUNT: '2' });
    expect(gateway).toMatchObject({ identifies: 2, hasty: 0 });
    await redis.kill();
    try {
      gateway.faults.invalidSession(false);
      await until('both shards are back', () => gateway.identifies === 4);
      expect(gateway.hasty).toBe(0);
    } finally {
      await redis.start();
    }
  });
});
