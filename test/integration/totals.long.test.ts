import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { App } from '../../src/app/app.js';
import type { Environment } from '../../src/config/config.js';
import { hasRedis, type RedisServer, startRedis } from '../support/redis.js';
import { until } from '../support/until.js';
import { answered, createWorld, delivered, failed, isResult, type World } from './world.js';

const onShard = (shard: bigint) => String((1n << 60n) | ((6n + shard) << 22n));
const noneLeft =
  /^You've reached your daily picture limit \(1 across all servers and direct messages\)\. The limit resets <t:\d+:R>\.$/;
const noneForAll =
  /^(This bot has reached its daily picture limit|This needs more than the \d+ pictures? left today for everyone using this bot)\. The limit resets <t:\d+:R>\.$/;
/** Two guilds of hers, one to which only she brought the bot, and direct messages. */
const places = ['place-0', 'place-1', 'attic', 'dm'];

let world: World;
let apps: App[] = [];
let redis: RedisServer | undefined;

async function furnished(env: Environment, processes: readonly Environment[] = [{}]): Promise<void> {
  world = await createWorld({
    idle: true,
    discord: { identifyConcurrency: 16, userInstallsByGuild: true },
    env: { MAX_IMAGE_TASKS: '40', ...env },
  });
  const { world: discord } = world.discord;
  discord.addGuild({ name: 'Elsewhere', id: String((1n << 60n) | (9n << 22n)), installed: false });
  discord.addChannel('Elsewhere', { name: 'attic' });
  for (const shard of [0n, 1n]) {
    discord.addGuild({ name: `Guild ${shard}`, id: onShard(shard) });
    discord.addChannel(`Guild ${shard}`, { name: `place-${shard}` });
  }
  for (const guild of ['Elsewhere', 'Guild 0', 'Guild 1'])
    for (const name of ['ada', 'ben', 'mia']) discord.addMember(guild, name);
  apps = await Promise.all(processes.map((one) => world.create(one)));
  await Promise.all(apps.map((app) => app.start()));
  await world.discord.ready();
}
afterEach(async () => {
  for (const app of apps) await app.stop();
  apps = [];
  await world.close();
});

const command = (place: string, name: string, options = {}, person = 'ben') =>
  world.discord
    .actor(person, place)
    .command(name, options, { integration: place === 'attic' ? 'user' : 'guild' });
const order = (place: string, prompt: string, person = 'ben') =>
  command(place, 'imagine', { prompt }, person);
const show = async (place: string, person = 'ben') =>
  (await answered(await command(place, 'quota show', {}, person))).content;

/** One process on a file, two on a Redis. */
const ways = [
  ['one process on a file', async (env: Environment) => furnished(env)],
  ...(hasRedis
    ? [
        [
          'two processes on a Redis',
          async (env: Environment) => {
            await redis?.command('FLUSHALL');
            await furnished({ ...env, STORE_URL: redis?.url(), SHARD_COUNT: '2' }, [
              { SHARD_IDS: '0' },
              { SHARD_IDS: '1' },
            ]);
          },
        ] as const,
      ]
    : []),
] as const;

beforeAll(async () => {
  if (hasRedis) redis = await startRedis();
});
afterAll(() => redis?.close());

describe.each(ways)('in %s', (_, begin) => {
  it.each(places)('a user with one picture a day has one wherever they are: first in %s', async (first) => {
    await begin({ QUOTA_USER_IMAGES_DAY: '1' });
    await delivered(await order(first, 'a red fox'));
    for (const place of places) {
      const refusal = await answered(await order(place, 'another fox'));
      expect(refusal.ephemeral).toBe(true);
      expect(refusal.content).toMatch(noneLeft);
      expect(await show(place)).toMatch(
        /You, across all servers and direct messages\*\*\n██████████ Pictures today: 1 of 1/,
      );
    }
    expect(world.mps.tasks).toHaveLength(1);
    // Others have their own.
    await delivered(await order('place-1', 'an owl', 'mia'));
  });

  it('a user who orders everywhere at one instant gets one picture', async () => {
    await begin({ QUOTA_USER_IMAGES_DAY: '1' });
    const orders = await Promise.all([...places, ...places].map((place, n) => order(place, `fox ${n}`)));
    const ends = await Promise.all(
      orders.map((one) =>
        one.until((message) => isResult(message) || message.content.includes('picture limit (')),
      ),
    );
    expect(ends.filter(isResult)).toHaveLength(1);
    expect(world.mps.tasks).toHaveLength(1);
  });

  it('all users together get as many as the total says, and failures are refunded', async () => {
    await begin({ QUOTA_TOTAL_IMAGES_DAY: '3', OPERATOR_USER_IDS: '' });
    world.mps.faults.add({ kind: 'fail', count: 1 });
    await failed(await order('place-0', 'one that fails'));
    const people = ['ada', 'ben', 'mia'];
    const orders = await Promise.all(
      people.flatMap((person, n) => places.map((place) => order(place, `fox ${n}`, person))),
    );
    const ends = await Promise.all(
      orders.map((one) =>
        one.until((message) => isResult(message) || /The limit resets/.test(message.content)),
      ),
    );
    expect(ends.filter(isResult)).toHaveLength(3);
    const refusal = await answered(await order('dm', 'one more', 'ada'));
    expect(refusal.content).toMatch(noneForAll);
    // How much everyone has used is not for everyone.
    expect(await show('dm')).not.toContain('Everyone together');
  });

  it('counts the same after a restart', async () => {
    await begin({ QUOTA_TOTAL_IMAGES_DAY: '2', QUOTA_USER_IMAGES_DAY: '1' });
    await delivered(await order('place-0', 'a red fox'));
    const env = apps.length === 2 ? [{ SHARD_IDS: '0' }, { SHARD_IDS: '1' }] : [{}];
    for (const app of apps) await app.stop();
    // The totals beside the records are lost, and rebuilt from them.
    const keys = redis && (await redis.command('KEYS easel:totals:*'));
    for (const key of (keys ?? '').split('\r\n').filter((one) => one.startsWith('easel:')))
      await redis?.command(`DEL ${key}`);
    await redis?.command('DEL easel:identify:0');
    apps = await Promise.all(
      env.map((one) => world.create({ ...one, OPERATOR_USER_IDS: world.discord.world.user('ada').id })),
    );
    await Promise.all(apps.map((app) => app.start()));
    await world.discord.ready();
    expect((await answered(await order('place-1', 'another fox'))).content).toMatch(noneLeft);
    expect(await show('dm', 'ada')).toMatch(/Everyone together.*\n█████░░░░░ Pictures today: 1 of 2/);
    await delivered(await order('dm', 'an owl', 'mia'));
    expect((await answered(await order('place-0', 'an elk', 'ada'))).content).toMatch(noneForAll);
  });
});

describe.skipIf(!hasRedis)('while Redis is unavailable', () => {
  beforeEach(async () => {
    await redis?.command('FLUSHALL');
  });

  it('no one is admitted, and tasks that ended then are counted once it is back', async () => {
    await furnished({ QUOTA_USER_IMAGES_DAY: '1', STORE_URL: redis?.url() });
    await redis?.kill();
    expect((await answered(await order('place-0', 'a fox'))).content).not.toContain('painting');
    await redis?.start();
    await until('an order is taken', async () => {
      const later = await order('place-0', 'a fox from after');
      const answer = await later.until(({ loading, content }) => loading || content !== '');
      if (!answer.ephemeral) await delivered(later);
      return !answer.ephemeral;
    });
    expect((await answered(await order('place-1', 'another fox'))).content).toMatch(noneLeft);
  });
});
