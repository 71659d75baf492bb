import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Invocation, MessageView } from '@easel/discord-stand-in';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { text } from '../../src/locales/index.js';
import { ffmpeg, lacksFfmpeg } from '../support/clips.js';
import { until } from '../support/until.js';
import { answered, createWorld, delivered, isResult, type World } from './world.js';

let folder: string;
let world: World;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'easel-extension-price-'));
});
afterEach(() => world.close());
afterAll(() => rm(folder, { recursive: true }));

const prices = { currency: 'CNY', video: { 'kling-3.0': { price: { silent: 0.6, sound: 0.9 } } } };
const by = (user: string) => world.discord.actor(user, 'general');

/** A bot that has made a clip of 3 s for Ben; nothing has a price unless it is said. */
async function aClip(env: Readonly<Record<string, string>> = {}): Promise<MessageView> {
  const discord = { messageContent: true };
  world = await createWorld({
    discord,
    env: { FFMPEG_PATH: ffmpeg, MESSAGE_CONTENT_INTENT: 'true', VIDEO_AUDIO: 'false', ...env },
  });
  return delivered(await by('ben').command('animate', { prompt: 'it runs', duration: 3 }));
}

async function priced(): Promise<Readonly<Record<string, string>>> {
  const path = join(folder, 'models.json');
  await writeFile(path, JSON.stringify(prices));
  return { MODELS_FILE: path };
}

const asked = (message: MessageView) =>
  world.discord.until((one) => one.replyTo === message.id && one.author.bot && one.content !== '');

/** What the form says of the seconds to add, and of the models. */
async function told(opened: Invocation): Promise<string> {
  await opened.acknowledged;
  return JSON.stringify(opened.modal());
}

const question = text('en-US', 'ask.extend.priced', { seconds: 5, amount: 3, currency: 'CNY' });

describe.skipIf(lacksFfmpeg)('what an extension adds, and its price, is told before it is ordered', () => {
  it('by a question that two presses answer once', async () => {
    const clip = await aClip(await priced());
    const reply = await asked(await by('ben').send('@Easel --extend she walks on', { replyTo: clip.id }));
    expect(reply.content).toContain(question);
    const command = await answered(await by('ben').command('clip extend', { prompt: 'she walks on' }));
    expect(command.content).toContain(question);
    expect(world.mps.tasks).toHaveLength(1);
    const label = text('en-US', 'button.extend');
    const presses = await Promise.all([by('ben').press(reply.id, label), by('ben').press(reply.id, label)]);
    const answers = await Promise.all(presses.map((press) => press.until(({ content }) => content !== '')));
    expect(answers.filter(({ content }) => content.includes('Already ordered'))).toHaveLength(1);
    await until('the longer clip is there', () => by('ben').messages().filter(isResult).length === 2);
    expect(world.mps.tasks).toHaveLength(2);
  });

  it('in the form of the button and of the menu, with the price of each model, and two sends order once', async () => {
    const clip = await aClip(await priced());
    const hint = text('en-US', 'form.measure.extend.hint', { seconds: 3, max: 60, adds: '5 s (≈ 3 CNY)' });
    const opened = await by('ben').press(clip.id, text('en-US', 'button.extend'));
    const form = await told(opened);
    expect(form).toContain(hint);
    expect(form).toContain('≈ 0.6–0.9 CNY/s');
    expect(await told(await by('ben').messageCommand('Extend', clip.id))).toContain(hint);
    const sends = await Promise.all(
      ['she walks on', 'she walks on'].map((prompt) => by('ben').submitModal(opened, { prompt })),
    );
    const answers = await Promise.all(sends.map((send) => send.until(({ content }) => content !== '')));
    expect(answers.filter(({ content }) => content.includes('Already ordered'))).toHaveLength(1);
    await until('the longer clip is there', () => by('ben').messages().filter(isResult).length === 2);
    expect(world.mps.tasks).toHaveLength(2);
  });

  it('in the form that opens if a question is answered', async () => {
    await aClip(await priced());
    const ben = world.discord.actor('ben', 'dm');
    const clip = await delivered(await ben.command('animate', { prompt: 'it runs', duration: 3 }));
    const { id } = await ben.send('the fox in the snow', { replyTo: clip.id });
    const question = text('en-US', 'ask.clip');
    const reply = await world.discord.until((one) => one.replyTo === id && one.content.includes(question));
    const form = await told(await ben.press(reply.id, text('en-US', 'button.extend')));
    expect(form).toContain('Empty adds 5 s (≈ 3 CNY)');
    expect(form).toContain('the fox in the snow');
  });

  it('but is not asked of someone who named the seconds, where nothing has a price, nor before a refusal', async () => {
    const clip = await aClip({ EXTEND_MAX_SECONDS: '7' });
    const dear = await asked(await by('ben').send('@Easel --extend she walks on', { replyTo: clip.id }));
    expect(dear.content).toContain(
      text('en-US', 'problem.extends.tooLong', { added: 5, whole: 8, max: 7, use: 4 }),
    );
    const reply = await asked(
      await by('ben').send('@Easel --extend she walks on --duration 4', { replyTo: clip.id }),
    );
    expect(reply.content).not.toContain('Nothing has been ordered yet');
    await until('it is ordered', () => world.mps.tasks.length === 2);
  });
});
