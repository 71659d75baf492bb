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
import { asked, createReviewedWorld, moderator, published } from './review-world.js';
import { answered, createWorld, delivered, isResult, type World } from './world.js';

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
    const { id } = await by('ben').send('@Easel --extend she sits down --duration 3', { replyTo: first.id });
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

  it('has as many frames as both have, less the doubled one, each time it is extended', async () => {
    world = await createWorld({ env, mps });
    let clip = await delivered(await orderClip());
    const part = await countFrames(clip);
    for (let all = part, parts = 1; parts < 3; parts++) {
      clip = await delivered(await extend(clip));
      expect(await countFrames(clip)).toBe(all + part - 1);
      all += part - 1;
    }
  });

  it('is given whole as its original where it had to be made smaller, or else the new part with the reason', async () => {
    const uploadLimit = 2_000_000;
    const path = join(folder, 'large.mp4');
    await makeClip(path, { seconds: 3, size: '640x360', rate: 4_000_000 });
    world = await createWorld({ env, discord: { uploadLimit } });
    world.mps.faults.add({ kind: 'file', path });
    const clip = await delivered(await orderClip());
    world.mps.faults.add({ kind: 'file', path });
    const whole = await delivered(await extend(clip));
    const label = text('en-US', 'button.original');
    const { id } = world.discord.world.addUser({ username: 'nitro', uploadLimit: 5_000_000 });
    const full = await answered(await world.discord.actor(id, 'general').press(whole.id, label));
    expect(full.content).toContain(text('en-US', 'card.joined', { seconds: 6 }));
    expect(await countFrames(full)).toBe(2 * (await countFrames(clip)) - 1);
    expect((await sentFile(full)).length).toBeGreaterThan(uploadLimit);
    const alone = await answered(await by('ben').press(whole.id, label));
    expect(alone.content).toContain('too large for Discord here');
    expect(await countFrames(alone)).toBe(await countFrames(clip));
  });

  it('is private if it goes on from a private one', async () => {
    world = await createWorld({ env, mps });
    const clip = await delivered(await orderClip('ben', { private: true }));
    const whole = await delivered(await extend(clip));
    expect(whole.ephemeral).toBe(true);
    const latest = await delivered(
      await by('ben').command('clip extend', { prompt: 'it sits', duration: 3 }),
    );
    expect(latest.ephemeral).toBe(true);
    expect(by('mia').messages().filter(isResult)).toEqual([]);
  });

  it('is seen by moderators as a whole before anyone else sees it', async () => {
    world = await createReviewedWorld({ all: true }, { env, mps });
    const approve = async () => {
      const question = await asked(world);
      await moderator(world).press(question.id, 'Approve');
      await world.discord.until(({ id, components }) => id === question.id && components.length === 0);
    };
    const order = await orderClip();
    await approve();
    const clip = await delivered(order);
    const part = await countFrames(clip);
    const longer = await extend(clip);
    const question = await asked(world);
    expect(await countFrames(question)).toBe(2 * part - 1);
    // The card may hold the frame that MPS is to fetch, of a clip that all can see.
    expect(published(world).filter(isResult)).toHaveLength(1);
    await approve();
    expect(await countFrames(await delivered(longer))).toBe(2 * part - 1);
    expect(world.mps.tasks).toHaveLength(2);
  });

  it('is the new part alone, and says why, if the clip before it was deleted meanwhile', async () => {
    world = await createWorld({ env, mps: { ...mps, durations: { image: [0.1, 0.1], video: [2, 2] } } });
    const clip = await delivered(await orderClip());
    const part = await countFrames(clip);
    const order = await extend(clip, 'mia');
    await until('MPS has the order', () => world.mps.tasks.length === 2);
    const question = await answered(await by('ben').command('privacy delete'));
    await by('ben').press(question.id, 'Yes, delete it');
    const alone = await delivered(order);
    expect(alone.content).toContain(text('en-US', 'card.unjoined.gone'));
    expect(await countFrames(alone)).toBe(part);
  });
});
