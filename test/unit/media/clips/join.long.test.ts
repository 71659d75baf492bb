import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClipRule, Clips } from '../../../../src/media/clips/clip-types.js';
import { createClips } from '../../../../src/media/clips/clips.js';
import type { LocalFile } from '../../../../src/media/files.js';
import { annotate, labelOf } from '../../../../src/media/metadata/metadata.js';
import { obstacleIn } from '../../../../src/media/resize/inline-playback.js';
import { createMemory } from '../../../../src/media/storage/memory-budget.js';
import { createSpool, type Spool } from '../../../../src/media/storage/spool.js';
import { ffmpeg, lacksFfmpeg, makeClip, play, probe } from '../../../support/clips.js';
import { frames, loudness, median, seamOf } from '../../../support/seams.js';

const run = promisify(execFile);
const timeout = 300_000;
const signal = new AbortController().signal;

let folder = '';
let spool: Spool;
let clips: Clips;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'easel-join-'));
  spool = await createSpool();
  clips = createClips({ spool, memory: createMemory(128e6), ...(ffmpeg && { ffmpeg }) });
});
afterAll(async () => {
  await spool.close();
  await rm(folder, { recursive: true });
});

interface Shape {
  readonly size?: string;
  readonly rate?: number;
  readonly sound?: boolean;
  /** Where in the film it begins, seconds: one film goes through all clips. */
  readonly from?: number;
  readonly seconds?: number;
  readonly extra?: readonly string[];
}

/** A part of one film, in which everything moves all the time and a tone sounds. */
async function part(name: string, shape: Shape = {}): Promise<LocalFile> {
  const { size = '320x256', rate = 24, sound = true, from = 0, seconds = 2, extra = [] } = shape;
  const path = join(folder, name);
  const film = `testsrc2=size=${size}:rate=${rate}:duration=${from + seconds},trim=start=${from.toFixed(4)},setpts=PTS-STARTPTS`;
  const tone = `sine=frequency=440:sample_rate=48000:duration=${from + seconds},atrim=start=${from.toFixed(4)},asetpts=PTS-STARTPTS`;
  await run(ffmpeg ?? '', [
    ...['-v', 'error', '-y', '-f', 'lavfi', '-i', film, ...(sound ? ['-f', 'lavfi', '-i', tone] : [])],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '12', '-pix_fmt', 'yuv420p', '-c:a', 'aac'],
    ...['-t', `${seconds}`, '-movflags', '+faststart', ...extra, path],
  ]);
  return { path, type: 'video/mp4', bytes: (await stat(path)).size };
}

/** Joins two clips badly, frame by frame: what a seam must not look like. */
async function badly(name: string, first: LocalFile, second: LocalFile, between: string): Promise<string> {
  const path = join(folder, name);
  const graph = `[0:v]${between}[a];[a][1:v]concat=n=2:v=1:a=0[v]`;
  await run(ffmpeg ?? '', [
    ...['-v', 'error', '-y', '-i', first.path, '-i', second.path, '-filter_complex', graph, '-map', '[v]'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '12', path],
  ]);
  return path;
}

const aFrame = 1 / 24;

