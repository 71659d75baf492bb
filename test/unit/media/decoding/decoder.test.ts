import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Header } from '../../../../src/media/decoding/decoder.js';
import { aDecoder } from '../../../support/decoder.js';
import {
  animated,
  animatedPng,
  asHeic,
  cornersOf,
  gifBomb,
  jpegBomb,
  noise,
  orange,
  paint,
  photograph,
  pngBomb,
  repeated,
  turned,
  webpBomb,
} from '../../../support/images.js';

const decoder = aDecoder();
let folder: string;
let serial = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'easel-convert-'));
});
afterAll(async () => {
  decoder.close();
  await rm(folder, { recursive: true });
});

async function saved(bytes: Uint8Array): Promise<string> {
  const path = join(folder, String(++serial));
  await writeFile(path, bytes);
  return path;
}

const headerOf = async (bytes: Uint8Array) => decoder.header(await saved(bytes));

/** By a header of its own, which is there even if the rest is not. */
async function headerAt(path: string): Promise<Header> {
  const header = await decoder.header(path);
  if (!header) throw new Error('It has no header.');
  return header;
}

async function isWhole(path: string): Promise<boolean> {
  const header = await decoder.header(path);
  return header !== undefined && decoder.isWhole(path, header);
}

/** Converted according to its declared type, and read again. */
async function converted(bytes: Uint8Array, maxBytes = 7_000_000) {
  const from = await saved(bytes);
  const to = `${from}.out`;
  const made = await decoder.convert(from, to, { header: await headerAt(from), maxBytes });
  if (!made) throw new Error('It was not converted.');
  return { ...made, path: to, header: await sharp(to).metadata() };
}

async function colourOf(path: string) {
  const { data } = await sharp(path).resize(1, 1).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return [...data];
}

/** JPEG and AVIF are lossy: each channel within a few steps. */
function near(found: readonly number[], { r, g, b }: { r: number; g: number; b: number }, steps = 6) {
  for (const [at, wanted] of [r, g, b].entries())
    expect(Math.abs((found[at] ?? -99) - wanted), found.join()).toBeLessThanOrEqual(steps);
}

describe('a header', () => {
  it('of an everyday image says plain', async () => {
    for (const format of ['png', 'jpeg', 'webp'] as const) {
      const bytes = await paint(20, 10).toFormat(format).toBuffer();
      const plain = { width: 20, height: 10, frames: 1, plain: true, alpha: false, huge: false };
      expect(await headerOf(bytes), format).toMatchObject(plain);
    }
    expect(await headerOf(await paint().greyscale().toColourspace('b-w').png().toBuffer())).toMatchObject({
      plain: true,
    });
    expect(await headerOf(await paint().png({ palette: true }).toBuffer())).toMatchObject({ plain: true });
    expect(await headerOf(animatedPng(await paint().png().toBuffer(), 9))).toMatchObject({ plain: true });
    expect(await headerOf(await paint().withIccProfile('srgb').jpeg().toBuffer())).toMatchObject({
      plain: true,
    });
  });

  it.each<[string, () => Promise<Buffer>]>([
    ['several frames', () => animated('webp')],
    ['a camera held sideways', () => turned(6, 'jpeg')],
    ['the colours of print', () => paint().toColourspace('cmyk').jpeg().toBuffer()],
    ['16 bits a colour', () => paint().toColourspace('rgb16').png().toBuffer()],
    ['the colours of a better screen', () => paint().withIccProfile('p3').jpeg().toBuffer()],
  ])('tells of %s', async (_, bytes) => {
    expect(await headerOf(await bytes())).toMatchObject({ plain: false, huge: false });
  });

  it('counts the pixels of one frame, not of all', async () => {
    const moving = repeated(await paint(2_000, 1_500).gif().toBuffer(), 40);
    expect((await sharp(moving).metadata()).pages).toBe(40);
    expect(await headerOf(moving)).toMatchObject({ width: 2_000, height: 1_500, plain: false, huge: false });
  });

  it.each<[string, () => Promise<Buffer>]>([
    ['png', async () => pngBomb(60_000, 60_000)],
    ['png, just over', async () => pngBomb(10_001, 10_000)],
    ['jpeg', async () => jpegBomb(await paint().jpeg().toBuffer(), 65_000, 65_000)],
    [
      'jpeg in scans',
      async () => jpegBomb(await paint().jpeg({ progressive: true }).toBuffer(), 8_000, 7_000),
    ],
    ['gif', async () => gifBomb(await paint().gif().toBuffer(), 65_535, 65_535)],
    ['moving gif', async () => gifBomb(repeated(await paint().gif().toBuffer(), 50), 30_000, 30_000)],
    ['webp', async () => webpBomb(await animated('webp'), 16_000, 16_000)],
  ])('of a bomb says huge before anything unfolds: %s', async (_, bytes) => {
    expect(await headerOf(await bytes())).toMatchObject({ huge: true });
  });

  it('gives a baseline jpeg and png more room than formats that are decoded at once', async () => {
    const jpeg = await paint().jpeg().toBuffer();
    expect(await headerOf(jpegBomb(jpeg, 8_000, 7_000))).toMatchObject({ huge: false });
    expect(await headerOf(pngBomb(10_000, 10_000))).toMatchObject({ huge: false });
  });

  it.each([
    ['nothing', ''],
    ['words', 'not a picture'],
    ['a magic alone', '\u0089PNG\r\n\u001a\n'],
  ])('of %s does not exist', async (_, text) => {
    expect(await headerOf(Buffer.from(text, 'latin1'))).toBeUndefined();
  });
});

