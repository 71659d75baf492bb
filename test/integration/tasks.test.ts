import type { MessageView } from '@easel/discord-stand-in';
import { afterEach, describe, expect, it } from 'vitest';
import { text } from '../../src/locales/index.js';
import { answered, createWorld, type World } from './world.js';

let world: World;
afterEach(() => world.close());

const ben = () => world.discord.actor('ben', 'general');
const hasFile = ({ attachments }: MessageView) => attachments.length > 0;
const list = async () => answered(await ben().command('tasks'));

it('/tasks shows queue positions, cancels waiting tasks, and links to results', async () => {
  world = await createWorld({ env: { MAX_IMAGE_TASKS: '1' } });
  const made = await (await ben().command('imagine', { prompt: 'a red fox' })).until(hasFile);
  world.mps.faults.add({ kind: 'stuck', count: 1 });
  const stuck = await ben().command('imagine', { prompt: 'an owl' });
  await stuck.until(({ content }) => content.includes('painting'));
  await ben().command('imagine', { prompt: 'a badger' });
  const last = await ben().command('imagine', { prompt: 'a hare' });
  const card = await last.until(({ content }) => content.includes('1 ahead'));

  const shown = await list();
  expect(shown.ephemeral).toBe(true);
  const lines = shown.content.split('\n');
  expect(lines).toHaveLength(4);
  expect(lines[0]).toContain('a hare · waiting in line, 1 ahead; starts');
  // Card and list show the same times, and none that has passed. The task ahead takes longer with every moment that it
  // runs, so the list may already show up to a minute more, the step in which Discord counts.
  const times = (content = '') => [...content.matchAll(/<t:(\d+):R>/g)].map(([, seconds]) => Number(seconds));
  const [onCard, inList] = [times(card.content), times(lines[0])];
  expect(onCard.length).toBeGreaterThan(0);
  for (const [at, time] of onCard.entries()) {
    expect(time * 1_000).toBeGreaterThan(Date.now());
    expect(Math.abs(time - (inList[at] ?? 0))).toBeLessThanOrEqual(60);
  }
  expect(new Set(onCard).size).toBe(onCard.length);
  expect(lines[3]).toContain(`/${made.channelId}/${made.id}`);
  await ben().press(shown.id, 'Cancel #1');
  await last.until(({ content }) => content.includes('Cancelled'));
  expect((await list()).content).toContain(`a hare · ${text('en-US', 'tasks.cancelled')}`);
});

it('/tasks turns its pages, also after a restart', async () => {
  world = await createWorld({ discord: { rateWindow: 0.1 } });
  for (let number = 1; number <= 11; number++)
    await (await ben().command('imagine', { prompt: `fox ${number}.` })).until(hasFile);
  const shown = await list();
  expect(shown.content).toContain('fox 11.');
  expect(shown.content).not.toContain('fox 1.');
  await world.stop();
  await world.start();
  const turned = await ben().press(shown.id, '▶');
  await turned.acknowledged;
  await expect.poll(() => world.discord.message(shown.id)?.content).toContain('fox 1.');
  await ben().press(shown.id, '◀');
  await expect.poll(() => world.discord.message(shown.id)?.content).toContain('fox 11.');
});

