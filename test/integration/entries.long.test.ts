import type { Actor, Invocation, MessageView } from '@easel/discord-stand-in';
import { describe, expect, it } from 'vitest';
import { type TextKey, text } from '../../src/locales/index.js';
import { paint } from '../support/images.js';
import { enUS } from '../support/languages.js';
import { answered, createWorld, isResult, saidIn, type World, type WorldOptions } from './world.js';

/*
 * Every entry point, with and without the message-content intent, before and after a restart of the bot: what is pressed,
 * replied to or sent after the restart was there before it.
 */

const patient = { rateWindow: 0.1 };
const env = { MAX_IMAGE_TASKS: '30', MAX_VIDEO_TASKS: '30' };
const intents = [
  ['without the intent', { discord: patient, env }],
  [
    'with the intent',
    { discord: { ...patient, messageContent: true }, env: { ...env, MESSAGE_CONTENT_INTENT: 'true' } },
  ],
] as const satisfies readonly (readonly [string, WorldOptions])[];

const lives = [
  ['before a restart', async () => {}],
  [
    'after a restart',
    async (world: World, options: WorldOptions) => {
      await world.stop();
      await world.start(options.env);
    },
  ],
] as const;

/** The initial messages. */
interface Scene {
  readonly world: World;
  readonly ben: Actor;
  /** Ben's, made by a model that can make it sharper. */
  readonly painted: MessageView;
  readonly chained: MessageView;
  /** Mia's own picture. */
  readonly shown: MessageView;
  /** Forms that are open. */
  readonly forms: Readonly<Record<'Animate' | 'Remix', Invocation>>;
  readonly sees: boolean;
}

const endings = ({ attachments }: MessageView) =>
  attachments.map(({ filename }) => filename.slice(-3)).join();
const hasPicture = (message: MessageView) => isResult(message) && endings(message) === 'png';
const hasClip = (message: MessageView) => isResult(message) && endings(message) === 'mp4';
const hasBoth = (message: MessageView) => endings(message) === 'png,mp4';
const says = (words: string) => (message: MessageView) => saidIn(message).includes(words);
const textOf = (key: TextKey) => text('en-US', key).split('{{')[0] ?? '';

async function file() {
  return { filename: 'fox.png', bytes: await paint(400, 304).png().toBuffer() };
}

async function opened(invocation: Invocation): Promise<Invocation> {
  await invocation.acknowledged;
  return invocation;
}

async function set(world: World, sees: boolean): Promise<Scene> {
  const [ben, mia] = [world.discord.actor('ben', 'general'), world.discord.actor('mia', 'general')];
  const shown = await mia.send('look', { files: [await file()] });
  const [painted, chained, animate, remix] = await Promise.all([
    ben.command('imagine', { prompt: 'a fox', model: 'kling-3.0' }).then((one) => one.until(hasPicture)),
    ben.command('imagine', { prompt: 'a hare', then_animate: 'it runs' }).then((one) => one.until(hasBoth)),
    ben.messageCommand('Animate', shown.id).then(opened),
    ben.messageCommand('Remix', shown.id).then(opened),
  ]);
  return { world, ben, painted, chained, shown, sees, forms: { Animate: animate, Remix: remix } };
}

/** Easel's reply to a message of Ben's, once it is so. */
async function replied(
  { world, ben }: Scene,
  words: string,
  to: { replyTo?: string; files?: Awaited<ReturnType<typeof file>>[] },
  isSo: (message: MessageView) => boolean,
): Promise<unknown> {
  const { id } = await ben.send(words, to);
  return world.discord.until((one) => one.replyTo === id && one.author.bot && isSo(one));
}

/** Thirty orders at once, on whatever machine. */

type Entry = (scene: Scene) => Promise<unknown>;
const command = (
  name: string,
  options: Parameters<Actor['command']>[1],
  isSo: (one: MessageView) => boolean,
) => (async ({ ben }) => (await ben.command(name, options)).until(isSo)) satisfies Entry;
const pressed = (label: string, isSo: (one: MessageView) => boolean, on: 'painted' | 'chained' = 'painted') =>
  (async ({ ben, ...scene }) => (await ben.press(scene[on].id, label)).until(isSo)) satisfies Entry;
/** Presses a button that opens a form, and sends it. */
const formed = (label: string, isSo: (one: MessageView) => boolean, on: 'painted' | 'chained' = 'painted') =>
  (async ({ ben, ...scene }) => {
    const form = await opened(await ben.press(scene[on].id, label));
    return (await ben.submitModal(form, { prompt: 'in winter' })).until(isSo);
  }) satisfies Entry;
const sent = (name: 'Animate' | 'Remix', isSo: (one: MessageView) => boolean) =>
  (async ({ ben, forms }) =>
    (await ben.submitModal(forms[name], { prompt: 'in winter' })).until(isSo)) satisfies Entry;
const inMenu = (name: 'Animate' | 'Remix', isSo: (one: MessageView) => boolean) =>
  (async ({ ben, shown }) => {
    const form = await opened(await ben.messageCommand(name, shown.id));
    return (await ben.submitModal(form, { prompt: 'in winter' })).until(isSo);
  }) satisfies Entry;