describe.skipIf(lacksFfmpeg)('two clips of one film', { timeout }, () => {
  it('become one without a seam: no frame twice, none black, no gap in the sound', async () => {
    const first = await part('first.mp4');
    const second = await part('second.mp4', { from: 2 - aFrame });
    const joined = await clips.join(first, second, { signal });
    expect(joined.seconds).toBeCloseTo(4 - aFrame, 1);
    const all = await frames(joined.path);
    expect(all).toHaveLength(95);

    const doubled = await frames(await badly('doubled.mp4', first, second, 'null'));
    const black = await frames(await badly('black.mp4', first, second, 'tpad=stop=1'));
    const [good, twice, dark] = [seamOf(all, 48), seamOf(doubled, 48), seamOf(black, 48)];
    expect(twice.least).toBeLessThan(0.3);
    expect(good.least).toBeGreaterThan(2 * twice.least);
    expect(good.most).toBeLessThan(dark.most / 4);
    expect(Math.min(...all.map(({ light }) => light))).toBeGreaterThan(60);

    const loud = await loudness(joined.path);
    const usual = median(loud);
    // A gap of a single window would be a hundred dB below.
    const around = loud.slice(170, 230);
    expect(Math.min(...around)).toBeGreaterThan(usual - 12);
    expect(Math.max(...around)).toBeLessThan(usual + 4);
    expect(await obstacleIn(joined)).toBe('none');
    await play(joined.path);
    await spool.remove([joined.path]);
  });

  it('goes on from the very last frame, in full resolution', async () => {
    const first = await part('whole.mp4', { size: '640x360' });
    const longer = await part('sound-goes-on.mp4', { size: '640x360', extra: ['-vf', 'trim=end_frame=30'] });
    for (const [clip, number] of [
      [first, 47],
      [longer, 29],
    ] as const) {
      const frame = await clips.lastFrame(clip, { signal });
      expect(frame.type).toBe('image/png');
      const { stderr } = await run(ffmpeg ?? '', [
        ...['-i', clip.path, '-f', 'image2', '-i', frame.path],
        ...[
          '-lavfi',
          `[0:v]select='eq(n,${number})',format=rgb24[a];[1:v]format=rgb24[b];[a][b]psnr`,
          '-f',
          'null',
          '-',
        ],
      ]);
      expect(stderr).toContain('average:inf');
      await spool.remove([frame.path]);
    }
  });

  it('carry the label of AI content of either', async () => {
    const label = '{"Label":"1","ContentProducer":"Easel"}';
    const [first, second] = [await part('plain.mp4', { seconds: 1 }), await part('bare.mp4', { seconds: 1 })];
    const named = await annotate(second, join(folder, 'labelled.mp4'), { label });
    const joined = await clips.join(first, named ?? second, { signal });
    expect(await labelOf(joined, { words: async () => [] })).toBe(label);
    await spool.remove([joined.path]);
  });
});

