import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClaimedType } from '../../../../src/media/formats/declared-type.js';
import { boxesIn, readMovie } from '../../../../src/media/formats/mp4-boxes.js';
import { labelOf } from '../../../../src/media/metadata/metadata.js';
import { createFitter } from '../../../../src/media/resize/fitter.js';
import { createMemory } from '../../../../src/media/storage/memory-budget.js';
import { createSpool, type Spool } from '../../../../src/media/storage/spool.js';
import { createPacking, type PackingRules } from '../../../../src/tasks/delivery/attachments.js';
import { ffmpeg, lacksFfmpeg, makeClip, play, playsWhileLoading, probe } from '../../../support/clips.js';
import { aDecoder } from '../../../support/decoder.js';
import { asHeic, noise, paint } from '../../../support/images.js';
import {
  type BoxKind,
  gifComment,
  gifXmp,
  inClip,
  jpegComment,
  type Level,
  label,
  pngText,
  xmpOf,
} from '../../../support/labels.js';
import { createCollectingLog } from '../../../support/log.js';
import { aTask } from '../../../support/tasks.js';

const notes = { model: 'Kling 3.0', madeAt: Date.UTC(2026, 0, 15, 12), prompt: 'a fox' };
/** The smallest with enough room beside its notes. */
const least = 60_000;

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
async function file(type: ClaimedType, bytes: Uint8Array) {
  const path = join(folder, `file-${++serial}`);
  await writeFile(path, bytes);
  return { path, type, bytes: (await stat(path)).size, sha256: `hash-${serial}` };
}

type Original = Awaited<ReturnType<typeof file>>;

async function pack(original: Original, limit: number, rules: PackingRules = {}) {
  const log = createCollectingLog();
  const fitter = createFitter({ spool, decoder, memory: createMemory(1e8), log, ...(ffmpeg && { ffmpeg }) });
  const packing = createPacking({ fitter, decoder, spool, log, rules: async () => rules });
  const { signal } = new AbortController();
  const [parcel] = await packing.pack(aTask(), [original], limit, { signal });
  if (!parcel) throw new Error('there is no parcel');
  return parcel;
}

/** Packs it, and looks for the label in the result. */
async function labelAfter(original: Original, limit: number, rules?: PackingRules) {
  const { how, file: made } = await pack(original, limit, rules);
  expect(made?.bytes).toBeLessThanOrEqual(limit);
  return { how, type: made?.type, label: made && (await labelOf(made, decoder)), path: made?.path ?? '' };
}

const exif = { IFD0: { ImageDescription: `AIGC${label}` } };
const encoded: Readonly<Record<string, (image: Sharp) => Sharp>> = {
  'image/png': (image) => image.png(),
  'image/jpeg': (image) => image.jpeg({ quality: 100 }),
  'image/webp': (image) => image.webp({ quality: 100 }),
  'image/avif': (image) => image.avif({ quality: 95, effort: 0 }),
  'image/tiff': (image) => image.tiff({ compression: 'none' }),
  'image/gif': (image) => image.gif({ effort: 1 }),
};
type Mark = (type: ClaimedType) => Promise<Buffer>;
const plain: Mark = async (type) => encoded[type]?.(noise(320)).toBuffer() ?? Buffer.alloc(0);
const inXmp: Mark = async (type) =>
  encoded[type]?.(noise(320).withXmp(xmpOf(label))).toBuffer() ?? plain(type);
const inExif: Mark = async (type) => encoded[type]?.(noise(320).withExif(exif)).toBuffer() ?? plain(type);

const pictures: readonly (readonly [ClaimedType, string, Mark])[] = [
  ['image/png', 'iTXt', async (type) => pngText(await plain(type), 'iTXt', `AIGC\0\0\0\0\0${label}`)],
  ['image/png', 'tEXt', async (type) => pngText(await plain(type), 'tEXt', `AIGC\0${label}`)],
  [
    'image/png',
    'zTXt',
    async (type) => {
      const packed = Buffer.concat([Buffer.from('AIGC\0\0', 'latin1'), deflateSync(label)]);
      return pngText(await plain(type), 'zTXt', packed);
    },
  ],
  ['image/png', 'XMP', inXmp],
  ['image/png', 'EXIF', inExif],
  ['image/jpeg', 'XMP', inXmp],
  ['image/jpeg', 'EXIF', inExif],
  ['image/jpeg', 'a comment', async (type) => jpegComment(await plain(type), label)],
  ['image/webp', 'XMP', inXmp],
  ['image/webp', 'EXIF', inExif],
  ['image/avif', 'XMP', inXmp],
  ['image/avif', 'EXIF', inExif],
  ['image/avif', 'XMP in a box', async (type) => inClip(await plain(type), 'file', 'uuid')],
  ['image/tiff', 'XMP', inXmp],
  ['image/gif', 'a comment', async (type) => gifComment(await plain(type), label)],
  ['image/gif', 'XMP', async (type) => gifXmp(await plain(type), xmpOf(label))],
];

