import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClaimedType } from '../../../../src/media/formats/declared-type.js';
import { sniff } from '../../../../src/media/formats/magic-bytes.js';
import { readClip } from '../../../../src/media/formats/mp4-info.js';
import { rungsFor } from '../../../../src/media/resize/fit-clip.js';
import { createFitter, type Fitter } from '../../../../src/media/resize/fitter.js';
import { createMemory } from '../../../../src/media/storage/memory-budget.js';
import { createSpool, type Spool } from '../../../../src/media/storage/spool.js';
import {
  ffmpeg,
  lacksFfmpeg,
  likeness,
  likenessOfWrong,
  makeClip,
  play,
  playsWhileLoading,
  probe,
  type Wrong,
} from '../../../support/clips.js';
import { aDecoder } from '../../../support/decoder.js';
import { animated, photograph } from '../../../support/images.js';
import { type CollectingLog, createCollectingLog } from '../../../support/log.js';
import { until } from '../../../support/until.js';

let folder: string;
let spool: Spool;
const log: CollectingLog = createCollectingLog();
const signal = new AbortController().signal;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'easel-test-'));
  spool = await createSpool({ folder: join(folder, 'spool') });
});
afterAll(async () => {
  await spool.close();
  await rm(folder, { recursive: true, force: true });
});

function fitter(options: Partial<Parameters<typeof createFitter>[0]> = {}): Fitter {
  return createFitter({
    spool,
    decoder: aDecoder(),
    memory: createMemory(128e6),
    log,
    ...(ffmpeg && { ffmpeg }),
    ...options,
  });
}

async function file(name: string, type: ClaimedType, bytes?: Uint8Array) {
  const path = join(folder, name);
  if (bytes) await writeFile(path, bytes);
  return { path, type, bytes: (await stat(path)).size };
}

const spooled = async () => (await readdir(dirname(spool.newPath()))).length;

/** Floors tell right from wrong: the same file falls below one with its colours gone, mirrored, out of focus, or frozen. */
async function expectLikeness(one: string, other: string, floor: number, wrongs: readonly Wrong[]) {
  expect(await likeness(one, other)).toBeGreaterThan(floor);
  for (const wrong of wrongs)
    expect(await likenessOfWrong(one, other, wrong, folder), wrong).toBeLessThan(floor);
}
const inPictures = ['grey', 'mirrored', 'blurred'] as const;
const inClips = [...inPictures, 'frozen'] as const;

describe('a picture that is too large', () => {
  let png: Awaited<ReturnType<typeof file>>;
  beforeAll(async () => {
    png = await file('photograph.png', 'image/png', await (await photograph(1200, 800)).png().toBuffer());
  });

  it('is compressed losslessly if that is enough', async () => {
    const fitted = await fitter().fit(png, { maxBytes: Math.floor(png.bytes * 0.9) }, { signal });
    expect(fitted).toMatchObject({ type: 'image/webp', how: 'smaller' });
    const [before, after] = await Promise.all(
      [png.path, fitted?.path].map((path) => sharp(path).removeAlpha().raw().toBuffer()),
    );
    expect(before?.equals(after ?? Buffer.alloc(0))).toBe(true);
  });

  it.each([
    [0.5, 1200, 0.97],
    [0.05, 1200, 0.95],
    [0.02, 768, 0.97],
  ])('looks nearly the same at %f of its bytes', async (share, width, floor) => {
    const maxBytes = Math.floor(png.bytes * share);
    const fitted = await fitter().fit(png, { maxBytes }, { signal });
    const { path = '', bytes } = fitted ?? {};
    expect(bytes).toBe((await stat(path)).size);
    expect(bytes).toBeLessThanOrEqual(maxBytes);
    expect(sniff(await readFile(path))).toBe(fitted?.type);
    expect((await sharp(path).metadata()).width).toBeGreaterThanOrEqual(width);
    if (!lacksFfmpeg) await expectLikeness(png.path, path, floor, inPictures);
  });

  it('keeps transparency, and says that only a still is left of an animation', async () => {
    const clear = (await photograph(600, 400)).ensureAlpha(0.4);
    const seen = await file('clear.png', 'image/png', await clear.png().toBuffer());
    const fitted = await fitter().fit(seen, { maxBytes: 60_000 }, { signal });
    expect((await sharp(fitted?.path).metadata()).hasAlpha).toBe(true);
    const moving = await file('moving.gif', 'image/gif', await animated('gif', 9, 64, 64));
    expect(await fitter().fit(moving, { maxBytes: 2_000 }, { signal })).toMatchObject({ how: 'preview' });
  });

  it("is left alone if it can't be read, and leaves nothing behind", async () => {
    const before = await spooled();
    const broken = await file('broken.png', 'image/png', (await readFile(png.path)).subarray(0, 20_000));
    expect(await fitter().fit(broken, { maxBytes: 10_000 }, { signal })).toBeUndefined();
    expect(await fitter().fit(png, { maxBytes: 100 }, { signal })).toBeUndefined();
    expect(await spooled()).toBe(before);
  });
});