describe.skipIf(lacksFfmpeg)('two clips that differ', { timeout }, () => {
  const ways: [string, Shape, Shape][] = [
    ['another frame rate', {}, { rate: 12 }],
    ['a broadcast frame rate', { extra: ['-r', '30000/1001'] }, { rate: 25 }],
    ['another size', { size: '480x270' }, { size: '960x540' }],
    ['another shape', { size: '480x270' }, { size: '270x480' }],
    ['sound only in the first', {}, { sound: false }],
    ['sound only in the second', { sound: false }, {}],
    ['no sound', { sound: false }, { sound: false }],
    ['sound that ends before the picture', { extra: ['-af', 'atrim=end=1.9'] }, {}],
    [
      'HEVC',
      {
        extra: [
          '-c:v',
          'libx265',
          '-preset',
          'ultrafast',
          '-x265-params',
          'log-level=error',
          '-tag:v',
          'hvc1',
        ],
      },
      {},
    ],
  ];

  it.each(ways)('%s', async (what, one, other) => {
    const first = await part('one.mp4', one);
    const second = await part('other.mp4', { from: 2, ...other });
    const joined = await clips.join(first, second, { signal });
    const [found, before] = [await probe(joined.path), await probe(first.path)];
    expect([found.video.width, found.video.height]).toEqual([before.video.width, before.video.height]);
    expect(found.video.codec).toBe('h264');
    expect(found.sound).toBe(what === 'no sound' ? undefined : 'aac');
    expect(found.seconds).toBeCloseTo(4 - 1 / (other.rate ?? 24), 1);
    expect(await obstacleIn(joined)).toBe('none');
    if (what === 'sound that ends before the picture') {
      const loud = await loudness(joined.path);
      expect(Math.min(...loud.slice(180, 215))).toBeGreaterThan(median(loud) - 12);
    }
    await play(joined.path);
    await spool.remove([joined.path]);
  });

  it('a first that lies on its side is upright then, and so is its last frame', async () => {
    const flat = await part('flat.mp4', { size: '480x270' });
    const path = join(folder, 'turned.mp4');
    await run(ffmpeg ?? '', [
      '-v',
      'error',
      '-y',
      '-i',
      flat.path,
      '-c',
      'copy',
      '-metadata:s:v',
      'rotate=90',
      path,
    ]);
    const turned = { ...flat, path, bytes: (await stat(path)).size };
    const joined = await clips.join(turned, await part('on.mp4', { size: '270x480' }), { signal });
    expect((await probe(joined.path)).video).toMatchObject({ width: 270, height: 480 });
    const frame = await clips.lastFrame(turned, { signal });
    const png = `${frame.path}.png`;
    await copyFile(frame.path, png);
    expect((await probe(png)).video).toMatchObject({ width: 270, height: 480 });
    await rm(png);
    await spool.remove([joined.path, frame.path]);
  });

  it('twice extended, it is one file as long as all parts less a frame each', async () => {
    const [a, b] = [
      await part('a.mp4', { seconds: 1 }),
      await part('b.mp4', { seconds: 1, from: 1 - aFrame }),
    ];
    const once = await clips.join(a, b, { signal });
    const twice = await clips.join(once, await part('c.mp4', { seconds: 1, from: 2 - 2 * aFrame }), {
      signal,
    });
    expect(twice.seconds).toBeCloseTo(3 - 2 * aFrame, 1);
    expect(await frames(twice.path)).toHaveLength(70);
    await spool.remove([once.path, twice.path]);
  });
});

describe.skipIf(lacksFfmpeg)('what can not be joined', { timeout }, () => {
  it('is refused in a word', async () => {
    const whole = await part('good.mp4', { seconds: 1 });
    const cut = { ...whole, path: join(folder, 'none.mp4') };
    await run(ffmpeg ?? '', ['-v', 'error', '-y', '-i', whole.path, '-vn', '-c', 'copy', cut.path]);
    const silent = { ...cut, bytes: (await stat(cut.path)).size };
    await expect(clips.join(whole, silent, { signal })).rejects.toMatchObject({ refusal: 'pictureless' });
    await expect(clips.lastFrame(silent, { signal })).rejects.toMatchObject({ refusal: 'pictureless' });
    const without = createClips({ spool, memory: createMemory(128e6) });
    await expect(without.join(whole, whole, { signal })).rejects.toMatchObject({ refusal: 'unconverted' });
  });
});

const rule: ClipRule = { maxBytes: 50_000_000, minSide: 256, maxSide: 5_760, minSeconds: 3, maxSeconds: 10 };

it.skipIf(lacksFfmpeg)(
  'a clip is cut only as far as its user agreed, and fits where it is hosted',
  async () => {
    const path = join(folder, 'long.mp4');
    await makeClip(path, { seconds: 12, size: '320x256', rate: 2_000_000 });
    const given = { path, bytes: (await stat(path)).size };
    await expect(clips.fit(given, rule, { signal })).rejects.toMatchObject({
      refusal: 'long',
      params: { seconds: 12, max: 10 },
    });
    const cut = await clips.fit(given, { ...rule, maxMadeBytes: 1_000_000 }, { signal, cutTo: 4 });
    expect(cut.bytes).toBeLessThanOrEqual(1_000_000);
    expect((await probe(cut.path)).seconds).toBeCloseTo(4, 1);
    const tiny = clips.fit(given, { ...rule, maxMadeBytes: 10_000 }, { signal, cutTo: 4 });
    await expect(tiny).rejects.toMatchObject({ refusal: 'bucket' });
    await spool.remove([cut.path]);
  },
);
