import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FetchedFile } from '../../../../src/media/files.js';
import { labelOf } from '../../../../src/media/metadata/metadata.js';
import { createFitter } from '../../../../src/media/resize/fitter.js';
import { obstacleIn } from '../../../../src/media/resize/inline-playback.js';
import { createMemory } from '../../../../src/media/storage/memory-budget.js';
import { createSpool, type Spool } from '../../../../src/media/storage/spool.js';
import { createPacking, type PackingRules } from '../../../../src/tasks/delivery/attachments.js';
import { ffmpeg, lacksFfmpeg, likeness, makeClip, play, playsWhileLoading } from '../../../support/clips.js';
import { aDecoder } from '../../../support/decoder.js';
import { createCollectingLog } from '../../../support/log.js';
import { aTask } from '../../../support/tasks.js';

const decoder = aDecoder();
const log = createCollectingLog();
const { signal } = new AbortController();
let folder: string;
let spool: Spool;
let serial = 0;
/** One second long, and it plays everywhere. */
let source: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'easel-inline-'));
  spool = await createSpool({ folder: join(folder, 'spool') });
  source = join(folder, 'source.mp4');
  if (!lacksFfmpeg) await makeClip(source, { seconds: 1, size: '160x90', rate: 300_000 });
});
afterAll(async () => {
  decoder.close();
  await spool.close();
  await rm(folder, { recursive: true });
});

const runs = (...args: readonly string[]) =>
  promisify(execFile)(ffmpeg ?? '', ['-v', 'error', '-y', ...args]);

type Type = 'video/mp4' | 'video/quicktime' | 'video/webm';
async function file(path: string, type: Type = 'video/mp4'): Promise<FetchedFile> {
  return { path, type, bytes: (await stat(path)).size, sha256: String(++serial) };
}

/** The same, with the given encoding. */
async function clip(
  options: readonly string[],
  { ending = 'mp4', type }: { ending?: string; type?: Type } = {},
) {
  const path = join(folder, `clip-${++serial}.${ending}`);
  await runs('-i', source, ...options, path);
  return file(path, type);
}

const first = ['-movflags', '+faststart'];
const plain = ['-c', 'copy', ...first];
const h264 = (...more: readonly string[]) => ['-c:v', 'libx264', '-c:a', 'aac', ...more, ...first];

function packing(options: { withFfmpeg?: boolean; rules?: PackingRules } = {}) {
  const { withFfmpeg = true, rules = {} } = options;
  const parts = { spool, decoder, memory: createMemory(128e6), log };
  const fitter = createFitter({ ...parts, ...(withFfmpeg && ffmpeg && { ffmpeg }) });
  return createPacking({ fitter, decoder, spool, log, rules: async () => rules });
}
const limit = 10_000_000;
async function packed(original: FetchedFile, options: Parameters<typeof packing>[0] = {}) {
  const task = aTask();
  const [parcel] = await packing(options).pack(task, [original], limit, { signal });
  if (!parcel?.file) throw new Error('nothing is attached');
  return { how: parcel.how, file: parcel.file };
}

/** Codec, profile and pixel format of its picture, and codec of its sound. */
async function streamsOf(path: string): Promise<string> {
  const entries = 'stream=codec_name,profile,pix_fmt';
  const args = ['-v', 'error', '-show_entries', entries, '-of', 'csv=p=0', path];
  return (await promisify(execFile)('ffprobe', args)).stdout.trim().replaceAll('\n', ' ');
}

