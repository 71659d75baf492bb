import { createHash } from 'node:crypto';
import { copyFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sniff } from '../../src/media/formats/magic-bytes.js';
import {
  ffmpeg,
  lacksFfmpeg,
  likeness,
  likenessOfWrong,
  makeClip,
  pad,
  play,
  playsWhileLoading,
  probe,
} from '../support/clips.js';
import { photograph } from '../support/images.js';
import { createWorld, isResult, type World } from './world.js';

const mebibyte = 1024 * 1024;
/** A rung may take three minutes, at a low priority, on a machine with much else to do. */
const waitMs = 400_000;
const timeout = waitMs + 60_000;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'easel-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A world with an upload limit of so many bytes: the general one, or that of the guild's boosts. */
async function worldWith(limit: number): Promise<World> {
  const tier = limit === 50 ? 2 : limit === 100 ? 3 : undefined;
  const world = await createWorld({
    discord: tier === undefined ? { uploadLimit: limit * mebibyte } : {},
    env: { SPOOL_DIR: join(folder, 'spool'), FFMPEG_PATH: ffmpeg },
  });
  if (tier !== undefined) world.discord.world.setBoostTier('Foxglove', tier);
  return world;
}

/** Orders something whose result is the file at `path`; returns what was posted, with its text. */
async function order(limit: number, command: 'imagine' | 'animate', path: string) {
  const world = await worldWith(limit);
  try {
    world.mps.faults.add({ kind: 'file', path });
    const ben = world.discord.actor('ben', 'general');
    const ordered = await ben.command(command, { prompt: 'a red fox' });
    const { id, content, attachments } = await ordered.until(isResult, { timeoutMs: waitMs });
    const bytes = await world.discord.fetchAttachment(id, 0);
    expect(attachments).toHaveLength(1);
    expect(bytes.length).toBeLessThanOrEqual(limit * mebibyte);
    const posted = join(folder, 'posted');
    await writeFile(posted, bytes);
    return { bytes, content, posted };
  } finally {
    await world.close();
    expect(await readdir(join(folder, 'spool'))).toEqual([]);
  }
}

const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

async function expectWhole(limit: number, command: 'imagine' | 'animate', path: string): Promise<void> {
  const original = await readFile(path);
  expect(original.length).toBeGreaterThan(limit * mebibyte * 0.9);
  const { bytes, content } = await order(limit, command, path);
  expect(hash(bytes)).toBe(hash(original));
  expect(content).not.toContain('made smaller');
}

async function expectSmaller(limit: number, command: 'imagine' | 'animate', path: string) {
  expect((await stat(path)).size).toBeGreaterThan(limit * mebibyte);
  const { bytes, content, posted } = await order(limit, command, path);
  expect(content).toContain(`made smaller to fit ${limit} MB`);
  await play(posted);
  return { bytes, posted };
}

describe.skipIf(lacksFfmpeg)('a clip in 4K', { timeout }, () => {
  it('arrives under 10 MiB, plays at once and looks right', async () => {
    const path = join(folder, 'large.mp4');
    await makeClip(path, { seconds: 1.5, size: '3840x2160', rate: 60e6 });
    const { bytes, posted } = await expectSmaller(10, 'animate', path);
    const { video, sound, seconds } = await probe(posted);
    expect({ video, sound }).toEqual({ video: { codec: 'h264', width: 3840, height: 2160 }, sound: 'aac' });
    expect(seconds).toBeCloseTo(1.5, 0);
    expect(playsWhileLoading(bytes)).toBe(true);
    expect(await likeness(path, posted)).toBeGreaterThan(0.97);
    expect(await likenessOfWrong(path, posted, 'blurred', folder)).toBeLessThan(0.97);
  });
});

describe.skipIf(lacksFfmpeg).each([20, 50, 100])('with an upload limit of %d MiB', { timeout }, (limit) => {
  let clip: string;
  beforeAll(async () => {
    clip = join(folder, 'clip.mp4');
    await makeClip(clip, { seconds: 1, size: '640x360', rate: 6e6 });
  });

  /** A clip of so many bytes. */
  async function clipOf(bytes: number): Promise<string> {
    const path = join(folder, `${bytes}.mp4`);
    await copyFile(clip, path);
    await pad(path, bytes);
    return path;
  }

  /** A picture of about so many bytes, as large as it is without any packing. */
  async function pictureOf(bytes: number): Promise<string> {
    const path = join(folder, `${bytes}.png`);
    await (await photograph(Math.floor(Math.sqrt(bytes / 3)))).png({ compressionLevel: 0 }).toFile(path);
    return path;
  }

  it('a smaller clip arrives byte for byte', async () => {
    await expectWhole(limit, 'animate', await clipOf(limit * mebibyte));
  });

  it('a larger clip arrives smaller, and looks right', async () => {
    const path = await clipOf(limit * mebibyte + 16);
    const { posted } = await expectSmaller(limit, 'animate', path);
    expect(await probe(posted)).toMatchObject({ video: { codec: 'h264', height: 360 }, sound: 'aac' });
    expect(await likeness(path, posted)).toBeGreaterThan(0.9);
  });

  it('a smaller picture arrives byte for byte', async () => {
    await expectWhole(limit, 'imagine', await pictureOf(limit * mebibyte * 0.98));
  });

  it('a larger picture arrives smaller, and looks right', async () => {
    // From 20 million pixels on JPEG is made, which is the quicker one.
    const path = await pictureOf(limit === 50 ? 61e6 : limit * mebibyte * 1.02);
    const { bytes, posted } = await expectSmaller(limit, 'imagine', path);
    expect(sniff(bytes)).toBe(limit === 20 ? 'image/webp' : 'image/jpeg');
    expect(await likeness(path, posted)).toBeGreaterThan(0.95);
  });
});
