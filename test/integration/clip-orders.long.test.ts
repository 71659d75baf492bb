import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { MessageView } from '@easel/discord-stand-in';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { text } from '../../src/locales/index.js';
import { ffmpeg, lacksFfmpeg } from '../support/clips.js';
import { createWorld, delivered, type World } from './world.js';

let folder: string;
let world: World;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'easel-clip-orders-'));
});
afterEach(() => world.close());
afterAll(() => rm(folder, { recursive: true }));

const actor = (user: string) => world.discord.actor(user, 'general');
const hasClip = ({ attachments }: MessageView) => attachments[0]?.filename.endsWith('.mp4') === true;
const replyTo = (message: MessageView) =>
  world.discord.until((one) => one.replyTo === message.id && one.author.bot && hasClip(one));

/** Seconds of the posted clip, by a player's view of it. */
async function lengthOf({ attachments }: MessageView): Promise<number> {
  const path = join(folder, 'posted.mp4');
  await writeFile(path, Buffer.from(await (await fetch(attachments[0]?.url ?? '')).arrayBuffer()));
  const options = ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', path];
  return Number((await promisify(execFile)('ffprobe', options)).stdout);
}

async function aClip(): Promise<MessageView> {
  const order = await actor('ben').command('animate', { prompt: 'it runs', duration: 3, audio: false });
  return delivered(order);
}

/** Presses Extend and says what happens next. */
async function extend(clip: MessageView, prompt: string, user = 'ben'): Promise<MessageView> {
  const form = await actor(user).press(clip.id, text('en-US', 'button.extend'));
  await form.acknowledged;
  return delivered(await actor(user).submitModal(form, { prompt, measure: '3' }));
}

describe.skipIf(lacksFfmpeg)('a clip', () => {
  it('is changed by a reply to it', async () => {
    world = await createWorld({ discord: { messageContent: true }, env: { MESSAGE_CONTENT_INTENT: 'true' } });
    const clip = await aClip();
    const changed = await replyTo(await actor('mia').send('@Easel make it snow', { replyTo: clip.id }));
    expect(changed.content).toContain(text('en-US', 'card.edits'));
    const params = world.mps.tasks.at(-1)?.params;
    expect(params).toMatchObject({ VideoInfos: [{ ReferType: 'base', KeepOriginalSound: 'yes' }] });
  });

  it('is extended twice into one, which knows how long it is', async () => {
    world = await createWorld({ env: { FFMPEG_PATH: ffmpeg, EXTEND_MAX_SECONDS: '9' } });
    const first = await aClip();
    const [one, second] = [await lengthOf(first), await extend(first, 'she walks on')];
    const two = await lengthOf(second);
    expect(two).toBeGreaterThan(one + 2.7);
    expect(two).toBeLessThan(one + 3.2);
    expect(second.content).toContain(text('en-US', 'card.joined', { seconds: 6 }));
    const third = await extend(second, 'she sits down');
    expect(await lengthOf(third)).toBeGreaterThan(two + 2.7);
    expect(world.mps.tasks).toHaveLength(3);
    const labels = JSON.stringify(third.components);
    expect(labels).toContain(text('en-US', 'button.part'));
    expect(labels).not.toContain(`"${text('en-US', 'button.extend')}"`);
  });
});
