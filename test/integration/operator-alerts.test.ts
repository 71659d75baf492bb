import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '../support/until.js';
import { createWorld, failed, type World } from './world.js';

let world: World;
let channelId: string;
beforeAll(async () => {
  world = await createWorld({ idle: true });
  channelId = world.discord.world.channels().find(({ name }) => name === 'studio')?.id ?? '';
  await world.start({ OPERATOR_CHANNEL_ID: channelId });
});
afterAll(() => world.close());

it('the operator reads in their channel that the key is refused, once, and no one is pinged', async () => {
  const { discord, mps } = world;
  mps.faults.add({
    kind: 'error',
    code: 'AuthFailure.SecretIdNotFound',
    action: 'CreateAigcImageTask',
    count: 2,
  });
  const ben = discord.actor('ben', 'general');
  for (const prompt of ['a red fox', 'a blue fox']) await failed(await ben.command('imagine', { prompt }));
  await until('it is posted', () => discord.messages(channelId).length > 0);
  await world.stop();
  expect(discord.messages(channelId).map(({ content }) => content)).toEqual([
    expect.stringMatching(/^MPS rejects the API key \(AuthFailure\.SecretIdNotFound\)/),
  ]);
});
