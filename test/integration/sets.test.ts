import { type Invocation, type MessageView, walk } from '@easel/discord-stand-in';
import { afterEach, expect, it } from 'vitest';
import { answered, createWorld, type World, type WorldOptions } from './world.js';

let world: World;
afterEach(() => world.close());

const open = async (options?: WorldOptions) => {
  world = await createWorld(options);
};
const actor = (name: string) => world.discord.actor(name, 'general');
const filled = (order: Invocation, files: number) =>
  order.until(({ attachments }) => attachments.length === files);
const labels = ({ components }: MessageView) =>
  walk(components).flatMap(({ component: { label } }) => label ?? []);
const fieldsOf = async (opened: Invocation) => {
  await opened.acknowledged;
  return opened.modal()?.components.map(({ component }) => component?.value) ?? [];
};

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

it('the picked one of several is animated, and what cannot be picked is chosen later', async () => {
  await open();
  const order = { prompt: 'a fox', count: 2, then_animate: 'it runs', pick: 2 };
  const none = await answered(await actor('ben').command('imagine', { ...order, pick: 3 }));
  expect(labels(none)).toEqual(['Choose the picture later', 'Edit']);
  const message = await filled(await actor('ben').command('imagine', order), 3);
  expect(numbers(message)).toEqual([1, 2, 3]);
  const clip = world.mps.tasks.find(({ params }) => 'Duration' in params);
  expect(clip?.params.Prompt).toBe('it runs');
});

it('a refusal says the most there is and offers that many, once; a server may allow more', async () => {
  await open();
  const order = { prompt: 'a fox', count: 9 };
  const refusal = await answered(await actor('ben').command('imagine', order));
  expect(refusal.content).toContain('4 is the most here');
  expect(labels(refusal)).toEqual(['Order 4 pictures', 'Edit']);
  const presses = await Promise.all([
    actor('ben').press(refusal.id, 'Order 4 pictures'),
    actor('ben').press(refusal.id, 'Order 4 pictures'),
  ]);
  const answers = await Promise.all(
    presses.map((press) =>
      press.until(({ attachments, content }) => attachments.length === 4 || content.includes('Already')),
    ),
  );
  expect(answers.map(({ attachments }) => attachments.length).sort()).toEqual([0, 4]);
  expect(world.mps.tasks).toHaveLength(4);

  const before = await answered(await actor('ben').command('imagine', order));
  const panel = await answered(await actor('ada').command('settings show'));
  await actor('ada').select(panel.id, 'v1:set:section', ['access']);
  await world.discord.until(
    ({ id, components }) => id === panel.id && JSON.stringify(components).includes('most_results'),
  );
  await actor('ada').select(panel.id, 'v1:set:most_results', ['1']);
  await world.discord.until(({ id, content }) => id === panel.id && content.includes('one at a time'));
  // A button from before is refused as well.
  const old = await answered(await actor('ben').press(before.id, 'Order 4 pictures'));
  expect(old.content).toContain('1 is the most here');
  expect(labels(old)[0]).toBe('Order one picture');
  const more = await answered(await actor('ada').command('settings most_results', { most: 9 }));
  expect(more.content).toContain('up to 9 at once');
  await filled(await actor('ben').command('imagine', { ...order, count: 5 }), 5);
});

it('what one compared model cannot take is left out there, before anything is paid', async () => {
  await open();
  const order = { prompt: 'a fox', compare: 'hunyuan-3.0, kling-3.0', resolution: '2K' };
  const refusal = await answered(await actor('ben').command('imagine', order));
  expect(refusal.content).toContain('About Hunyuan 3.0');
  expect(labels(refusal)).toEqual(['Leave it out there', 'Leave that model out', 'Edit']);
  expect(world.mps.tasks).toHaveLength(0);
  const message = await filled(await actor('ben').press(refusal.id, 'Leave it out there'), 2);
  expect(message.content).toMatch(/1 · Hunyuan 3\.0 .*\n.*2 · Kling 3\.0 /);
});

it('more than the quota leaves is refused with what would fit, and offered once', async () => {
  await open({ env: { QUOTA_MEMBER_IMAGES_DAY: '3' } });
  const refusal = await answered(await actor('ben').command('imagine', { prompt: 'a fox', count: 4 }));
  expect(refusal.content).toContain('What is left is enough for 3 of the pictures.');
  const presses = await Promise.all([
    actor('ben').press(refusal.id, 'Order 3 pictures'),
    actor('ben').press(refusal.id, 'Order 3 pictures'),
  ]);
  await Promise.any(presses.map((press) => filled(press, 3)));
  expect(world.mps.tasks).toHaveLength(3);
});

it('a mention and a form order several, and a slip loses nothing that was typed', async () => {
  await open();
  const sent = await actor('ben').send('@Easel a fox --compare Kling 3.0, hunyuan-3.0');
  await world.discord.until(({ replyTo, attachments }) => replyTo === sent.id && attachments.length === 2);
  const slip = { prompt: 'a fox', compare: 'kling-3.0', count: 2, negative: 'rain' };
  const refusal = await answered(await actor('ben').command('imagine', slip));
  expect(refusal.content).toContain('name 2 to 4 different models');
  const opened = await actor('ben').press(refusal.id, 'Edit');
  expect((await fieldsOf(opened)).slice(0, 4)).toEqual([
    'a fox',
    undefined,
    undefined,
    '--negative rain --count 2 --compare kling-3.0',
  ]);
  const chosen = opened.modal()?.components.flatMap(({ component }) => component?.options ?? []);
  expect(chosen?.find((one) => one.default)?.value).toBe('as-written');
  const options = '--compare kling-3.0,hunyuan-3.0';
  await filled(await actor('ben').submitModal(opened, { options }), 2);
  expect(creates().slice(2).sort()).toEqual(['Hunyuan 3.0', 'Kling 3.0']);
});

it('a form about a picture compares the written models alone, unless another one is chosen', async () => {
  await open();
  const first = await filled(await actor('ben').command('imagine', { prompt: 'a fox' }), 1);
  const options = '--compare kling-3.0, vidu-q2';
  const opened = await actor('ben').press(first.id, 'Edit');
  await opened.acknowledged;
  await filled(await actor('ben').submitModal(opened, { options }), 2);
  expect(creates().slice(1).sort()).toEqual(['Kling 3.0', 'Vidu q2']);
});
