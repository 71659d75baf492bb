import { afterEach, expect, it } from 'vitest';
import { z } from 'zod';
import { text } from '../../src/locales/index.js';
import { answered, createWorld, type World } from './world.js';

let world: World;
afterEach(() => world.close());

it('commands are registered once, and again only when they changed', async () => {
  world = await createWorld();
  const writes = () => world.discord.requests.filter(({ method }) => method === 'PUT').length;
  expect(writes()).toBe(1);
  expect(world.discord.commands().map(({ name }) => name)).toEqual([
    'imagine',
    'animate',
    'clip',
    'help',
    'tasks',
    'gallery',
    'models',
    'quota',
    'settings',
    'moderate',
    'presets',
    'preferences',
    'privacy',
    'about',
    'Animate',
    'Remix',
    'Edit clip',
    'Extend',
    'Report',
    'Block member',
    'Block member',
  ]);
  await world.stop();
  await world.start();
  expect(writes()).toBe(1);
  await world.stop();
  await world.start({ ADDITIONAL_PARAMETERS: 'true' });
  expect(writes()).toBe(2);
});

it('a disabled kind has no command', async () => {
  world = await createWorld({ env: { VIDEO_ENABLED: 'false' } });
  expect(world.discord.commands().map(({ name }) => name)).toEqual([
    'imagine',
    'help',
    'tasks',
    'gallery',
    'models',
    'quota',
    'settings',
    'moderate',
    'presets',
    'preferences',
    'privacy',
    'about',
    'Remix',
    'Report',
    'Block member',
    'Block member',
  ]);
});

it("models are autocompleted in the user's language, with what sets them apart", async () => {
  world = await createWorld();
  const lin = world.discord.actor('lin', 'general');
  const rows = await lin.autocomplete('animate', { model: 'kling 3' }, 'model');
  expect(rows[0]).toEqual({ name: '可灵 Kling 3.0：3–15 秒，有声，最高 4K，支持尾帧', value: 'kling-3.0' });
  const ben = world.discord.actor('ben', 'general');
  expect((await ben.autocomplete('animate', { model: '' }, 'model')).length).toBeLessThanOrEqual(25);
});

it('models can be found and ordered by their Chinese names', async () => {
  world = await createWorld();
  const lin = world.discord.actor('lin', 'general');
  const rows = await lin.autocomplete('imagine', { prompt: '狐狸', model: '可灵3' }, 'model');
  expect(rows.map(({ value }) => value)).toEqual(['kling-3.0', 'kling-3.0-omni']);
  const typed = await lin.command('imagine', { prompt: '狐狸', model: '可灵 3.0' });
  await typed.until(({ attachments }) => attachments.length === 1);
  expect(world.mps.tasks.at(-1)?.params).toMatchObject({ ModelName: 'Kling', ModelVersion: '3.0' });
  await lin.send('@Easel 狐狸 --model 可灵2.1');
  await world.discord.until(({ content, replyTo }) => replyTo !== undefined && content.includes('Kling 2.1'));
});

it('commands and options have Chinese names for Chinese members', async () => {
  world = await createWorld();
  const names = (one: object) => (one as { name_localizations?: Record<string, string> }).name_localizations;
  const imagine = world.discord.commands().find(({ name }) => name === 'imagine');
  expect(imagine && names(imagine)?.['zh-CN']).toBe('画图');
  const options = z.array(z.looseObject({ name: z.string() })).parse(imagine?.options);
  expect(options.map((option) => names(option)?.['zh-CN'])).toContain('宽高比');
  // Kinds are pictures and clips to users, in every list.
  const named = z.looseObject({ name: z.string(), name_localizations: z.record(z.string(), z.string()) });
  const withChoices = z.array(z.looseObject({ name: z.string(), choices: z.array(named).optional() }));
  for (const list of ['gallery', 'models']) {
    const found = world.discord.commands().find(({ name }) => name === list);
    const kind = withChoices.parse(found?.options).find(({ name }) => name === 'kind');
    const both = kind?.choices?.map((one) => [one.name, one.name_localizations['zh-CN']]);
    expect(both, list).toEqual([
      ['Pictures', '图片'],
      ['Clips', '视频'],
    ]);
  }
});

it.each([
  ['duration', 'kling-2.1', ['5 s', '10 s']],
  ['duration', undefined, Array.from({ length: 13 }, (_, at) => `${at + 3} s`)],
  ['resolution', 'hailuo-2.3', ['768P', '1080P']],
  ['aspect_ratio', 'kling-3.0', ['16:9', '9:16', '1:1']],
])('%s is completed for the model %s that was chosen', async (option, model, expected) => {
  world = await createWorld();
  const ben = world.discord.actor('ben', 'general');
  const rows = await ben.autocomplete('animate', { ...(model && { model }), [option]: '' }, option);
  expect(rows.map(({ name }) => name)).toEqual(expected);
});

