import type { Actor, Invocation, MessageView } from '@easel/discord-stand-in';
import sharp from 'sharp';
import { expect } from 'vitest';
import { animated, animatedPng, corners, noise, paint, turned } from '../support/images.js';
import { createWorld, type World, type WorldOptions } from './world.js';

/** Every kind of picture that users hand in, as bytes. MPS takes png and jpeg as they are; the others are converted. */
export const sourceKinds = {
  png: async () => (await corners()).png().toBuffer(),
  jpeg: async () => (await corners()).jpeg().toBuffer(),
  webp: async () => (await corners()).webp().toBuffer(),
  gif: async () => (await corners()).gif().toBuffer(),
  avif: async () => (await corners()).avif().toBuffer(),
  'a phone’s jpeg, on its side': async () => turned(6, 'jpeg'),
  'a phone’s webp, on its head': async () => turned(3, 'webp'),
  'a moving gif': async () => animated('gif'),
  'a moving webp': async () => animated('webp'),
  'a moving png': async () => animatedPng(await (await corners()).png().toBuffer(), 3),
  'the colours of print': async () => paint().toColourspace('cmyk').withIccProfile('cmyk').jpeg().toBuffer(),
  'glass in a webp': async () =>
    sharp(await (await corners()).ensureAlpha(0.5).webp().toBuffer())
      .webp()
      .toBuffer(),
  'a png of 10 MB': async () => noise(1_850).png({ compressionLevel: 0 }).toBuffer(),
} as const satisfies Record<string, () => Promise<Buffer>>;
export type SourceKind = keyof typeof sourceKinds;

interface Scene {
  readonly world: World;
  readonly ben: Actor;
  readonly mia: Actor;
  readonly bytes: Buffer;
}

/** Someone uploaded it under this name. */
const file = ({ bytes }: Scene) => ({ filename: 'source.png', bytes });
const ended = (ending: string) => (message: MessageView) =>
  JSON.stringify(message.components).includes('v1:again:') &&
  (message.content.includes('⚠️') ||
    message.attachments.map(({ filename }) => filename.slice(-3)).join() === ending);

async function opened(invocation: Invocation): Promise<Invocation> {
  await invocation.acknowledged;
  return invocation;
}

async function replied(scene: Scene, words: string, to: Parameters<Actor['send']>[1], ending: string) {
  const { id } = await scene.ben.send(words, to);
  return scene.world.discord.until((one) => one.replyTo === id && one.author.bot && ended(ending)(one));
}

async function shown(scene: Scene): Promise<MessageView> {
  return scene.mia.send('look', { files: [file(scene)] });
}

async function made(scene: Scene): Promise<MessageView> {
  return (await scene.ben.command('animate', { prompt: 'it runs', image: file(scene) })).until(ended('mp4'));
}

async function sent(
  { ben }: Scene,
  form: Invocation,
  fields: Parameters<Actor['submitModal']>[1],
  ending: string,
) {
  return (await ben.submitModal(await opened(form), fields)).until(ended(ending));
}

/** Every way in which a picture reaches Easel, to the outcome it leads to. */
export const sourceEntries = {
  '/animate': made,
  '/animate last_image': async (scene: Scene) =>
    (
      await scene.ben.command('animate', { prompt: 'it runs', image: file(scene), last_image: file(scene) })
    ).until(ended('mp4')),
  '/imagine': async (scene: Scene) =>
    (await scene.ben.command('imagine', { prompt: 'a fox', reference1: file(scene) })).until(ended('png')),
  '/imagine then_animate': async (scene: Scene) =>
    (
      await scene.ben.command('imagine', {
        prompt: 'a fox',
        then_animate: 'it runs',
        reference1: file(scene),
      })
    ).until(ended('png,mp4')),
  'a mention with it': async (scene: Scene) =>
    replied(scene, '@Easel it runs', { files: [file(scene)] }, 'mp4'),
  'a mention --then with it': async (scene: Scene) =>
    replied(scene, '@Easel in winter --then "it runs"', { files: [file(scene)] }, 'png,mp4'),
  'a reply to it': async (scene: Scene) =>
    replied(scene, '@Easel it runs', { replyTo: (await shown(scene)).id }, 'mp4'),
  'a reply to it, forwarded': async (scene: Scene) =>
    replied(
      scene,
      '@Easel it runs',
      { replyTo: (await scene.mia.forward((await shown(scene)).id)).id },
      'mp4',
    ),
  'Apps › Animate': async (scene: Scene) =>
    sent(
      scene,
      await scene.ben.messageCommand('Animate', (await shown(scene)).id),
      { prompt: 'it runs' },
      'mp4',
    ),
  'Apps › Remix': async (scene: Scene) =>
    sent(
      scene,
      await scene.ben.messageCommand('Remix', (await shown(scene)).id),
      { prompt: 'in winter' },
      'png',
    ),
  'a form': async (scene: Scene) => {
    const plain = await (await scene.ben.command('animate', { prompt: 'it runs' })).until(ended('mp4'));
    return sent(scene, await scene.ben.press(plain.id, 'Edit'), { files: [file(scene)] }, 'mp4');
  },
  Again: async (scene: Scene) => (await scene.ben.press((await made(scene)).id, 'Again')).until(ended('mp4')),
  Edit: async (scene: Scene) =>
    sent(scene, await scene.ben.press((await made(scene)).id, 'Edit'), { prompt: 'it walks' }, 'mp4'),
} as const satisfies Record<string, (scene: Scene) => Promise<MessageView>>;
export type SourceEntry = keyof typeof sourceEntries;

/** A bot that sees everyone's messages, in a world that lets no one wait. */
export const seeing: WorldOptions = {
  discord: { messageContent: true, rateWindow: 0.1 },
  env: {
    MESSAGE_CONTENT_INTENT: 'true',
    MAX_IMAGE_TASKS: '10',
    MAX_VIDEO_TASKS: '10',
    CONCURRENT_PER_MEMBER: '0',
    // A model that has no smallest size.
    VIDEO_MODEL: 'hailuo-2.3',
  },
};

/** The outcome of each pair; MPS must have fetched its source, and Discord refused nothing. */
export async function tryAll(pairs: readonly (readonly [SourceEntry, SourceKind])[]): Promise<void> {
  const world = await createWorld(seeing);
  try {
    const [ben, mia] = [world.discord.actor('ben', 'general'), world.discord.actor('mia', 'general')];
    const failures: string[] = [];
    for (const [entry, kind] of pairs) {
      const bytes = await sourceKinds[kind]();
      const outcome = await sourceEntries[entry]({ world, ben, mia, bytes }).catch(String);
      const words = typeof outcome === 'string' ? outcome : outcome.content;
      if (typeof outcome === 'string' || words.includes('⚠️'))
        failures.push(`${entry} × ${kind}: ${words.slice(0, 300)}`);
    }
    expect(failures).toEqual([]);
    expect(world.mps.tasks.filter(({ status }) => status === 'FAIL')).toEqual([]);
  } finally {
    await world.close();
  }
}
