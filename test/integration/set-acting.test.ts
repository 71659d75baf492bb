import type { Invocation, MessageView } from '@easel/discord-stand-in';
import { walk } from '@easel/discord-stand-in';
import { afterEach, describe, expect, it } from 'vitest';
import { customId, type Verb } from '../../src/discord/views/custom-ids.js';
import { text } from '../../src/locales/index.js';
import type { Origin } from '../../src/tasks/model/task.js';
import { aVideoRequest } from '../support/tasks.js';
import { createSetWorld, isComplete, numbersOf } from './set-world.js';
import { answered, createWorld, delivered, saidIn, type World } from './world.js';

let world: World;
let origin: Origin;
afterEach(() => world.close());

const who = (name: string) => world.discord.actor(name, 'general');
const idOf = (verb: Verb, part = 1) => customId(verb, `${origin.eventId}:${part}`);
const verbsIn = ({ components }: MessageView) =>
  walk(components).flatMap(({ component: { custom_id } }) => (custom_id ? [custom_id.slice(3)] : []));

/** What the gallery says, which follows the records: those of a message are written once it is there. */
async function gallery(): Promise<string> {
  return saidIn(await answered(await who('mia').command('gallery')));
}

/** The numbers of a set's pictures in the gallery: they are recorded side by side, so in any order. */
async function numbersInGallery(): Promise<number[]> {
  return [...(await gallery()).matchAll(/number (\d) of \d/g)].map(([, number]) => Number(number)).sort();
}

/** Ben's set, complete unless it is said how it is to be waited for. */
async function aSet(...args: Parameters<typeof createSetWorld>): Promise<MessageView> {
  ({ world, origin } = await createSetWorld(...args));
  await world.start();
  return world.discord.until(isComplete);
}

async function picked(name: string, message: MessageView, number: number): Promise<MessageView> {
  return answered(await who(name).select(message.id, idOf('pick'), [String(number)]));
}

async function opened(invocation: Invocation): Promise<unknown[]> {
  await invocation.acknowledged;
  return invocation.modal()?.components.map(({ component }) => component?.value) ?? [];
}

describe('Which one?', () => {
  it('shows the chosen picture to the user alone, with buttons that act on it', async () => {
    const message = await aSet(3);
    const card = await picked('mia', message, 2);
    expect(card.ephemeral).toBe(true);
    expect(saidIn(card)).toContain('**2** · Hunyuan 3.0');
    const id = `${origin.eventId}:2`;
    expect(verbsIn(card)).toEqual(['animate', 'remix', 'details', 'erase'].map((verb) => `${verb}:${id}`));
    const form = await who('mia').press(card.id, 'Animate');
    await opened(form);
    const clip = await (await who('mia').submitModal(form, { prompt: 'it runs' })).until(
      ({ attachments }) => attachments[0]?.filename.endsWith('.mp4') === true,
    );
    expect(clip.ephemeral).toBe(true);
    const { params } = world.mps.tasks.at(-1) ?? {};
    expect(JSON.stringify(params)).toContain('-2.png');
    const details = await answered(await who('mia').press(card.id, 'Details'));
    expect(details.content).toContain('Counts as 1 picture');
  });
});

describe('Which one should be animated?', () => {
  it('orders the clip for the chosen picture', async () => {
    const thenAnimate = aVideoRequest({ prompt: 'the camera circles' });
    const message = await aSet(2, { set: { thenAnimate } });
    const ordered = await who('mia').select(message.id, idOf('move'), ['2']);
    const clip = await ordered.until(({ attachments }) => attachments[0]?.filename.endsWith('.mp4') === true);
    expect(clip.content).toContain('the camera circles');
    const { params } = world.mps.tasks.at(-1) ?? {};
    expect(JSON.stringify(params)).toContain('-2.png');
  });
});