describe('of a server', () => {
  const at = (name: string) => world.discord.actor(name, 'general');
  const server = async (name: string) => answered(await at(name).command('tasks', { whose: 'server' }));

  it('/tasks shows moderators who has tasks in progress, and nothing of a private prompt', async () => {
    world = await createWorld({ env: { MAX_IMAGE_TASKS: '1' } });
    await (await at('mia').command('imagine', { prompt: 'a secret', private: true })).until(hasFile);
    const made = await (await at('ben').command('imagine', { prompt: 'a red fox' })).until(hasFile);
    world.mps.faults.add({ kind: 'stuck', count: 1 });
    const stuck = await at('mia').command('imagine', { prompt: 'an owl' });
    await stuck.until(({ content }) => content.includes('painting'));
    await at('ben').command('imagine', { prompt: 'a hare', private: true });
    const own = (name: string) => `<@${at(name).userId}> · 1 picture`;
    const queued = 'next in line';
    await expect.poll(async () => (await server('ada')).content.split('\n')[1]).toContain(queued);
    const shown = await server('ada');
    expect(shown.ephemeral).toBe(true);
    const [, hare, owl, fox, secret] = shown.content.split('\n');
    expect(hare).toMatch(new RegExp(`^1\\\\. a private picture · 1 picture · ${queued}; starts [^·]*$`));
    expect(owl).toMatch(/^2\\\. an owl · .* · being made; ready <t:\d+:R>[^·]*$/);
    expect(fox).toContain(`a red fox · ${own('ben')} · posted · <t:`);
    expect(fox).toContain(`/${made.id}`);
    expect(secret).toMatch(/^4\\\. a private picture · 1 picture · posted · <t:\d+:R>$/);

    expect((await server('ben')).content).toBe(text('en-US', 'error.moderatorsOnly'));
    const direct = await answered(await at('ada').dm.command('tasks', { whose: 'server' }));
    expect(direct.content).toBe(text('en-US', 'error.guildOnly'));
  });

  it('a moderator cancels a waiting task from the list, also after a restart, and the list says so', async () => {
    world = await createWorld({ env: { MAX_IMAGE_TASKS: '1' } });
    world.mps.faults.add({ kind: 'stuck', count: 1 });
    const stuck = await at('ben').command('imagine', { prompt: 'an owl' });
    await stuck.until(({ content }) => content.includes('painting'));
    const waits = await at('mia').command('imagine', { prompt: 'a hare' });
    await waits.until(({ content }) => content.includes('next in line'));
    const shown = await server('ada');
    await world.stop();
    await world.start();
    const pressed = await at('ada').press(shown.id, 'Cancel #1');
    await pressed.acknowledged;
    await waits.until(({ content }) => content.includes('Cancelled. Nothing was charged.'));
    await expect
      .poll(() => world.discord.message(shown.id)?.content)
      .toContain(`1 picture · ${text('en-US', 'tasks.cancelled')}`);
  });
});

it('/tasks lists finished orders in one select, which orders one again for the user alone, also after a restart', async () => {
  world = await createWorld();
  const made: string[] = [];
  for (const prompt of ['a red fox', 'an owl'])
    made.push((await (await ben().command('imagine', { prompt })).until(hasFile)).id);
  await expect
    .poll(async () => (await list()).content)
    .toMatch(/posted · <t:\d+:R> · https.*\n.*posted · <t:/);
  const shown = await list();
  const parts = shown.components.flatMap((row) => row.components ?? []);
  expect(parts).toHaveLength(1);
  expect(parts[0]?.placeholder).toBe('Repeat an order: which one?');
  const options = parts[0]?.options?.map(({ label, description }) => [label, description]);
  expect(options).toEqual([
    ['1. an owl', 'posted'],
    ['2. a red fox', 'posted'],
  ]);
  await world.stop();
  await world.start();
  const again = await (await ben().select(shown.id, 'v1:repeat:which', ['2. a red fox'])).until(hasFile);
  expect(made).not.toContain(again.id);
  expect(again.content).toContain('a red fox');
  expect(again.ephemeral).toBe(true);
});

it('/tasks says why an order failed and when', async () => {
  world = await createWorld();
  world.mps.faults.add({ kind: 'fail', message: 'The content was rejected by moderation.' });
  const failing = await ben().command('imagine', { prompt: 'a red fox' });
  await failing.until(({ content }) => content.includes('content check'));
  await expect
    .poll(async () => (await list()).content)
    .toMatch(/a red fox · failed: rejected by the content check · <t:\d+:R>/);
});
