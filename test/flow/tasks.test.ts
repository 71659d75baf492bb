import { afterEach, expect, it } from 'vitest';
import { text } from '../../src/locales/index.js';
import type { MessageView } from '../../src/playground/discord/index.js';
import { answered, createWorld, type World } from './world.js';

let world: World;
afterEach(() => world.close());

const ben = () => world.discord.actor('ben', 'general');
const hasFile = ({ attachments }: MessageView) => attachments.length > 0;
const list = async () => answered(await ben().command('tasks'));

it('/tasks shows places in line, calls off what waits, and leads to what was made', async () => {
  world = await createWorld({ env: { MAX_IMAGE_TASKS: '1' } });
  const made = await (await ben().command('imagine', { prompt: 'a red fox' })).until(hasFile);
  world.mps.faults.add({ kind: 'stuck', count: 1 });
  const stuck = await ben().command('imagine', { prompt: 'an owl' });
  await stuck.until(({ content }) => content.includes('painting'));
  await ben().command('imagine', { prompt: 'a badger' });
  const last = await ben().command('imagine', { prompt: 'a hare' });
  await last.until(({ content }) => content.includes('1 ahead'));

  const shown = await list();
  expect(shown.ephemeral).toBe(true);
  const lines = shown.content.split('\n');
  expect(lines).toHaveLength(4);
  expect(lines[0]).toContain(`a hare · ${text('en-US', 'tasks.position', { ahead: 1 })}`);
  expect(lines[3]).toContain(`/${made.channelId}/${made.id}`);
  await ben().press(shown.id, 'Cancel number 1');
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
