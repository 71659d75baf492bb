import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClock, createRandom } from '@easel/stand-in-kit';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { createResults } from '../src/results/result-files.js';
import { createFrames } from '../src/tasks/kept-frames.js';
import { createTasks, resultSizeOf, type TaskRequest } from '../src/tasks/tasks.js';

const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0;

type VideoTaskRequest = TaskRequest & { readonly kind: 'video' };

const plain = (colour: string, width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: colour } })
    .jpeg()
    .toBuffer();

function tasks() {
  return createTasks({
    clock: createClock({ speed: 1 }),
    random: createRandom(1),
    durations: { image: [1, 1], video: [1, 1] },
    onChange: () => {},
  });
}

/** A task whose pictures have arrived. */
async function taskOf(params: Partial<VideoTaskRequest['params']>, pictures: Record<string, Buffer>) {
  const request: VideoTaskRequest = {
    kind: 'video',
    params: { ModelName: 'Kling', ModelVersion: '3.0', ...params },
  };
  const { frames, keep } = createFrames(request);
  for (const [url, bytes] of Object.entries(pictures)) await keep(url, bytes);
  return tasks().create({ request, undocumented: [], frames });
}

/** ffprobe's data on a clip, and the colours in the middle of its first and its last frame. */
async function look(clip: Buffer) {
  const folder = await mkdtemp(join(tmpdir(), 'easel-made-clip-'));
  const file = join(folder, 'clip.mp4');
  await writeFile(file, clip);
  const entries = 'format=duration:stream=codec_type,width,height';
  const { format, streams } = JSON.parse(
    execFileSync('ffprobe', ['-v', 'error', '-of', 'json', '-show_entries', entries, file]).toString(),
  );
  const colourAt = (where: string[]) =>
    execFileSync('ffmpeg', [
      ...['-v', 'error', ...where, '-i', file, '-update', '1', '-vf', 'crop=2:2,scale=1:1'],
      ...['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'],
    ]).subarray(-3);
  const ends = { first: [...colourAt(['-ss', '0', '-t', '0.1'])], last: [...colourAt(['-sseof', '-0.3'])] };
  await rm(folder, { recursive: true });
  return { seconds: Number(format.duration), streams, ...ends };
}

describe.skipIf(!hasFfmpeg)('a generated clip', () => {
  it('begins with the first frame and ends with the last, in the asked length, with sound', async () => {
    const task = await taskOf(
      {
        ImageUrl: 'https://a/first',
        LastImageUrl: 'https://a/last',
        Duration: 7,
        ExtraParameters: { EnableAudio: true },
      },
      {
        'https://a/first': await plain('#c00000', 400, 300),
        'https://a/last': await plain('#0000c0', 300, 300),
      },
    );
    const { seconds, streams, first, last } = await look(await createResults().bytesOf(task));
    expect(seconds).toBeCloseTo(7, 0);
    expect(streams).toMatchObject([
      { codec_type: 'video', width: 960, height: 720 },
      { codec_type: 'audio' },
    ]);
    expect(resultSizeOf(task)).toEqual({ width: 960, height: 720 });
    expect(first[0]).toBeGreaterThan(150);
    expect(first[2]).toBeLessThan(60);
    expect(last[0]).toBeLessThan(60);
    expect(last[2]).toBeGreaterThan(150);
  });

  it('made from one picture shows that picture throughout, and is silent unless sound was asked for', async () => {
    const pictures = { 'https://a/first': await plain('#00a000', 300, 400) };
    const task = await taskOf({ ImageUrl: 'https://a/first' }, pictures);
    const { seconds, streams, first, last } = await look(await createResults().bytesOf(task));
    expect(seconds).toBeCloseTo(5, 0);
    expect(streams).toMatchObject([{ codec_type: 'video', width: 720, height: 960 }]);
    expect(streams).toHaveLength(1);
    for (const [red = 0, green = 0] of [first, last]) expect(green - red).toBeGreaterThan(100);
  });

  it('made from a prompt alone shows a picture of its own, in the requested shape, with the same bytes each time', async () => {
    const task = await taskOf({ Prompt: 'a fox', ExtraParameters: { AspectRatio: '1:1' } }, {});
    const [one, other] = await Promise.all([createResults().bytesOf(task), createResults().bytesOf(task)]);
    expect(one.equals(other)).toBe(true);
    expect((await look(one)).streams).toMatchObject([{ width: 720, height: 720 }]);
  });
});

it('without ffmpeg is a committed one of the requested length and nearest shape', async () => {
  const path = process.env.PATH;
  process.env.PATH = '/nowhere';
  try {
    const pictures = { 'https://a/first': await plain('#00a000', 300, 400) };
    const task = await taskOf({ ImageUrl: 'https://a/first', Duration: 8 }, pictures);
    const clip = await createResults().bytesOf(task);
    expect(clip.toString('latin1', 4, 8)).toBe('ftyp');
    const scaleAt = clip.indexOf('mvhd') + 16;
    expect(clip.readUInt32BE(scaleAt + 4) / clip.readUInt32BE(scaleAt)).toBeCloseTo(8, 0);
  } finally {
    process.env.PATH = path;
  }
});