describe('a label of AI content in a picture', () => {
  it.each(pictures)('of type %s, in its %s, is in every file made from it', async (type, _place, mark) => {
    const original = await file(type, await mark(type));
    expect(await labelOf(original, decoder)).toContain('"Label":"1"');
    // Lossless if the type has that step, lossy, scaled; and beside notes.
    for (const share of [0.95, 0.5]) {
      const made = await labelAfter(original, Math.floor(original.bytes * share));
      expect(made).toMatchObject({ how: 'smaller', label: expect.anything() });
      expect(['image/webp', 'image/jpeg']).toContain(made.type);
    }
    for (const rules of [{}, { notes }]) {
      const made = await labelAfter(original, least, rules);
      expect(made).toMatchObject({ how: 'smaller', type: 'image/webp', label: expect.anything() });
      // Sharp writes no more than ASCII into EXIF.
      if (mark !== inExif) expect(made.label).toContain('腾讯');
      expect((await sharp(made.path).metadata()).width).toBe(256);
    }
  });

  it('that is so large that it becomes a jpeg is in that', async () => {
    const large = await paint(4_600, 4_600).withXmp(xmpOf(label)).png({ compressionLevel: 0 }).toBuffer();
    const made = await labelAfter(await file('image/png', large), 20_000_000);
    expect(made).toMatchObject({ how: 'smaller', type: 'image/jpeg', label });
  });

  it("that can't be made smaller stays with it, behind its link", async () => {
    const heic = asHeic(await plain('image/avif'), { coded: true });
    expect(await pack(await file('image/heic', heic), least)).toMatchObject({ how: 'link' });
  });
});

/** The same bytes, saying less. */
const withoutLabel = (bytes: Buffer) =>
  Buffer.from(bytes.toString('latin1').replace('"Label"', '"Lapel"'), 'latin1');

describe.skipIf(lacksFfmpeg)('a label of AI content in a clip', () => {
  const clips = new Map<string, Buffer>();
  beforeAll(async () => {
    for (const name of ['small.mp4', 'small.mov', 'large.mp4']) {
      const path = join(folder, name);
      const size = name === 'large.mp4' ? '1000x1000' : '160x90';
      const rate = name === 'large.mp4' ? 6e6 : 6e6;
      const seconds = name === 'large.mp4' ? 0.6 : 0.25;
      await makeClip(path, { seconds, size, rate, headerFirst: false });
      clips.set(name, await readFile(path));
    }
  });
  const clip = (name: string) => clips.get(name) ?? Buffer.alloc(0);

  const levels: readonly Level[] = ['file', 'moov', 'trak'];
  const kinds: readonly BoxKind[] = ['udta', 'meta', 'uuid'];
  const places = (['video/mp4', 'video/quicktime'] as const).flatMap((type) =>
    levels.flatMap((level) => kinds.map((kind) => [type, level, kind] as const)),
  );

  it.each(places)('of type %s, in its %s, in a box %s, is in every file made from it', async (...place) => {
    const [type, level, kind] = place;
    const name = type === 'video/mp4' ? 'small.mp4' : 'small.mov';
    const original = await file(type, inClip(clip(name), level, kind));
    await play(original.path);
    expect(await labelOf(original, decoder)).toBe(label);
    // Notes are in the clip's header, too.
    for (const rules of level === 'moov' ? [{}, { notes }] : [{}]) {
      const made = await labelAfter(original, Math.floor(original.bytes * 0.9), rules);
      expect(made).toMatchObject({ how: 'smaller', type: 'video/mp4', label });
      await play(made.path);
      expect(playsWhileLoading(await readFile(made.path))).toBe(true);
      const moov = await readMovie(made.path);
      expect(
        boxesIn(moov?.body ?? Buffer.alloc(0)).filter(({ type: one }) => one === 'udta').length,
      ).toBeLessThan(2);
      // A reader that expects XMP in its old place finds it there.
      if (kind === 'uuid' && level !== 'trak')
        expect((await readFile(made.path)).includes(xmpOf(label))).toBe(true);
    }
  });

  it('is kept at every step, down to a still picture', async () => {
    const original = await file('video/mp4', inClip(clip('large.mp4'), 'file', 'uuid'));
    const seen: (number | string | undefined)[] = [];
    for (const limit of [200_000, 95_000, 58_000, 34_000]) {
      const made = await labelAfter(original, limit);
      expect(made.label).toBe(label);
      seen.push(made.type === 'video/mp4' ? (await probe(made.path)).video.height : made.type);
    }
    expect(seen).toEqual([1000, 720, 480, 'image/jpeg']);
  });

  it('that does not fit into the still picture leaves only the link', async () => {
    const long = label.replace('x-1', 'x'.repeat(70_000));
    const endless = Buffer.from(inClip(clip('small.mp4'), 'moov', 'udta', long));
    // Its length, in thousandths of a second: so long that no bits are left for each.
    endless.writeUInt32BE(10_000_000, endless.indexOf('mvhd') + 20);
    const original = await file('video/mp4', endless);
    expect((await labelOf(original, decoder))?.length).toBeGreaterThan(70_000);
    expect(await pack(await file('video/mp4', withoutLabel(endless)), 100_000)).toMatchObject({
      how: 'preview',
    });
    expect(await pack(original, 100_000)).toMatchObject({ how: 'link' });
  });
});