describe('Again, Edit and Try again', () => {
  it('mean the whole set, and the one part that failed', async () => {
    ({ world, origin } = await createSetWorld(3));
    world.mps.faults.add({ kind: 'fail', reason: 'passing', count: 1 });
    await world.start();
    const message = await world.discord.until(isComplete);
    expect(numbersOf(message)).toHaveLength(2);
    const [retry] = verbsIn(message).filter((one) => one.startsWith('retry:'));
    const one = await delivered(await who('mia').press(message.id, `v1:${retry}`));
    expect(numbersOf(one)).toEqual([1]);
    expect(world.mps.tasks).toHaveLength(4);
    expect(await opened(await who('mia').press(message.id, idOf('edit')))).toContain('--count 3');
    const whole = await (await who('mia').press(message.id, idOf('again'))).until(
      (card) => isComplete(card) && numbersOf(card).length === 3,
    );
    expect(whole.content.match(/^-# \d · /gm)).toHaveLength(3);
    expect(world.mps.tasks).toHaveLength(7);
  });
});

it('a reply and the menu name a picture by its number, also beside one that failed', async () => {
  ({ world, origin } = await createSetWorld(3));
  world.mps.faults.add({ kind: 'fail', reason: 'passing', count: 1 });
  await world.start();
  const message = await world.discord.until(isComplete);
  expect(message.content).toContain('> a red fox');
  const [, number = 0] = numbersOf(message);
  const gone = [1, 2, 3].find((one) => !numbersOf(message).includes(one));
  await who('mia').send(`@Easel ${gone}: it runs`, { replyTo: message.id });
  const refusal = await world.discord.until(({ content }) => content.includes('There is no picture'));
  expect(refusal.content).toContain(`no picture ${gone} in that message`);
  const creates = world.mps.tasks.length;
  await who('mia').send(`@Easel ${number}: it runs`, { replyTo: message.id });
  const form = await who('mia').messageCommand('Remix', message.id);
  await opened(form);
  await delivered(await who('mia').submitModal(form, { prompt: `${number}: in winter` }));
  await expect.poll(() => world.mps.tasks.length).toBe(creates + 2);
  for (const { params } of world.mps.tasks.slice(creates)) {
    expect(params.Prompt).toMatch(/^(it runs|in winter)$/);
    expect(JSON.stringify(params)).toContain(`-${number}.png`);
  }
});

describe('Delete', () => {
  it('takes one picture out of the message, and then all of it, and the gallery follows', async () => {
    world = await createWorld();
    const ordered = await who('ben').command('imagine', { prompt: 'a red fox', count: 3 });
    const message = await ordered.until(isComplete);
    origin = { eventId: ordered.id } as Origin;
    await expect.poll(numbersInGallery).toEqual([1, 2, 3]);
    const strange = await picked('mia', message, 2);
    await who('mia').press(strange.id, 'Delete');
    const refused = await world.discord.until(({ content }) => content !== '' && content !== message.content);
    expect(refused).toMatchObject({ ephemeral: true, content: text('en-US', 'error.delete.notYours') });
    const own = await picked('ben', message, 2);
    await who('ben').press(own.id, 'Delete');
    await expect.poll(() => world.discord.message(message.id)?.attachments).toHaveLength(2);
    const left = world.discord.message(message.id) as MessageView;
    expect(numbersOf(left)).toEqual([1, 3]);
    expect(left.content).toContain(`-# 2 · ${text('en-US', 'card.set.removed')}`);
    await expect.poll(numbersInGallery).toEqual([1, 3]);
    await who('ben').press(message.id, 'Delete');
    await expect.poll(() => world.discord.message(message.id)).toBeUndefined();
    await expect.poll(gallery).not.toContain('a red fox');
  });
});

it("the deletion of a user's data takes every part of a set with it, and its one message", async () => {
  world = await createWorld();
  const ordered = await who('ben').command('imagine', { prompt: 'a red fox', count: 2 });
  const message = await ordered.until(isComplete);
  await expect.poll(numbersInGallery).toEqual([1, 2]);
  const question = await answered(await who('ben').command('privacy delete'));
  await who('ben').press(question.id, 'Delete it and my posted results');
  const said = await world.discord.until(
    ({ id, content }) => id === question.id && /^\d message.* deleted/m.test(content),
  );
  expect(said.content).toMatch(/^1 message /m);
  expect(world.discord.message(message.id)).toBeUndefined();
  const left = await answered(await who('ben').command('tasks'));
  expect(left.content).toBe(text('en-US', 'tasks.none.mine'));
});

describe('Cancel and Stop waiting', () => {
  const en = (key: Parameters<typeof text>[1], params = {}) => text('en-US', key, params);
  const press = async (name: string, message: MessageView, label: string) =>
    answered(await who(name).press(message.id, label));
  const runs = (count: number) => () => expect.poll(() => world.mps.tasks.length).toBe(count);

  it('cancel what waits, and ask about what is being made: the whole set, or one of it', async () => {
    ({ world, origin } = await createSetWorld(4, { env: { MAX_IMAGE_TASKS: '2' } }));
    const finish = world.mps.faults.add({ kind: 'status', word: 'RUN' });
    await world.start();
    await runs(2)();
    const has = (verb: Verb) => (one: MessageView) => verbsIn(one).some((id) => id.startsWith(`${verb}:`));
    const message = await world.discord.until(has('cancel'));
    expect((await press('mia', message, 'Cancel')).content).toBe(en('error.cancel.notYours'));
    const list = async () => (await answered(await who('ben').command('tasks'))).content;
    const [entry, ...others] = (await list()).split('\n');
    expect(entry).toMatch(/^1\\. a red fox · set of 4 · 1.*3: .*next.*; 4: /);
    expect(others).toEqual([]);
    const cancelled = await press('ben', message, 'Cancel');
    expect(cancelled.content).toBe(en('cancel.partly', { calledOff: 2, goOn: 2 }));
    await world.discord.until(has('release'));
    expect((await press('mia', message, 'Stop waiting')).content).toBe(en('error.release.notYours'));
    await expect.poll(list).toMatch(/; 3, 4: cancelled/);
    const question = await press('ben', message, 'Stop waiting');
    expect(question.content).toBe(en('release.ask.set', { count: 2 }));
    await who('ben').select(question.id, idOf('release'), ['2']);
    const again = () => world.discord.message(question.id);
    await expect.poll(() => again()?.content).toBe(en('release.ask'));
    await who('ben').press(question.id, en('button.discard'));
    await expect.poll(() => again()?.content).toBe(en('release.done.drop'));
    const rest = await press('ben', message, 'Stop waiting');
    await who('ben').press(rest.id, en('button.quiet'));
    await expect.poll(() => world.discord.message(rest.id)?.content).toBe(en('release.done.set.deliver'));
    finish();
    const done = await world.discord.until(isComplete);
    expect(numbersOf(done)).toEqual([1, 2]);
    expect(world.mps.tasks).toHaveLength(2);
  });
});