describe.skipIf(lacksFfmpeg)('reasons that a clip does not play everywhere', () => {
  it.each<[string, readonly string[], string, { ending?: string; type?: Type }?]>([
    ['nothing', plain, 'none'],
    ['nothing: Main', h264('-profile:v', 'main'), 'none'],
    ['nothing: Baseline', h264('-profile:v', 'baseline'), 'none'],
    ['nothing: no sound', [...plain, '-an'], 'none'],
    ['nothing: fragments', ['-c', 'copy', '-movflags', 'frag_keyframe+empty_moov'], 'none'],
    ['a header at the end', ['-c', 'copy'], 'header'],
    ['4:4:4', h264('-pix_fmt', 'yuv444p'), 'encoding'],
    ['4:2:2', h264('-pix_fmt', 'yuv422p'), 'encoding'],
    ['10 bits', h264('-pix_fmt', 'yuv420p10le'), 'encoding'],
    ['MPEG-4 Part 2', ['-c:v', 'mpeg4', ...first], 'encoding'],
    ['MP3', ['-c:v', 'copy', '-c:a', 'libmp3lame', ...first], 'encoding'],
    ['AC-3', ['-c:v', 'copy', '-c:a', 'ac3', ...first], 'encoding'],
    ['QuickTime', plain, 'container', { ending: 'mov', type: 'video/quicktime' }],
  ])('is found by its bytes: %s', async (_, options, obstacle, place) => {
    expect(await obstacleIn(await clip(options, place))).toBe(obstacle);
  });

  it('are absent from what the MPS stand-in makes', async () => {
    const assets = 'packages/mps-stand-in/assets';
    for (const name of await readdir(assets)) {
      if (name.endsWith('.mp4')) expect(await obstacleIn(await file(join(assets, name))), name).toBe('none');
    }
  });

  it('are detected without an error, whatever is in the file', async () => {
    const good = await readFile((await clip(h264('-pix_fmt', 'yuv444p'))).path);
    const path = join(folder, 'changed.mp4');
    const change = fc.record({ at: fc.nat(good.length - 1), value: fc.nat(255) });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 30 }), async (changes) => {
        const bytes = Buffer.from(good);
        for (const { at, value } of changes) bytes[at] = value;
        await writeFile(path, bytes);
        expect(['none', 'header', 'encoding']).toContain(await obstacleIn(await file(path)));
      }),
      { numRuns: 100 },
    );
  });
});

describe.skipIf(lacksFfmpeg)('a clip that does not play everywhere', () => {
  it('gets its header first without ffmpeg, and every frame stays', async () => {
    const late = await clip(['-c', 'copy']);
    const { how, file: made } = await packed(late, { withFfmpeg: false });
    expect(how).toBe('playable');
    expect(playsWhileLoading(await readFile(made.path))).toBe(true);
    expect(made.bytes).toBe(late.bytes);
    await play(made.path);
    const frames = async (path: string) => (await runs('-i', path, '-f', 'streamhash', '-')).stdout;
    expect(await frames(made.path)).toBe(await frames(late.path));
    expect(await obstacleIn(made)).toBe('none');
  });

  it.each<[string, readonly string[]]>([
    ['4:4:4', h264('-pix_fmt', 'yuv444p')],
    ['4:4:4 with its header at the end', ['-c:v', 'libx264', '-c:a', 'aac', '-pix_fmt', 'yuv444p']],
    ['10 bits, and MP3', ['-c:v', 'libx264', '-pix_fmt', 'yuv420p10le', '-c:a', 'libmp3lame']],
    ['odd sides', h264('-vf', 'crop=101:75', '-pix_fmt', 'yuv444p')],
  ])('is encoded anew, and looks the same: %s', async (_, options) => {
    const original = await clip(options);
    const { how, file: made } = await packed(original);
    expect(how).toBe('playable');
    expect(await streamsOf(made.path)).toBe('h264,High,yuv420p aac,LC');
    expect(await obstacleIn(made)).toBe('none');
    await play(made.path);
    expect(await likeness(original.path, made.path)).toBeGreaterThan(0.95);
  });

  it('of QuickTime or WebM becomes an MP4', async () => {
    const film = await clip(plain, { ending: 'mov', type: 'video/quicktime' });
    expect(await packed(film)).toMatchObject({ how: 'playable', file: { type: 'video/mp4' } });
    const web = await clip(['-c:v', 'libvpx', '-an'], { ending: 'webm', type: 'video/webm' });
    expect(await packed(web)).toMatchObject({ how: 'playable', file: { type: 'video/mp4' } });
  });

  it('keeps its label of AI content, and gets its notes', async () => {
    const original = await clip(h264('-pix_fmt', 'yuv444p', '-metadata', 'comment={"Label":"1"}'));
    expect(await labelOf(original, decoder)).toBe('{"Label":"1"}');
    const { how, file: made } = await packed(original, { rules: { notes: { model: 'Kling 3.0' } } });
    expect(how).toBe('playable');
    expect(await labelOf(made, decoder)).toBe('{"Label":"1"}');
    expect((await readFile(made.path)).includes('Kling 3.0')).toBe(true);
  });

  it('is posted as it is, and said to be, without ffmpeg', async () => {
    const original = await clip(h264('-pix_fmt', 'yuv444p'));
    expect(await packed(original, { withFfmpeg: false })).toEqual({ how: 'raw', file: original });
  });

  it('that plays everywhere stays byte for byte', async () => {
    const original = await clip(plain);
    expect(await packed(original)).toEqual({ how: 'whole', file: original });
  });
});