describe('the rungs of a clip', () => {
  const mebibyte = 1024 * 1024;
  const clip = { seconds: 5, hasSound: true, width: 1920, height: 1080, rate: 24 };
  const sides = (...given: Parameters<typeof rungsFor>) => rungsFor(...given).map(({ side }) => side);

  it('start with its own size and end before it becomes blocky', () => {
    expect(sides(clip, 10 * mebibyte)).toEqual([1080, 720, 480]);
    expect(sides({ ...clip, width: 2160, height: 3840, seconds: 15 }, 10 * mebibyte)).toEqual([
      1080, 720, 480,
    ]);
    expect(sides({ ...clip, seconds: 60 }, 10 * mebibyte)).toEqual([720, 480]);
    expect(sides({ ...clip, seconds: 3_600 }, 10 * mebibyte)).toEqual([]);
    expect(sides({ ...clip, width: 640, height: 360 }, 10 * mebibyte)).toEqual([360]);
    expect(sides({ ...clip, width: 0 }, 10 * mebibyte)).toEqual([]);
  });

  it('spend no more than the budget, and no more than is visible', () => {
    for (const maxBytes of [1, 10, 50, 100].map((size) => size * mebibyte)) {
      for (const { picture, sound, pixels } of rungsFor(clip, maxBytes)) {
        expect((picture + sound) * clip.seconds).toBeLessThanOrEqual(maxBytes * 8);
        expect(picture / (pixels * clip.rate)).toBeLessThanOrEqual(0.25 + 1e-9);
      }
    }
  });
});

// Another program, at a low priority, on a machine with much else to do.
describe.skipIf(lacksFfmpeg)('a clip that is too large', () => {
  let clip: Awaited<ReturnType<typeof file>>;
  beforeAll(async () => {
    await makeClip(join(folder, 'clip.mp4'), { seconds: 1, size: '640x360', rate: 6e6 });
    clip = await file('clip.mp4', 'video/mp4');
  });

  it('still plays, looks alike and starts at once', async () => {
    const maxBytes = Math.floor(clip.bytes / 3);
    const fitted = await fitter().fit(clip, { maxBytes }, { signal });
    const { path = '', bytes = 0 } = fitted ?? {};
    expect(fitted).toMatchObject({ how: 'smaller', type: 'video/mp4' });
    expect(bytes).toBe((await stat(path)).size);
    expect(bytes).toBeLessThanOrEqual(maxBytes);
    // For a single second the encoder is imprecise; it is not made far smaller than necessary.
    expect(bytes).toBeGreaterThan(maxBytes * 0.3);
    const seen = await probe(path);
    expect(seen).toMatchObject({ video: { codec: 'h264', width: 640, height: 360 }, sound: 'aac' });
    expect(seen.seconds).toBeCloseTo(1, 0);
    await play(path);
    expect(playsWhileLoading(await readFile(path))).toBe(true);
    await expectLikeness(clip.path, path, 0.9, inClips);
  });

  it('is replaced by a picture if nothing worth watching would be left', async () => {
    const fitted = await fitter().fit(clip, { maxBytes: 30_000 }, { signal });
    expect(fitted).toMatchObject({ how: 'preview', type: 'image/jpeg' });
    expect((await sharp(fitted?.path).metadata()).width).toBeGreaterThanOrEqual(320);
  });

  it('is not touched without ffmpeg', async () => {
    const plain = createFitter({ spool, decoder: aDecoder(), memory: createMemory(128e6), log });
    expect(await plain.fit(clip, { maxBytes: 100_000 }, { signal })).toBeUndefined();
  });

  it('is given up on a rung after its time limit, and leaves nothing behind', async () => {
    const before = await spooled();
    expect(await fitter({ rungMs: 1 }).fit(clip, { maxBytes: clip.bytes / 2 }, { signal })).toBeUndefined();
    expect(await spooled()).toBe(before);
    expect(log.lines.at(-1)?.message).toBe('no still of a video could be made');
  });

  it('is given up at once when Easel stops, and leaves nothing behind', async () => {
    const before = await spooled();
    const stopping = new AbortController();
    const fitting = fitter().fit(clip, { maxBytes: clip.bytes / 2 }, { signal: stopping.signal });
    const refused = expect(fitting).rejects.toThrow('stopping');
    await until('ffmpeg is writing', async () => (await spooled()) > before);
    stopping.abort(new Error('stopping'));
    await refused;
    // The queue ends at once; the files go when ffmpeg has exited, which can take a while on a busy machine.
    await until('its files are removed', async () => (await spooled()) === before);
  });

  it('is in 4K, and plays and looks alike when scaled', async () => {
    const path = join(folder, 'large.mp4');
    await makeClip(path, { seconds: 0.4, size: '3840x2160', rate: 40e6, sound: false });
    const large = await file('large.mp4', 'video/mp4');
    const fitted = await fitter().fit(large, { maxBytes: 160_000 }, { signal });
    expect(fitted).toMatchObject({ how: 'smaller' });
    const { video, sound } = await probe(fitted?.path ?? '');
    expect(sound).toBeUndefined();
    expect(video.height).toBe(1080);
    await play(fitted?.path ?? '');
    await expectLikeness(path, fitted?.path ?? '', 0.97, inClips);
  });

  it('has its size and frame rate in its header', async () => {
    const { width, height, rate = 0 } = (await readClip(clip.path)) ?? {};
    expect({ width, height, rate: Math.round(rate) }).toEqual({ width: 640, height: 360, rate: 24 });
  });
});
