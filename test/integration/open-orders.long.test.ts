import type { Invocation, MessageView } from '@easel/discord-stand-in';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { noise } from '../support/images.js';
import { hasRedis, type RedisServer, startRedis } from '../support/redis.js';
import { until } from '../support/until.js';
import { createWorld, isResult, type World } from './world.js';

let world: World;
afterEach(() => world.close());

const refused = ({ ephemeral, content }: MessageView) =>
  ephemeral && content.includes('orders in progress (1)');
const ended = (invocation: Invocation) =>
  invocation.until((message) => refused(message) || isResult(message));

describe('an order that is still being prepared', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    if (hasRedis) redis = await startRedis();
  });
  afterAll(async () => {
    if (hasRedis) await redis.close();
  });

  const stores = ['sqlite', ...(hasRedis ? ['redis'] : [])];
  const places = ['general', 'dm'];
  it.each(stores.flatMap((store) => places.map((place) => [store, place] as const)))(
    'counts as open, and the next is refused before anything is done for it (%s, %s)',
    async (store, place) => {
      world = await createWorld({
        env: { QUOTA_MEMBER_OPEN: '1', ...(store === 'redis' && { STORE_URL: redis.url() }) },
      });
      const bytes = await noise(900).webp().toBuffer();
      const image = { filename: 'fox.webp', bytes };
      const ben = world.discord.actor('ben', place);
      const orders = await Promise.all(
        Array.from({ length: 5 }, (_, n) => ben.command('animate', { prompt: `it runs ${n}`, image })),
      );
      const ends = await Promise.all(orders.map(ended));
      expect(ends.filter(refused)).toHaveLength(4);
      // The admitted one is over: the next can come, with nothing left behind by refused ones.
      await until('the next order is taken', async () =>
        isResult(await ended(await ben.command('animate', { prompt: 'it runs again', image }))),
      );
    },
  );
});

it('another server need not wait until one member’s images are all prepared', async () => {
  world = await createWorld({ env: { MAX_VIDEO_TASKS: '30' } });
  world.discord.world.addGuild({ name: 'Elsewhere' });
  world.discord.world.addChannel('Elsewhere', { name: 'attic' });
  world.discord.world.addMember('Elsewhere', 'mia');
  const bytes = await noise(2_000).webp().toBuffer();
  const ben = world.discord.actor('ben', 'general');
  const large = { filename: 'large.webp', bytes };
  const theirs = await Promise.all(
    Array.from({ length: 20 }, (_, n) => ben.command('animate', { prompt: `ben ${n}`, image: large })),
  );
  const small = { filename: 'small.webp', bytes: await noise(320).webp().toBuffer() };
  // By then all of the others' images are here, and wait to be converted.
  await until('the first is ordered', () => world.mps.tasks.length > 0);
  const mia = world.discord.actor('mia', 'attic');
  await (await mia.command('animate', { prompt: 'mia', image: small })).until(isResult);
  // In order of arrival all twenty of them went before it.
  const place = world.mps.tasks.findIndex(({ params }) => params.Prompt === 'mia');
  expect(place).toBeGreaterThan(0);
  expect(place).toBeLessThan(8);
  await Promise.all(theirs.map((one) => one.until(isResult)));
});
