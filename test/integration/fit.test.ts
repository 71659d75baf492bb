import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MessageView } from '@easel/discord-stand-in';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sniff } from '../../src/media/formats/magic-bytes.js';
import { ffmpeg, lacksFfmpeg, makeClip, play, probe } from '../support/clips.js';
import { noise } from '../support/images.js';
import { until } from '../support/until.js';
import { createWorld, delivered, type World, type WorldOptions } from './world.js';

type Triple = [string, string, string];

const uploadLimit = 200_000;
let folder: string;
let picture: Buffer;
let world: World;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'easel-test-'));
  picture = await noise(500).png().toBuffer();
  await writeFile(join(folder, 'fox.png'), picture);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Opens a world in which the next result is a file of ours, far larger than Discord takes. */
async function open(name: string, options: WorldOptions = {}): Promise<void> {
  world = await createWorld({
    discord: { uploadLimit },
    timing: { retryMs: 5 },
    ...options,
    env: { SPOOL_DIR: join(folder, 'spool'), ...options.env },
  });
  world.mps.faults.add({ kind: 'file', path: join(folder, name) });
}
afterEach(async () => {
  await world.close();
  expect(await readdir(join(folder, 'spool'))).toEqual([]);
});

async function imagine(who = 'ben'): Promise<MessageView> {
  const command = { prompt: 'a red fox', size: '512x512' };
  return delivered(await world.discord.actor(who, 'general').command('imagine', command));
}

async function animate() {
  return world.discord.actor('ben', 'general').command('animate', { prompt: 'it runs' });
}

async function pressOriginal({ id }: MessageView, who = 'ben'): Promise<MessageView> {
  const pressed = await world.discord.actor(who, 'general').press(id, 'Original');
  return pressed.until(({ content, attachments }) => content !== '' || attachments.length > 0);
}

/** Bytes so far, from the metrics. */
async function transferred() {
  const text = await (await fetch(`${world.app().healthUrl()}/metrics`)).text();
  const of = (way: string) =>
    Number(new RegExp(`^easel_transfer_bytes_total{way="${way}"} (\\d+)$`, 'm').exec(text)?.[1]);
  return { result: of('result'), upload: of('upload') };
}

const link = /\[(?:the original|Download it)\]\(<(http[^>]+)>\)/;

/** Opens the link in a message as a user would. */
async function follow({ content }: MessageView): Promise<Buffer> {
  const response = await fetch(link.exec(content)?.[1] ?? '');
  return Buffer.from(await response.arrayBuffer());
}

