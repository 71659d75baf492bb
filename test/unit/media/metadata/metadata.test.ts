import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClaimedType } from '../../../../src/media/formats/declared-type.js';
import { annotate, labelOf } from '../../../../src/media/metadata/metadata.js';
import { createFitter } from '../../../../src/media/resize/fitter.js';
import { createMemory } from '../../../../src/media/storage/memory-budget.js';
import { createSpool, type Spool } from '../../../../src/media/storage/spool.js';
import {
  createPacking,
  type Packing,
  type PackingRules,
} from '../../../../src/tasks/delivery/attachments.js';
import { ffmpeg, lacksFfmpeg, makeClip, play, playsWhileLoading, probe } from '../../../support/clips.js';
import { aDecoder } from '../../../support/decoder.js';
import { paint } from '../../../support/images.js';
import { createCollectingLog } from '../../../support/log.js';
import { aTask } from '../../../support/tasks.js';

const notes = {
  model: 'Kling 3.0',
  madeAt: Date.UTC(2026, 0, 15, 12),
  prompt: 'a <fox> & "雪" \uD800 🦊',
  taskId: '1146000000000000023:1',
};

const decoder = aDecoder();
let folder: string;
let spool: Spool;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'easel-test-'));
  spool = await createSpool({ folder: join(folder, 'spool') });
});
afterAll(async () => {
  await spool.close();
  await rm(folder, { recursive: true, force: true });
});

let serial = 0;
async function file(type: ClaimedType, bytes?: Uint8Array, path = join(folder, `file-${++serial}`)) {
  if (bytes) await writeFile(path, bytes);
  return { path, type, bytes: (await stat(path)).size, sha256: `hash-${serial}` };
}

async function noted(type: ClaimedType, bytes: Uint8Array, what = notes as Parameters<typeof annotate>[2]) {
  const made = await annotate(await file(type, bytes), join(folder, `noted-${++serial}`), what);
  if (!made) throw new Error('nothing was written');
  expect(made.bytes).toBe((await stat(made.path)).size);
  return made;
}

const pixels = (image: Uint8Array | string) => sharp(image).ensureAlpha().raw().toBuffer();

describe('notes in a picture', () => {
  const alpha = () => sharp({ create: { width: 9, height: 7, channels: 4, background: '#f008' } });
  it.each([
    ['png', 'image/png', () => paint().png().toBuffer()],
    ['jpeg', 'image/jpeg', () => paint().jpeg().toBuffer()],
    ['jpeg with EXIF', 'image/jpeg', () => paint().withMetadata({ orientation: 6 }).jpeg().toBuffer()],
    ['webp', 'image/webp', () => paint(17, 9).webp().toBuffer()],
    ['lossless webp', 'image/webp', () => paint(17, 9).webp({ lossless: true }).toBuffer()],
    ['webp with alpha', 'image/webp', () => alpha().webp({ lossless: true }).toBuffer()],
    ['extended webp', 'image/webp', () => alpha().withMetadata({ orientation: 6 }).webp().toBuffer()],
  ] as const)('are there in a %s, whose pixels stay', async (_, type, make) => {
    const bytes = await make();
    const made = await noted(type, bytes);
    expect((await pixels(made.path)).equals(await pixels(bytes))).toBe(true);
    const { xmp, orientation, comments } = await sharp(made.path).metadata();
    expect(orientation).toBe((await sharp(bytes).metadata()).orientation);
    const said = xmp?.toString('utf8') ?? JSON.stringify(comments);
    for (const word of ['Kling 3.0', '2026-01-15T12:00:00Z', 'AI generated', '雪', '🦊', notes.taskId])
      expect(said).toContain(word);
    if (xmp) expect(said).toContain('a &#60;fox&#62; &#38; &#34;雪&#34;');
    // Twice written, the first stays.
    const again = await noted(type, await readFile(made.path), { model: 'Another' });
    const twice = await sharp(again.path).metadata();
    const both = twice.xmp?.toString('utf8') ?? JSON.stringify(twice.comments);
    expect(both).toContain('Kling 3.0');
    expect(both).toContain('Another');
  });

  it("are omitted if they don't fit", async () => {
    const gif = await file('image/gif', await paint().gif().toBuffer());
    expect(await annotate(gif, join(folder, 'none'), notes)).toBeUndefined();
    const jpeg = await file('image/jpeg', await paint().jpeg().toBuffer());
    const long = { ...notes, prompt: 'x'.repeat(70_000) };
    expect(await annotate(jpeg, join(folder, 'none'), long)).toBeUndefined();
  });
});