describe('a whole image', () => {
  it.each(['png', 'jpeg', 'webp', 'gif', 'avif'] as const)(
    'is distinguished from a truncated one: %s',
    async (format) => {
      const bytes = await noise(64).toFormat(format).toBuffer();
      expect(await isWhole(await saved(bytes))).toBe(true);
      for (const part of [0.3, 0.5, 0.9])
        expect(await isWhole(await saved(bytes.subarray(0, bytes.length * part))), `${part}`).toBe(false);
    },
  );
});

describe('a weighing', () => {
  const hows = [
    { type: 'image/webp', lossless: true, quality: 100, effort: 0 },
    { type: 'image/jpeg', lossless: false, quality: 95, fullColour: true },
    { type: 'image/webp', lossless: false, quality: 82 },
  ] as const;

  it.each<[string, number, () => Promise<Buffer>]>([
    ['a tall image by its bands', 0.1, async () => (await photograph(500, 900)).png().toBuffer()],
    ['a small one as a whole', 0.15, async () => (await photograph(120, 100)).png().toBuffer()],
    ['glass', 0.1, async () => (await photograph(700, 600)).ensureAlpha(0.4).png().toBuffer()],
    ['a JPEG of grey', 0.1, async () => (await photograph(900, 600)).greyscale().jpeg().toBuffer()],
  ])('estimates what it would have: %s', async (_, error, draw) => {
    const path = await saved(await draw());
    const header = await headerAt(path);
    const estimates = await decoder.weigh(path, { header, hows, seconds: 60 });
    for (const [index, how] of hows.entries()) {
      const bytes = (await decoder.encode(path, `${path}.out`, { header, how, seconds: 60 })) ?? Number.NaN;
      expect(Math.abs((estimates?.[index] ?? 0) / bytes - 1), JSON.stringify(how)).toBeLessThan(error);
    }
  });

  it('of a truncated image says nothing', async () => {
    const bytes = await (await photograph(500, 900)).png().toBuffer();
    const header = await headerAt(await saved(bytes));
    const path = await saved(bytes.subarray(0, bytes.length / 2));
    expect(await decoder.weigh(path, { header, hows, seconds: 60 })).toBeUndefined();
  });
});

