import type { Invocation, MessageView } from '@easel/discord-stand-in';
import { afterEach, expect, it } from 'vitest';
import { createWorld, type World, type WorldOptions } from './world.js';

let world: World;
afterEach(() => world.close());

const open = async (options?: WorldOptions) => {
  world = await createWorld(options);
};
const actor = (name: string) => world.discord.actor(name, 'general');
const filled = (order: Invocation, files: number) =>
  order.until(({ attachments }) => attachments.length === files);
/** Which result each file of the message is. */
const numbers = ({ attachments }: MessageView) =>
  attachments.map(({ filename }) => Number(/-(\d+)\.\w+$/.exec(filename)?.[1]));
const creates = () => world.mps.tasks.map(({ params }) => `${params.ModelName} ${params.ModelVersion}`);

it('four pictures of one prompt are one message, in the order of their numbers', async () => {
  await open();
  const order = await actor('ben').command('imagine', { prompt: 'a fox', count: 4 });
  const message = await filled(order, 4);
  expect(numbers(message)).toEqual([1, 2, 3, 4]);
  expect(creates()).toEqual(Array(4).fill('Hunyuan 3.0'));
  const mine = world.discord.messages('general').filter(({ attachments }) => attachments.length > 0);
  expect(mine.map(({ id }) => id)).toEqual([message.id]);
});

it('models are compared side by side, the first of them first', async () => {
  await open();
  const compare = 'kling-3.0, hunyuan-3.0';
  const order = await actor('ben').command('imagine', { prompt: 'a fox', compare });
  const message = await filled(order, 2);
  expect(creates().sort()).toEqual(['Hunyuan 3.0', 'Kling 3.0']);
  expect(message.content).toMatch(/1 · Kling 3\.0 .*\n.*2 · Hunyuan 3\.0 /);
  const rows = await actor('ben').autocomplete(
    'imagine',
    { prompt: 'a fox', compare: 'kling-3.0, hun' },
    'compare',
  );
  expect(rows.map(({ value }) => value)).toContain(compare);
  const clips = await actor('ben').command('animate', {
    prompt: 'it runs',
    compare: 'kling-3.0, hailuo-2.3',
  });
  await filled(clips, 2);
  const seconds = world.mps.tasks.slice(2).map(({ params }) => 'Duration' in params && params.Duration);
  expect(seconds.sort()).toEqual([5, 6]);
});
