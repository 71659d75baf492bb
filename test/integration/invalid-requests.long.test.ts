import { afterEach, expect, it } from 'vitest';
import { text } from '../../src/locales/index.js';
import { giveChance, until } from '../support/until.js';
import { answered, createWorld, type World } from './world.js';

let world: World;
afterEach(() => world.close());

const unhurried = { durations: { image: [0.3, 0.4], video: [0.3, 0.4] } } as const;
/** Refused because the token has expired. */
const uploads = () => world.discord.requests.filter(({ code }) => code === 50_027);
const calm = () => giveChance(700);

it('a click whose own answer is refused too tries the outcome once, and not again until the next click', async () => {
  world = await createWorld({ mps: unhurried });
  const { discord } = world;
  const invocation = await discord.actor('ben').command('imagine', { prompt: 'a red fox' });
  await until('MPS has the order', () => world.mps.tasks.length === 1);
  invocation.expireToken();
  discord.world.denyBot('general', ['SendMessages']);
  discord.world.setDms('ben', false);
  await until('the direct message is refused', () => discord.requests.some(({ code }) => code === 50_007));
  const ben = discord.actor('ben', 'studio');
  let list = await answered(await ben.command('tasks'));
  while (!JSON.stringify(list.components).includes('v1:collect:'))
    list = await answered(await ben.command('tasks'));
  for (const press of [1, 2, 3]) {
    const before = uploads().length;
    discord.faults.add({ kind: 'expireToken', method: 'PATCH', route: '@original$' });
    await ben.press(list.id, text('en-US', 'button.collect', { number: 1 }));
    await until('the press is tried', () => uploads().length > before);
    await calm();
    // Its own answer; the channel and the direct messages are known to be closed.
    expect([press, uploads().length - before]).toEqual([press, 1]);
  }
  expect(discord.invalidRequests()).toBeLessThan(15);
});

it("a mention where Easel can't write is answered in a direct message, and the channel is not tried", async () => {
  world = await createWorld();
  const { discord } = world;
  discord.world.denyBot('general', ['SendMessages']);
  await discord.actor('ben', 'general').send('@Easel a red fox');
  await discord.until(({ content }) => content !== '', { channel: 'dm:ben' });
  expect(discord.invalidRequests()).toBe(0);
  // One that takes no direct messages costs one refusal, and then no more until they write to Easel themselves.
  discord.world.setDms('mia', false);
  const mia = discord.actor('mia', 'general');
  const refused = () => discord.requests.filter(({ code }) => code === 50_007).length;
  await mia.send('@Easel an owl');
  await until('it is refused', () => refused() === 1);
  for (const words of ['an owl', 'a cat', 'a dog']) await mia.send(`@Easel ${words}`);
  await calm();
  expect(refused()).toBe(1);
  expect(world.mps.tasks).toHaveLength(0);
});

it('what a missing permission prevented is tried again as soon as it is granted', async () => {
  world = await createWorld();
  const { discord } = world;
  const files = () => discord.messages('general').filter(({ attachments }) => attachments.length > 0);
  discord.faults.add({ kind: 'status', status: 403, code: 50_013, method: 'POST', route: '^/channels' });
  await discord.actor('ben', 'general').send('@Easel a red fox');
  await until('it is refused', () => discord.invalidRequests() === 1);
  discord.world.denyBot('general', []);
  await discord.actor('ben', 'general').send('@Easel an owl');
  await until('it is painted', () => files().length === 1);
});

it('429 without Retry-After is retried slowly', async () => {
  world = await createWorld();
  const { discord } = world;
  discord.faults.add({
    kind: '429',
    bare: true,
    method: 'POST',
    route: '^/channels',
    times: Number.POSITIVE_INFINITY,
  });
  await discord.actor('ben', 'general').send('@Easel a red fox');
  await until('it is refused', () => discord.invalidRequests() > 0);
  await giveChance(1_500);
  expect(discord.invalidRequests()).toBeLessThanOrEqual(4);
  discord.faults.clear();
});
