import { afterAll, beforeAll, expect, it } from 'vitest';
import { answered, createWorld, delivered, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld({ env: { QUOTA_MEMBER_IMAGES_DAY: '1', QUOTA_GUILD_IMAGES_DAY: '9' } });
  world.discord.world.addGuild({ name: 'Elsewhere', installed: false });
  world.discord.world.addChannel('Elsewhere', { name: 'attic' });
  world.discord.world.addMember('Elsewhere', 'ben');
});
afterAll(() => world.close());

it('where only a user brought Easel it works for them in the answer itself, and they pay', async () => {
  const ben = world.discord.actor('ben', 'attic');
  const brought = { integration: 'user' } as const;
  await delivered(await ben.command('imagine', { prompt: 'a fox that was brought along' }, brought));
  const { content } = await answered(await ben.command('quota show', {}, brought));
  expect(content).toContain('Pictures today: 1 of 1');
  expect(content).not.toContain('of 9');
  // In a direct message it is the same account.
  const refusal = await answered(await ben.dm.command('imagine', { prompt: 'another fox' }));
  expect(refusal.content).toContain("You've reached your daily picture limit (1).");
});
