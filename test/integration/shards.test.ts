import { afterAll, beforeAll, expect, it } from 'vitest';
import { createWorld, delivered, type World } from './world.js';

let world: World;
/** A guild's id that belongs to the second of two shards, whenever it is created. */
const odd = String((1n << 60n) | (7n << 22n));

beforeAll(async () => {
  world = await createWorld({ discord: { recommendedShards: 2, identifyConcurrency: 2 } });
  world.discord.world.addGuild({ name: 'Odd', id: odd });
  world.discord.world.addChannel('Odd', { name: 'attic' });
  world.discord.world.addMember('Odd', 'ben');
});
afterAll(() => world.close());

it('one process holds as many shards as Discord advises, and serves users on all of them', async () => {
  expect(world.discord.gateway.identifies).toBe(2);
  const orders = ['attic', 'dm'].map((where) =>
    world.discord.actor('ben', where).command('imagine', { prompt: `a fox in the ${where}` }),
  );
  for (const order of await Promise.all(orders)) await delivered(order);
});
