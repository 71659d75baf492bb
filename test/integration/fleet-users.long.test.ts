import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { App } from '../../src/app/app.js';
import { text } from '../../src/locales/index.js';
import { hasRedis, type RedisServer, startRedis } from '../support/redis.js';
import { until } from '../support/until.js';
import { answered, createWorld, delivered, failed, type World } from './world.js';

/** A guild's id that belongs to the second of two shards, whenever it is created. */
const onSecond = String((1n << 60n) | (7n << 22n));
const noneLeft = /^You've reached your daily picture limit \(1\)\. The limit resets <t:\d+:R>\.$/;
const allUsed = /██████████ Pictures today: 1 of 1/;

describe.skipIf(!hasRedis)('a user in direct messages of one process and a guild of another', () => {
  let redis: RedisServer;
  let world: World;
  let apps: App[] = [];
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());
  beforeEach(async () => {
    await redis.command('FLUSHALL');
    world = await createWorld({
      idle: true,
      // Discord does not document which shard gets them; either is handled.
      discord: { identifyConcurrency: 16, userInstallsByGuild: true },
      env: { STORE_URL: redis.url(), MAX_IMAGE_TASKS: '4', QUOTA_MEMBER_IMAGES_DAY: '1', SHARD_COUNT: '2' },
    });
    world.discord.world.addGuild({ name: 'Elsewhere', id: onSecond, installed: false });
    world.discord.world.addChannel('Elsewhere', { name: 'attic' });
    world.discord.world.addMember('Elsewhere', 'ben');
    world.discord.world.addMember('Elsewhere', 'mia');
    apps = await Promise.all(['0', '1'].map((ids) => world.create({ SHARD_IDS: ids })));
    await Promise.all(apps.map((app) => app.start()));
    await world.discord.ready();
  });
  afterEach(async () => {
    for (const app of apps) await app.stop();
    await world.close();
  });

  const command = (place: string, name: string, options = {}, person = 'ben') =>
    world.discord
      .actor(person, place)
      .command(name, options, { integration: place === 'dm' ? 'guild' : 'user' });
  const order = (place: string, prompt: string, person = 'ben') =>
    command(place, 'imagine', { prompt }, person);
  const quota = async (place: string) => (await answered(await command(place, 'quota show'))).content;

  it.each([
    ['dm', 'attic'],
    ['attic', 'dm'],
  ])(
    'who has used up the day in one (%s) is refused in the other (%s), and reads so in both',
    async (first, second) => {
      await delivered(await order(first, 'a red fox'));
      const refusal = await answered(await order(second, 'another fox'));
      expect(refusal.ephemeral).toBe(true);
      expect(refusal.content).toMatch(noneLeft);
      for (const place of [first, second]) expect(await quota(place)).toMatch(allUsed);
      expect(world.mps.tasks).toHaveLength(1);
      // Someone else has their own.
      await delivered(await order(second, 'an owl', 'mia'));
    },
  );

  it('with one picture left, two orders at the same instant get one picture and one refusal', async () => {
    const orders = await Promise.all(['dm', 'attic'].map((place) => order(place, `a fox, ${place}`)));
    const outcomes = await Promise.all(
      orders.map((one) =>
        one.until(
          ({ attachments, content }) => attachments.length > 0 || content.includes('picture limit ('),
        ),
      ),
    );
    expect(outcomes.filter(({ attachments }) => attachments.length > 0)).toHaveLength(1);
    expect(world.mps.tasks).toHaveLength(1);
  });

  it('a failure in one is refunded in both', async () => {
    world.mps.faults.add({ kind: 'fail', count: 1 });
    await failed(await order('attic', 'one that fails'));
    await delivered(await order('dm', 'a red fox'));
    expect((await answered(await order('attic', 'another fox'))).content).toMatch(noneLeft);
  });

  it('is admitted by neither while Redis is unavailable, and by both again afterwards', async () => {
    await redis.kill();
    for (const place of ['dm', 'attic']) {
      expect((await answered(await order(place, 'a fox'))).content).toContain(text('en-US', 'error.store'));
      expect(await quota(place)).toContain(text('en-US', 'error.store'));
    }
    await redis.start();
    await until('an order is taken', async () => {
      const later = await order('attic', 'a fox from after');
      const answer = await later.until(({ loading, content }) => loading || content !== '');
      if (!answer.ephemeral) await delivered(later);
      return !answer.ephemeral;
    });
    expect(await quota('dm')).toMatch(allUsed);
  });
});