describe('a picture above the upload limit', () => {
  beforeEach(() => open('fox.png', { env: { HEALTH_PORT: '0' } }));

  it('is made smaller, says so, and its original is a link and a click away, also after a restart', async () => {
    const message = await imagine();
    expect(message.content).toMatch(/-# made smaller to fit 0\.19 MB; .+ is available until <t:\d+:f>/);
    expect((await follow(message)).equals(picture)).toBe(true);
    expect(message.attachments.map(({ filename }) => filename)).toEqual(['a-red-fox-1.webp']);
    const posted = await world.discord.fetchAttachment(message.id, 0);
    expect(sniff(posted)).toBe('image/webp');
    expect(posted.length).toBeLessThanOrEqual(uploadLimit);

    await world.stop();
    await world.start();
    const answer = await pressOriginal(message);
    expect(answer).toMatchObject({ ephemeral: true, attachments: [] });
    expect(answer.content).toMatch(/^1: too large for Discord here \(0\.\d+ MB\)\. .+ until <t:\d+:f>\.$/);
    expect((await follow(answer)).equals(picture)).toBe(true);
  });

  it("is posted untouched if the user's limit is higher", async () => {
    const message = await imagine();
    const { id } = world.discord.world.addUser({ username: 'nitro', uploadLimit: 5_000_000 });
    world.discord.world.addMember('Foxglove', id);
    const before = await transferred();
    const answer = await pressOriginal(message, 'nitro');
    expect(answer.attachments.map(({ filename }) => filename)).toEqual(['a-red-fox-1.png']);
    expect((await world.discord.fetchAttachment(answer.id, 0)).equals(picture)).toBe(true);
    await expect
      .poll(transferred)
      .toEqual({ result: before.result + picture.length, upload: before.upload + picture.length });
  });

  it('has no original any more when its link has expired', async () => {
    const message = await imagine();
    world.mps.faults.add({ kind: 'link', status: 403 });
    const { id } = world.discord.world.addUser({ username: 'nitro', uploadLimit: 5_000_000 });
    world.discord.world.addMember('Foxglove', id);
    const answer = await pressOriginal(message, 'nitro');
    expect(answer.attachments).toEqual([]);
    expect(answer.content).toMatch(/^1: the original no longer exists; its link expired <t:\d+:f>\.$/);
  });
});

describe('a Discord that accepts less than it says', () => {
  it('gets what it accepts, and is not tried with more again after a restart', async () => {
    await open('fox.png', { discord: { hardLimit: 150_000 } });
    const refused = () => world.discord.requests.filter(({ status }) => status === 413 || status === 400);
    const sizes: number[] = [];
    for (const _round of [1, 2]) {
      const message = await imagine();
      sizes.push((await world.discord.fetchAttachment(message.id, 0)).length);
      if (sizes.length === 1) {
        expect(refused().length).toBeGreaterThan(0);
        await world.stop();
        await world.start();
      }
    }
    const before = refused().length;
    await imagine();
    expect(refused()).toHaveLength(before);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(150_000);
  });
});

describe('a clip above the upload limit', () => {
  it.skipIf(lacksFfmpeg)(
    'is made smaller and still plays',
    async () => {
      await makeClip(join(folder, 'clip.mp4'), { seconds: 1, size: '320x180', rate: 3e6 });
      await open('clip.mp4', { env: { FFMPEG_PATH: ffmpeg } });
      const order = await animate();
      // Its own program, at a low priority, on a machine with much else to do.
      const message = await order.until(({ attachments }) => attachments.length > 0);
      expect(message.content).toContain('made smaller to fit 0.19 MB');
      expect(message.attachments.map(({ filename }) => filename)).toEqual(['it-runs-1.mp4']);
      const posted = join(folder, 'posted.mp4');
      await writeFile(posted, await world.discord.fetchAttachment(message.id, 0));
      expect(await probe(posted)).toMatchObject({ video: { codec: 'h264' }, sound: 'aac' });
      await play(posted);
    },
    90_000,
  );

  it.skipIf(lacksFfmpeg)('keeps no small picture waiting that is ordered meanwhile', async () => {
    await makeClip(join(folder, 'clip.mp4'), { seconds: 1, size: '320x180', rate: 3e6 });
    // Takes all the memory there is until it is told to go on.
    const [slow, go, begun] = ['slow-ffmpeg', 'go', 'begun'].map((name) => join(folder, name)) as Triple;
    await writeFile(
      slow,
      `#!/bin/sh\n: >'${begun}'\nwhile [ ! -e '${go}' ]; do /bin/sleep 0.05; done\nexec '${ffmpeg}' "$@"\n`,
    );
    await chmod(slow, 0o700);
    await open('clip.mp4', { env: { FFMPEG_PATH: slow, TRANSFER_MEMORY_MB: '64' } });
    const clip = await animate();
    await until('the clip is being made smaller', () => existsSync(begun));
    world.mps.faults.clear();
    expect((await imagine()).attachments).toHaveLength(1);
    await writeFile(go, '');
    const message = await clip.until(({ attachments }) => attachments.length > 0);
    expect(message.content).toContain('made smaller to fit 0.19 MB');
  });

  it('is posted as its link if nothing can make it smaller, and never as a bucket location that MPS did not write to', async () => {
    const clip = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypisom'), Buffer.alloc(300_000)]);
    await writeFile(join(folder, 'strange.mp4'), clip);
    await open('strange.mp4', { env: { COS_BUCKET: 'pictures-1250000000', COS_REGION: 'ap-guangzhou' } });
    const order = await animate();
    const message = await order.until(({ content }) => content.includes('not posted'));
    expect(message.content).toMatch(/the file is 0\.29 MB, the limit here is 0\.19 MB; .+ until <t:\d+:f>/);
    expect(message.content).not.toMatch(/has the original in|aigc-output/);
    expect(message.attachments).toEqual([]);
    expect((await follow(message)).equals(clip)).toBe(true);
    expect((await follow(await pressOriginal(message))).equals(clip)).toBe(true);
  });
});