it('members see no command that is not for them, and are refused what else is in /quota', async () => {
  world = await createWorld();
  const seenBy = (name: string) =>
    world.discord
      .actor(name, 'general')
      .commands()
      .flatMap((command) => (command.type === 3 ? [] : [command.name]));
  expect(seenBy('mia').sort()).toEqual([
    ...[
      'about',
      'animate',
      'clip',
      'gallery',
      'help',
      'imagine',
      'models',
      'preferences',
      'privacy',
      'quota',
      'tasks',
    ],
  ]);
  expect(seenBy('ada')).toContain('settings');
  const limit = { scope: 'member', measure: 'image.day', amount: 1 };
  const refused = await answered(await world.discord.actor('mia', 'general').command('quota set', limit));
  expect(refused).toMatchObject({ ephemeral: true, content: text('en-US', 'error.manageGuild') });
});

it('a combination that no model supports is explained before anything is ordered', async () => {
  world = await createWorld();
  const ben = world.discord.actor('ben', 'general');
  const invocation = await ben.command('animate', { prompt: 'it runs', model: 'Kling 2.1', duration: 8 });
  const { content, ephemeral } = await invocation.until((message) => message.content !== '');
  expect(ephemeral).toBe(true);
  expect(content).toContain('Kling 2.1 makes clips of 5 or 10 s, not 8 s. Use 10 s.');
  expect(content).toMatch(/Or pick Kling .*, which supports all of this as it is\./);
  expect(world.mps.records).toEqual([]);
});

it('a private picture is seen only by the user who asked', async () => {
  world = await createWorld();
  const ben = world.discord.actor('ben', 'general');
  const invocation = await ben.command('imagine', { prompt: 'a secret fox', private: true });
  const message = await invocation.until(({ attachments }) => attachments.length === 1);
  expect(message.ephemeral).toBe(true);
  expect(world.discord.actor('mia', 'general').messages()).toEqual([]);
});

it('/models lists what is available in one message', async () => {
  world = await createWorld();
  const invocation = await world.discord.actor('ben', 'general').command('models');
  const { content } = await invocation.until((message) => message.content !== '');
  expect(content).toContain('Kling 3.0: 3–15 s, sound, up to 4K');
  expect(content.length).toBeLessThan(2000);
});

it('/tasks shows what is in progress', async () => {
  world = await createWorld();
  world.mps.faults.add({ kind: 'stuck' });
  const ben = world.discord.actor('ben', 'general');
  const none = await (await ben.command('tasks')).until((message) => message.content !== '');
  expect(none.content).toContain('no recent orders');
  const invocation = await ben.command('imagine', { prompt: 'a red fox' });
  await invocation.until(({ content }) => content.includes('painting'));
  const list = await (await ben.command('tasks')).until((message) => message.content !== '');
  expect(list.content).toContain('a red fox · being made');
});

it('a prompt neither pings nor links, and stands in the answer letter for letter', async () => {
  world = await createWorld();
  const ben = world.discord.actor('ben', 'general');
  const prompt = '@everyone **bold** https://example.org <@123456789012345678> `code`';
  const message = await (await ben.command('imagine', { prompt })).until(
    ({ attachments }) => attachments.length === 1,
  );
  expect(message.notified).toEqual([]);
  expect(message.content.replaceAll('\\', '')).toContain(prompt);
});

it('only the user who asked can cancel a waiting task; then nothing is ordered, and the next one moves up', async () => {
  world = await createWorld({ env: { MAX_IMAGE_TASKS: '1' } });
  world.mps.faults.add({ kind: 'stuck', count: 1 });
  const ben = world.discord.actor('ben', 'general');
  const first = await ben.command('imagine', { prompt: 'a red fox' });
  await first.until(({ content }) => content.includes('painting'));
  const mia = world.discord.actor('mia', 'general');
  const ahead = await mia.command('imagine', { prompt: 'an owl' });
  const owl = await ahead.until(({ content }) => content.includes('next in line'));
  const second = await ben.command('imagine', { prompt: 'a badger' });
  const card = await second.until(({ content }) => content.includes('1 ahead of you'));
  const refusal = await (await mia.press(card.id, 'Cancel')).until(({ ephemeral }) => ephemeral);
  expect(refusal.content).toContain('Only the user who ordered this, or a moderator, can cancel it');
  await mia.press(owl.id, 'Cancel');
  await second.until(({ content }) => content.includes('next in line'));
  await ben.press(card.id, 'Cancel');
  await second.until(({ content }) => content.includes('Cancelled. Nothing was charged.'));
  expect(world.mps.tasks).toHaveLength(1);
});
