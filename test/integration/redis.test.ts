import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { text } from '../../src/locales/index.js';
import { hasRedis, type RedisServer, startRedis } from '../support/redis.js';
import { until } from '../support/until.js';
import { createWorld, delivered, type World } from './world.js';

describe.skipIf(!hasRedis)('on Redis', () => {
  let redis: RedisServer;
  let world: World;
  beforeAll(async () => {
    redis = await startRedis();
    world = await createWorld({
      env: { STORE_URL: redis.url(), MAX_IMAGE_TASKS: '5' },
      mps: { durations: { image: [60, 60] } },
    });
  });
  afterAll(async () => {
    await world.close();
    await redis.close();
  });
  const order = (person: string, prompt: string) =>
    world.discord.actor(person, 'general').command('imagine', { prompt });
  const painting = 'painting;';

  it('while Redis is unavailable no one is admitted, running tasks continue, and all is well when it is back', async () => {
    const earlier = await order('mia', 'a fox from before');
    await earlier.until(({ content }) => content.includes(painting));
    await redis.kill();
    const refused = await Promise.all([order('ben', 'a fox'), order('lin', 'a fox')]);
    const said = await Promise.all(refused.map((one) => one.until(({ content }) => content !== '')));
    expect(said.map(({ ephemeral }) => ephemeral)).toEqual([true, true]);
    expect(said[0]?.content).toContain(text('en-US', 'error.store'));
    expect(said[1]?.content).toContain(text('zh-CN', 'error.store'));
    // MPS is still polled, from memory alone.
    world.mps.clock.advance(120_000);
    await until('its end is known', () => world.mps.tasks.some(({ reportedAt }) => reportedAt !== undefined));
    await redis.start();
    await delivered(earlier);
    await until('an order is taken', async () => {
      const later = await order('ben', 'a fox from after');
      const answer = await later.until(({ loading, content }) => loading || content !== '');
      return !answer.ephemeral;
    });
    await until('it is being painted', () => world.mps.tasks.length > 1);
    expect(world.mps.tasks).toHaveLength(2);
  });

  it('tasks in progress resume after a restart', async () => {
    const order = world.discord
      .actor('ben', 'general')
      .command('imagine', { prompt: 'a fox over a restart' });
    const invocation = await order;
    await invocation.until(({ content }) => content.includes(painting));
    await world.stop();
    await world.start();
    world.mps.clock.advance(120_000);
    await delivered(invocation);
  });
});
