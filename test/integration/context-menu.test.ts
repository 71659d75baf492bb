import type { Invocation, MessageView } from '@easel/discord-stand-in';
import { afterEach, describe, expect, it } from 'vitest';
import { text } from '../../src/locales/index.js';
import { paint } from '../support/images.js';
import { answered, createWorld, failed, type World, type WorldOptions } from './world.js';

let world: World;
afterEach(() => world.close());

const picture = async (filename = 'fox.png') => ({ filename, bytes: await paint(400, 304).png().toBuffer() });
const hasClip = ({ attachments }: MessageView) => attachments[0]?.filename.endsWith('.mp4') === true;
const hasPicture = ({ attachments }: MessageView) => attachments[0]?.filename.endsWith('.png') === true;

/** Mia's message, on which Ben uses a command of its menu. */
async function menu(command: string, filenames = ['fox.png']): Promise<Invocation> {
  const files = await Promise.all(filenames.map(picture));
  const message = await world.discord.actor('mia', 'general').send('look', { files });
  const opened = await world.discord.actor('ben', 'general').messageCommand(command, message.id);
  await opened.acknowledged;
  return opened;
}

const kinds = [
  ['without the message-content intent', {}],
  [
    'with the message-content intent',
    { discord: { messageContent: true }, env: { MESSAGE_CONTENT_INTENT: 'true' } },
  ],
] as const satisfies readonly (readonly [string, WorldOptions])[];

describe.each(kinds)("in a message's context menu, %s", (_, options) => {
  it("Animate makes a clip from someone else's picture", async () => {
    world = await createWorld(options);
    const opened = await menu('Animate');
    const ben = world.discord.actor('ben', 'general');
    const sent = await ben.submitModal(opened, { prompt: 'it runs', measure: '10' });
    const clip = await sent.until(hasClip);
    expect(clip.content).toContain('it runs');
    expect(clip.content).toContain('10 s');
  });

  it('Remix makes a new picture from it, with a model that takes references', async () => {
    world = await createWorld(options);
    const opened = await menu('Remix');
    const ben = world.discord.actor('ben', 'general');
    const sent = await ben.submitModal(opened, { prompt: 'in winter', measure: '1024x1024' });
    expect((await sent.until(hasPicture)).content).toContain('in winter');
  });

  it('an open form survives a restart', async () => {
    world = await createWorld(options);
    const opened = await menu('Animate');
    await world.stop();
    await world.start();
    const sent = await world.discord.actor('ben', 'general').submitModal(opened, { prompt: 'it runs' });
    expect(await sent.until(hasClip)).toBeDefined();
  });
});

it('the form opens first, with its five fields, in the language of the user who opened it', async () => {
  world = await createWorld();
  const modal = (await menu('Animate')).modal();
  expect(modal?.title).toBe(text('en-US', 'form.title.animate'));
  expect(modal?.components).toHaveLength(5);
  const model = modal?.components[1]?.component;
  expect(model?.options?.find((row) => row.default)?.value).toBe('kling-3.0');
  expect(model?.options?.length).toBeLessThanOrEqual(25);
});

it("the form's model and options are used, and a file becomes the last frame", async () => {
  world = await createWorld();
  const opened = await menu('Animate');
  const sent = await world.discord.actor('ben', 'general').submitModal(opened, {
    prompt: 'it runs',
    model: 'vidu-q3-pro',
    options: '--no-audio --resolution 720p',
    files: [await picture('last.png')],
  });
  const { content } = await answered(sent);
  expect(content).toContain('Vidu q3-pro');
  expect(content).toContain('720P');
  await sent.until(hasClip);
});

it('with several pictures the prompt can select one', async () => {
  world = await createWorld();
  const files = [await picture(), { filename: 'two.png', bytes: Buffer.from('no picture') }];
  const message = await world.discord.actor('mia', 'general').send('look', { files });
  const ben = world.discord.actor('ben', 'general');
  const opened = await ben.messageCommand('Animate', message.id);
  await opened.acknowledged;
  const sent = await ben.submitModal(opened, { prompt: '2: it runs' });
  expect((await failed(sent)).content).toContain('two.png');
});

it.each([
  [{ options: '--quality high' }, '--quality'],
  [{ options: 'make it nice' }, 'make it nice'],
  [{ measure: 'long' }, 'whole seconds'],
  [{ options: '--size 1024x1024' }, 'for pictures and some for clips'],
])('what the form cannot read is answered to the person alone: %j', async (fields, words) => {
  world = await createWorld();
  const opened = await menu('Animate');
  const sent = await world.discord.actor('ben', 'general').submitModal(opened, { prompt: 'x', ...fields });
  const { ephemeral, content } = await answered(sent);
  expect(ephemeral).toBe(true);
  expect(content).toContain(words);
  expect(world.mps.tasks).toHaveLength(0);
});

it('a message without a picture opens no form, and says so', async () => {
  world = await createWorld();
  const ben = world.discord.actor('ben', 'general');
  const message = await ben.send('only words');
  const { ephemeral, content } = await answered(await ben.messageCommand('Remix', message.id));
  expect(ephemeral).toBe(true);
  expect(content).toBe(text('en-US', 'error.noPicture'));
});