const entries: Readonly<Record<string, Entry>> = {
  '/imagine': command('imagine', { prompt: 'a fox' }, hasPicture),
  '/imagine then_animate': command('imagine', { prompt: 'a fox', then_animate: 'it runs' }, hasBoth),
  '/animate': command('animate', { prompt: 'it runs' }, hasClip),
  '/animate with a picture': async ({ ben }) =>
    (await ben.command('animate', { image: await file() })).until(hasClip),
  '/tasks': command('tasks', {}, says('a fox')),
  '/gallery': command('gallery', {}, says('a fox')),
  '/models': command('models', {}, says('Kling 3.0')),
  '/quota': command('quota show', {}, ({ ephemeral, content }) => ephemeral && content !== ''),
  '/privacy': command('privacy show', {}, ({ ephemeral, content }) => ephemeral && content !== ''),
  'a mention': (scene) => replied(scene, '@Easel a fox', {}, hasPicture),
  'a mention --then': (scene) => replied(scene, '@Easel a fox --then "it runs"', {}, hasBoth),
  'a mention with a picture': async (scene) =>
    replied(scene, '@Easel it runs', { files: [await file()] }, hasClip),
  "a reply to Easel's picture": (scene) =>
    replied(scene, '@Easel it runs', { replyTo: scene.painted.id }, hasClip),
  "a reply to someone else's picture": (scene) =>
    replied(
      scene,
      '@Easel it runs',
      { replyTo: scene.shown.id },
      scene.sees ? hasClip : says(textOf('reply.withheld')),
    ),
  'Apps › Animate': inMenu('Animate', hasClip),
  'Apps › Remix': inMenu('Remix', hasPicture),
  'a form for a clip': sent('Animate', hasClip),
  'a form for a picture': sent('Remix', hasPicture),
  Again: pressed('Again', hasPicture),
  'Again of both': pressed('Again', hasBoth, 'chained'),
  'Clip again': pressed('Clip again', hasClip, 'chained'),
  Edit: formed('Edit', hasPicture),
  'Edit of both': formed('Edit', hasBoth, 'chained'),
  'Edit clip': formed('Edit clip', hasClip, 'chained'),
  Animate: formed('Animate', hasClip),
  Remix: formed('Remix', hasPicture),
  Upscale: pressed(enUS.texts['button.upscale.image'].replace('{{to}}', '2K'), hasPicture),
  Details: pressed('Details', says(textOf('details.model'))),
};

/** All entry points at once; returns those that did not lead where they should. */
async function tryAll(scene: Scene): Promise<unknown[]> {
  const ways = Object.entries(entries).map(async ([name, entry]) => {
    try {
      await entry(scene);
      return [];
    } catch (error) {
      return [`${name}: ${String(error).slice(0, 400)}`];
    }
  });
  return (await Promise.all(ways)).flat();
}

describe.each(intents)('%s', (kind, options) => {
  it.each(lives)('every entry point leads where it should, %s', async (_, pass) => {
    const world = await createWorld(options);
    try {
      const scene = await set(world, kind === 'with the intent');
      await pass(world, options);
      expect(await tryAll(scene)).toEqual([]);
      // At last, for then there is nothing to press any more.
      await opened(await scene.ben.press(scene.painted.id, 'Delete'));
      await expect.poll(() => world.discord.message(scene.painted.id)).toBeUndefined();
    } finally {
      await world.close();
    }
  });

  it.each(lives)('open tasks are cancelled, dismissed and fetched, %s', async (_, pass) => {
    const world = await createWorld({ ...options, env: { ...options.env, MAX_IMAGE_TASKS: '2' } });
    try {
      const ben = world.discord.actor('ben', 'general');
      world.discord.world.addUser({ username: 'kim' });
      world.discord.world.addMember('Foxglove', 'kim');
      const kim = world.discord.actor('kim', 'studio');
      // Kim's picture can be posted nowhere.
      const lost = await world.discord.actor('kim', 'general').command('imagine', { prompt: 'a lost fox' });
      await lost.acknowledged;
      lost.expireToken();
      world.discord.world.setDms('kim', false);
      world.discord.world.denyBot('general', ['SendMessages']);
      const kept = () => kim.command('tasks').then((one) => one.until(({ content }) => content !== ''));
      await expect
        .poll(async () => JSON.stringify((await kept()).components), { interval: 200 })
        .toContain('v1:collect:');
      const list = await kept();

      const studio = ben.in('studio');
      const finish = world.mps.faults.add({ kind: 'status', word: 'RUN' });
      const order = (prompt: string) => studio.command('imagine', { prompt });
      const drawn = (label: string) => (one: MessageView) =>
        JSON.stringify(one.components).includes(`"${label}"`);
      const running = await Promise.all(['one fox', 'two foxes'].map(order));
      const cards = await Promise.all(running.map((one) => one.until(drawn('Stop waiting'))));
      const waiting = await (await order('a third fox')).until(drawn('Cancel'));
      await pass(world, { ...options, env: { ...options.env, MAX_IMAGE_TASKS: '2' } });

      await opened(await studio.press(waiting.id, 'Cancel'));
      await expect
        .poll(() => world.discord.message(waiting.id)?.content)
        .toContain(enUS.texts['card.cancelled']);
      for (const [at, label] of (['button.quiet', 'button.discard'] as const).entries()) {
        const question = await answered(await studio.press(cards[at]?.id ?? '', 'Stop waiting'));
        await studio.press(question.id, enUS.texts[label]);
        const done = enUS.texts[label === 'button.quiet' ? 'release.done.deliver' : 'release.done.drop'];
        await expect.poll(() => world.discord.message(question.id)?.content).toBe(done);
      }
      finish();
      await running[0]?.until(hasPicture);
      await running[1]?.until(says(enUS.texts['card.discarded.asker']));
      const [, id = ''] = /(v1:collect:\d+:1)/.exec(JSON.stringify(list.components)) ?? [];
      await (await kim.press(list.id, id)).until(hasPicture);
    } finally {
      await world.close();
    }
  });
});
