import { afterAll, beforeAll, expect, it } from 'vitest';
import { text } from '../../src/locales/index.js';
import { answered, createWorld, delivered, saidIn, type World } from './world.js';

/** One world for all: nothing that a member forges changes it. */
let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const actor = (name: string) => world.discord.actor(name, 'general');
const forged = { forged: true };

it.each([
  ['block', { member: 'mia' }],
  ['pardon', { member: 'mia' }],
  ['list', {}],
  ['member', { member: 'mia' }],
  ['limits', {}],
  ['refusals', {}],
  ['history', {}],
  ['audit', {}],
  ['remove', { member: 'mia', hours: 1 }],
  ['words', {}],
  ['channel', { channel: 'general', most: 0 }],
  ['role', { role: '@everyone', allowed: false }],
  ['cooldown', { seconds: 3600 }],
])('/moderate %s that a member forges is refused', async (name, options) => {
  const answer = await answered(await actor('ben').command(`moderate ${name}`, options, forged));
  expect(saidIn(answer)).toContain(text('en-US', 'error.moderate'));
  expect(answer.ephemeral).toBe(true);
});

it('menus and forms that a member forges are refused, in their language', async () => {
  const result = await delivered(await actor('mia').command('imagine', { prompt: 'a fox' }));
  const onUser = await answered(await actor('lin').userCommand('Block member', 'mia', forged));
  expect(saidIn(onUser)).toContain(text('zh-CN', 'error.moderate'));
  const onMessage = await answered(await actor('ben').messageCommand('Block member', result.id, forged));
  expect(saidIn(onMessage)).toContain(text('en-US', 'error.moderate'));

  const block = await actor('ada').userCommand('Block member', 'mia');
  await block.acknowledged;
  const blocked = await answered(await actor('ben').submitModal(block, { days: '', reason: '' }, forged));
  expect(saidIn(blocked)).toContain(text('en-US', 'error.moderate'));
  const words = await actor('ada').command('moderate words');
  await words.acknowledged;
  const saved = await answered(await actor('ben').submitModal(words, { refuse: 'fox', review: '' }, forged));
  expect(saidIn(saved)).toContain(text('en-US', 'error.moderate'));

  expect(saidIn(await answered(await actor('ada').command('moderate list')))).toBe(
    text('en-US', 'moderate.list.none'),
  );
  await delivered(await actor('mia').command('imagine', { prompt: 'another fox' }));
});
