import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Invocation, MessageView } from '@easel/discord-stand-in';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { text } from '../../src/locales/index.js';
import { ffmpeg, lacksFfmpeg, makeClip } from '../support/clips.js';
import { createCollectingLog } from '../support/log.js';
import { until } from '../support/until.js';
import { createWorld, delivered, isResult, type World } from './world.js';

let folder: string;
let world: World;
let own: Buffer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'easel-clip-ways-'));
  if (lacksFfmpeg) return;
  const path = join(folder, 'own.mp4');
  await makeClip(path, { seconds: 4, size: '640x360', rate: 400_000 });
  own = await readFile(path);
});
afterEach(() => world.close());
afterAll(() => rm(folder, { recursive: true }));

const env = { FFMPEG_PATH: ffmpeg };
/** Clips that begin with the given frame, each with as many as it should have. */
const mps = { settings: { clips: 'made' } } as const;
const by = (user: string) => world.discord.actor(user, 'general');
const orderClip = (user = 'ben', options = {}) =>
  by(user).command('animate', { prompt: 'it runs', duration: 3, audio: false, ...options });

async function sentFile({ attachments }: MessageView): Promise<Buffer> {
  return Buffer.from(await (await fetch(attachments[0]?.url ?? '')).arrayBuffer());
}

async function countFrames(clip: MessageView | Buffer): Promise<number> {
  const path = join(folder, 'counted.mp4');
  await writeFile(path, Buffer.isBuffer(clip) ? clip : await sentFile(clip));
  const options = ['-v', 'error', '-count_frames', '-select_streams', 'v:0'];
  const entries = ['-show_entries', 'stream=nb_read_frames', '-of', 'csv=p=0', path];
  return Number.parseInt((await promisify(execFile)('ffprobe', [...options, ...entries])).stdout, 10);
}

async function extend(clip: MessageView, user = 'ben', prompt = 'she walks on'): Promise<Invocation> {
  const form = await by(user).press(clip.id, text('en-US', 'button.extend'));
  await form.acknowledged;
  return by(user).submitModal(form, { prompt, measure: '3' });
}

describe.skipIf(lacksFfmpeg)('a clip of a clip', () => {
  it('is one order however often Discord sends a press or a message', async () => {
    const log = createCollectingLog();
    const discord = { messageContent: true };
    world = await createWorld({ discord, log, mps, env: { ...env, MESSAGE_CONTENT_INTENT: 'true' } });
    const clip = await delivered(await orderClip());
    for (const event of ['INTERACTION_CREATE', 'MESSAGE_CREATE'])
      world.discord.gateway.faults.duplicate(event);
    const first = await delivered(await extend(clip));
    const { id } = await by('ben').send('@Easel --extend she sits down', { replyTo: first.id });
    const replies = () =>
      by('ben')
        .messages()
        .filter((one) => one.author.bot && one.replyTo === id);
    await until('the reply has its clip', () => replies().some(isResult));
    const form = await by('ben').press(clip.id, text('en-US', 'button.changeclip'));
    await form.acknowledged;
    await delivered(await by('ben').submitModal(form, { prompt: 'make it snow' }));
    const copies = () => log.lines.filter(({ message }) => /^duplicate .* ignored$/.test(message)).length;
    await until('every copy was handled', () => copies() >= 5 || world.mps.tasks.length > 4);
    expect(world.mps.tasks).toHaveLength(4);
    expect(replies().filter(isResult)).toHaveLength(1);
  });

  it("moves like a user's own, or goes on from it by as many frames as it has, less the doubled one", async () => {
    world = await createWorld({ env, mps });
    const video = { filename: 'dog.mp4', bytes: own };
    await delivered(await by('ben').command('clip motion', { prompt: 'a cat', video }));
    expect(world.mps.tasks.at(-1)?.params).toMatchObject({ VideoInfos: [{ ReferType: 'feature' }] });
    const order = await by('ben').command('clip extend', { prompt: 'it sits down', video, duration: 3 });
    const whole = await delivered(order);
    expect(world.mps.tasks).toHaveLength(2);
    // MPS makes 12 frames a second; the doubled one would be two at the 24 of the first.
    expect(await countFrames(whole)).toBe((await countFrames(own)) + 3 * 24 - 2);
  });
});
