import { setTimeout as sleep } from 'node:timers/promises';
import type { DiscordStandInOptions } from '@easel/discord-stand-in';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { App } from '../../src/app/app.js';
import { hasRedis, type RedisServer, startRedis } from '../support/redis.js';
import { until } from '../support/until.js';
import { createWorld, delivered, type World } from './world.js';

/** A guild's id that belongs to the second of two shards, whenever it is created; the default ones can belong to any. */
const onShard = (shard: bigint) => String((1n << 60n) | ((6n + shard) << 22n));
/** Every card of a running picture says so, whatever else. */
const painting = 'painting;';

describe.skipIf(!hasRedis)('several processes', () => {
  let redis: RedisServer;
  let world: World;
  let apps: App[] = [];
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());
  beforeEach(async () => {
    await redis.command('FLUSHALL');
    world = await furnished({ identifyConcurrency: 16 });
  });
  afterEach(async () => {
    for (const app of apps) await app.stop();
    apps = [];
    await world.close();
  });

  async function furnished(discord: DiscordStandInOptions): Promise<World> {
    const made = await createWorld({
      idle: true,
      discord,
      env: { STORE_URL: redis.url(), MAX_IMAGE_TASKS: '4' },
      mps: { durations: { image: [60, 60] } },
    });
    for (const shard of [0n, 1n]) {
      made.discord.world.addGuild({ name: `Guild ${shard}`, id: onShard(shard) });
      made.discord.world.addChannel(`Guild ${shard}`, { name: `place-${shard}` });
      made.discord.world.addMember(`Guild ${shard}`, 'ben');
    }
    return made;
  }

  async function begin(ids: string, count: number, onFatal?: (error: Error) => void): Promise<App> {
    const app = await world.create({ SHARD_IDS: ids, SHARD_COUNT: String(count) }, onFatal);
    apps.push(app);
    return app;
  }
  async function end(app: App): Promise<void> {
    apps = apps.filter((each) => each !== app);
    await app.stop();
    // The stand-in is set to keep no one waiting either.
    await redis.command('DEL easel:identify:0');
  }
  const order = (place: string, prompt: string) =>
    world.discord.actor('ben', place).command('imagine', { prompt });
  const finish = () => world.mps.clock.advance(120_000);

  it('serve each their own guilds, and the first one direct messages', async () => {
    const both = await Promise.all([begin('0', 2), begin('1', 2)]);
    await Promise.all(both.map((app) => app.start()));
    await world.discord.ready();
    const orders = await Promise.all(
      ['place-0', 'place-1', 'dm'].map((place) => order(place, `a fox, ${place}`)),
    );
    await until('all are painted', () => world.mps.tasks.length === 3);
    finish();
    await Promise.all(orders.map(delivered));
    expect(world.mps.tasks).toHaveLength(3);
  });

  it('started on one shard range: one waits and answers nothing, and takes over when the first stops', async () => {
    const first = await begin('0', 1);
    await first.start();
    await world.discord.ready();
    const second = await begin('0', 1);
    const starting = second.start();
    await sleep(300);
    expect(world.discord.gateway.identifies).toBe(1);
    const earlier = await order('place-0', 'a fox that changes hands');
    await earlier.until(({ content }) => content.includes(painting));
    await end(first);
    await starting;
    finish();
    await delivered(earlier);
    expect(world.mps.tasks).toHaveLength(1);
  });

  it('one that lost its shards unawares writes nothing more, and exits', async () => {
    const fatal: Error[] = [];
    const first = await begin('0', 1, (error) => fatal.push(error));
    await first.start();
    await world.discord.ready();
    const earlier = await order('place-0', 'a fox of two processes');
    await earlier.until(({ content }) => content.includes(painting));
    await redis.command('DEL easel:leases easel:identify:0');
    const second = await begin('0', 1);
    await second.start();
    finish();
    await delivered(earlier);
    await until('it is told', () => fatal.length > 0);
    expect(fatal).toMatchObject([{ name: 'LeaseLostError' }]);
    const posts = world.discord.messages('place-0').filter(({ attachments }) => attachments.length > 0);
    expect([posts.length, world.mps.tasks.length]).toEqual([1, 1]);
  });

  it('when shards move, their tasks move with them', async () => {
    const whole = await begin('0', 1);
    await whole.start();
    await world.discord.ready();
    const orders = await Promise.all(
      ['place-0', 'place-1', 'dm'].map((place) => order(place, `a fox, ${place}`)),
    );
    await Promise.all(orders.map((one) => one.until(({ content }) => content.includes(painting))));
    await end(whole);
    const halves = await Promise.all([begin('0', 2), begin('1', 2)]);
    await Promise.all(halves.map((app) => app.start()));
    finish();
    await Promise.all(orders.map(delivered));
    expect(world.mps.tasks).toHaveLength(3);
  });
});