describe.skipIf(lacksFfmpeg)('notes in a clip', () => {
  it('are written, and it plays as before', async () => {
    const path = join(folder, 'clip.mp4');
    await makeClip(path, { seconds: 1, size: '160x90', rate: 3e5 });
    const made = await noted('video/mp4', await readFile(path));
    await play(made.path);
    expect(playsWhileLoading(await readFile(made.path))).toBe(true);
    const { tags, seconds } = await probe(made.path);
    expect(seconds).toBeCloseTo(1, 0);
    const said = Object.values(tags);
    expect(said).toContain('Kling 3.0');
    expect(said).toContain('AI generated');
    expect(said).toContain('2026-01-15T12:00:00Z');
    expect((await readFile(made.path)).includes('雪')).toBe(true);
  });
});

function packing(rules: PackingRules = {}): Packing {
  const log = createCollectingLog();
  const fitter = createFitter({ spool, decoder, memory: createMemory(1e8), log, ...(ffmpeg && { ffmpeg }) });
  return createPacking({ fitter, decoder, spool, log, rules: async () => rules });
}

async function pack(original: Awaited<ReturnType<typeof file>>, limit: number, rules?: PackingRules) {
  const [parcel] = await packing(rules).pack(aTask(), [original], limit, {
    signal: new AbortController().signal,
  });
  return parcel;
}

describe('a file that fits', () => {
  it('is posted byte for byte if nothing is to be written into it', async () => {
    const original = await file('image/png', await paint().png().toBuffer());
    expect(await pack(original, 1e6)).toMatchObject({ how: 'whole', file: original });
  });

  it('carries the notes if wanted, and its own hash', async () => {
    const original = await file('image/png', await paint().png().toBuffer());
    const parcel = await pack(original, 1e6, { notes, spoiler: true });
    expect(parcel).toMatchObject({ how: 'whole', original, spoiler: true });
    expect(parcel?.file?.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect((await readFile(parcel?.file?.path ?? '')).includes('AI generated')).toBe(true);
  });
});

describe.skipIf(lacksFfmpeg)('notes in a clip with absolute offsets', () => {
  const shapes: readonly (readonly [string, readonly string[]])[] = [
    ['in fragments', ['frag_keyframe+empty_moov']],
    ['in fragments that count from the beginning of the file', ['frag_keyframe']],
    ['in fragments with an index', ['frag_keyframe+empty_moov+dash+global_sidx']],
    ['with its header at the end', []],
    ['with its header first', ['faststart']],
  ];

  let made: Promise<string> | undefined;
  /** One for all of these. */
  const aClip = () => {
    made ??= (async () => {
      const path = join(folder, 'source.mp4');
      await makeClip(path, { seconds: 1, size: '160x90', rate: 200_000 });
      return path;
    })();
    return made;
  };

  it.each(shapes)('%s leave every frame as it was', async (name, flags) => {
    const source = await aClip();
    const path = join(folder, `shape-${++serial}.mp4`);
    await ffmpegRuns('-i', source, '-c', 'copy', ...flags.flatMap((flag) => ['-movflags', flag]), path);
    const clip = await file('video/mp4', undefined, path);
    const label = '{"Label":"1"}';
    const noted = await annotate(clip, join(folder, `noted-${++serial}`), { ...notes, label });
    if (!noted) throw new Error(`nothing was written: ${name}`);
    await play(noted.path);
    expect(await framesOf(noted.path)).toBe(await framesOf(path));
    expect(await labelOf(noted, decoder)).toBe(label);
    expect((await readFile(noted.path)).includes('Kling 3.0')).toBe(true);
  });

  it('are omitted if the last box has no end, and the file stays', async () => {
    const source = await aClip();
    const path = join(folder, `shape-${++serial}.mp4`);
    await ffmpegRuns('-i', source, '-c', 'copy', '-movflags', 'frag_keyframe+empty_moov+skip_trailer', path);
    const bytes = await readFile(path);
    bytes.writeUInt32BE(0, bytes.lastIndexOf('mdat') - 4);
    const clip = await file('video/mp4', bytes, path);
    expect(await annotate(clip, join(folder, 'none'), notes)).toBeUndefined();
  });
});

/** A checksum of every frame of picture and sound. */
const framesOf = async (path: string) =>
  (await ffmpegRuns('-i', path, '-map', '0', '-f', 'streamhash', '-')).stdout;

const ffmpegRuns = (...args: readonly string[]) =>
  promisify(execFile)(ffmpeg ?? '', ['-v', 'error', '-y', ...args]);