describe('a conversion', () => {
  it.each(['jpeg', 'png', 'webp'] as const)(
    'turns each of the eight orientations upright: %s',
    async (format) => {
      for (let orientation = 1; orientation <= 8; orientation++) {
        const bytes = await turned(orientation, format);
        expect(await sharp(bytes).metadata(), 'the source bears it').toMatchObject({ orientation });
        const { path, header } = await converted(bytes);
        expect(header, String(orientation)).toMatchObject({ width: 48, height: 32 });
        expect(header.orientation ?? 1).toBe(1);
        expect(await cornersOf(sharp(path)), String(orientation)).toBe('rgbw');
      }
    },
  );

  it('removes camera metadata', async () => {
    const bytes = await paint()
      .withExif({ IFD0: { Copyright: 'somebody' }, IFD3: { GPSLatitude: '1/1 2/1 3/1' } })
      .withIccProfile('p3')
      .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"/>')
      .jpeg()
      .toBuffer();
    expect(await sharp(bytes).metadata()).toMatchObject({
      exif: expect.any(Buffer),
      icc: expect.any(Buffer),
      xmp: expect.any(Buffer),
    });
    const { header } = await converted(bytes);
    expect([header.exif, header.icc, header.xmp, header.iptc]).toEqual(Array(4).fill(undefined));
  });

  it.each(['gif', 'webp'] as const)('keeps the first frame of an animated %s', async (format) => {
    const { path, type, header } = await converted(await animated(format));
    expect(header).toMatchObject({ width: 32, height: 24 });
    expect(type).toBe('image/jpeg');
    near(await colourOf(path), orange);
  });

  it.each<[string, () => Promise<Buffer>, steps?: number]>([
    [
      'print',
      () => paint().toColourspace('cmyk').withIccProfile('cmyk').jpeg({ quality: 100 }).toBuffer(),
      30,
    ],
    ['16 bits', () => paint().toColourspace('rgb16').png().toBuffer()],
    ['a better screen', () => paint().withIccProfile('p3').jpeg({ quality: 100 }).toBuffer()],
    ['a palette', () => paint().png({ palette: true }).toBuffer()],
    ['avif', () => paint().avif({ quality: 90 }).toBuffer()],
    ['a gif', () => paint().gif().toBuffer()],
  ])('keeps the colours as they look, in 8 bits of sRGB: from %s', async (_, bytes, steps) => {
    const { path, header } = await converted(await bytes());
    expect(header).toMatchObject({ space: 'srgb', depth: 'uchar', channels: 3 });
    near(await colourOf(path), orange, steps);
  });

  it('is a png only if it has transparency', async () => {
    const clear = { r: 9, g: 9, b: 9, alpha: 0.5 };
    const image = (background: typeof clear) =>
      sharp({ create: { width: 8, height: 8, channels: 4, background } })
        .webp({ lossless: true })
        .toBuffer();
    expect(await converted(await image(clear))).toMatchObject({
      type: 'image/png',
      header: { hasAlpha: true, depth: 'uchar' },
    });
    expect(await converted(await image({ ...clear, alpha: 1 }))).toMatchObject({ type: 'image/jpeg' });
  });

  it('scales down until it is small enough, and never up', async () => {
    const bytes = await noise(1_500, 1_200).png({ compressionLevel: 0 }).toBuffer();
    const { path, bytes: made, header } = await converted(bytes, 1_200_000);
    expect(made).toBeLessThan(1_200_000);
    expect((await stat(path)).size).toBe(made);
    expect(header).toMatchObject({ width: 1024, height: 819 });
    expect((await converted(await paint(20, 10).webp().toBuffer())).header).toMatchObject({ width: 20 });
    expect((await converted(await paint(6_000, 100).webp().toBuffer())).header).toMatchObject({
      width: 4096,
      height: 68,
    });
  });

  it('gives up on an image that nothing makes small enough, and on a truncated one', async () => {
    const out = join(folder, 'out');
    const header = await headerAt(await saved(await noise(64).png().toBuffer()));
    const tried = async (path: string, maxBytes: number) => decoder.convert(path, out, { header, maxBytes });
    expect(await tried(await saved(await noise(64).png().toBuffer()), 1_000)).toBeUndefined();
    const half = (await noise(64).webp().toBuffer()).subarray(0, 2_000);
    expect(await tried(await saved(half), 1e9)).toBeUndefined();
  });

  it('reads a heic if its libvips can, and says so if not', async () => {
    const avif = await paint().avif().toBuffer();
    const { type } = await converted(asHeic(avif, { coded: false }));
    expect(type).toBe('image/jpeg');
    const coded = await saved(asHeic(avif, { coded: true }));
    const options = { header: await headerAt(await saved(avif)), maxBytes: 7_000_000 };
    expect(await decoder.convert(coded, join(folder, 'out'), options)).toBeUndefined();
  });
});
