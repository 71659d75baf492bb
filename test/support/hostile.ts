import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import {
  animated,
  animatedPng,
  asHeic,
  gifBomb,
  jpegBomb,
  noise,
  paint,
  pngBomb,
  profileBomb,
  repeated,
  turned,
  webpBomb,
} from './images.js';

/** A file that a user might submit, and its possible outcomes. */
export interface HostileImage {
  readonly what: string;
  readonly bytes: Buffer;
  /** `either`: damaged, but perhaps not in a decisive place. */
  readonly end: 'refused' | 'usable' | 'either';
  /** The required colours of its final corners (see `cornersOf`). */
  readonly corners?: string;
}

const formats = ['png', 'jpeg', 'webp', 'gif', 'avif'] as const;
type Format = (typeof formats)[number];

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Some three hundred files of all sizes. */
export async function hostileImages(seed: number): Promise<HostileImage[]> {
  return [...(await smallHostileImages(seed)), ...(await large())];
}

/** Those among them that are made quickly; the same ones for the same seed. */
export async function smallHostileImages(seed: number): Promise<HostileImage[]> {
  const random = createRandom(seed);
  const pairs = formats.map(
    async (format) => [format, await noise(60, 40).toFormat(format).toBuffer()] as const,
  );
  const good = Object.fromEntries(await Promise.all(pairs)) as Record<Format, Buffer>;
  return [
    ...(await wrongTypes(good, random)),
    ...empty(good),
    ...damaged(good, random),
    ...(await bombs(good)),
    ...(await moving(good)),
    ...(await cameras()),
    ...(await colours()),
  ];
}

const refused = (what: string, bytes: Uint8Array | string): HostileImage => ({
  what,
  bytes: typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : Buffer.from(bytes),
  end: 'refused',
});
const usable = (what: string, bytes: Buffer): HostileImage => ({ what, bytes, end: 'usable' });
const either = (what: string, bytes: Buffer): HostileImage => ({ what, bytes, end: 'either' });
const times = <T>(count: number, make: (at: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => make(at));

function randomBytes(length: number, random: () => number): Buffer {
  return Buffer.from(times(length, () => Math.floor(random() * 256)));
}

async function wrongTypes(
  { png, avif }: Record<Format, Buffer>,
  random: () => number,
): Promise<HostileImage[]> {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="99999" height="99999"><rect/></svg>';
  const box = (brand: string) =>
    Buffer.concat([Buffer.from(`\0\0\0\x18ftyp${brand}`, 'latin1'), randomBytes(900, random)]);
  return [
    refused('a renamed zip', 'PK\u0003\u0004\u0014\0\u0008\0'.padEnd(400, 'x')),
    refused('an empty zip', `PK\u0005\u0006${'\0'.repeat(18)}`),
    refused('a zip with a picture in it', Buffer.concat([Buffer.from('PK\u0003\u0004'), png])),
    refused('a PDF', '%PDF-1.7\n%âãÏÓ\n1 0 obj'),
    refused('an SVG', svg),
    refused('an SVG with a declaration', `<?xml version="1.0"?>\n<!DOCTYPE svg [<!ENTITY a "b">]>\n${svg}`),
    refused('an SVG that reads a file', svg.replace('<rect/>', '<image href="file:///etc/passwd"/>')),
    refused('a web page', '<!doctype html><img src=x>'),
    refused('a script', '#!/bin/sh\necho fox'),
    refused('a Lottie sticker', '{"v":"5.5.7","fr":60,"ip":0,"op":60,"w":320,"h":320,"layers":[]}'),
    refused('some JSON', '{"fox":"red"}'),
    refused('a TIFF', await paint().tiff().toBuffer()),
    refused('a BMP', `BM\x46\0\0\0\0\0\0\0\x36\0\0\0${'\0'.repeat(60)}`),
    refused('an icon', `\0\0\x01\0\x01\0${'\0'.repeat(60)}`),
    refused('a PSD', `8BPS\0\x01${'\0'.repeat(60)}`),
    refused('a vips file', `\xb6\xa6\xf2\x08${'\0'.repeat(80)}`),
    refused('a PPM', 'P6 2 2 255 aaabbbcccddd'),
    refused('a sound', 'RIFF\x24\0\0\0WAVEfmt '.padEnd(200, 'x')),
    refused('a program', '\x7fELF\x02\x01\x01'.padEnd(200, '\0')),
    refused('a HEIC that nobody here can read', asHeic(avif, { coded: true })),
    ...['isom', 'mp42', 'qt  ', 'avif', 'heic', 'mif1', 'zzzz'].map((brand) =>
      refused(`a film or worse, of brand ${brand}`, box(brand)),
    ),
    refused('a WebM', Buffer.concat([Buffer.from('1a45dfa3', 'hex'), randomBytes(500, random)])),
    ...times(10, (at) => refused(`noise ${at}`, randomBytes(1 + Math.floor(random() * 2_000), random))),
  ];
}

function empty(good: Record<Format, Buffer>): HostileImage[] {
  return [
    refused('nothing', ''),
    refused('one byte', '\xff'),
    refused('a kilobyte of nothing', '\0'.repeat(1_000)),
    ...formats.flatMap((format) =>
      [3, 8, 12, 33].map((length) =>
        refused(`${length} bytes of a ${format}`, good[format].subarray(0, length)),
      ),
    ),
  ];
}

function damaged(good: Record<Format, Buffer>, random: () => number): HostileImage[] {
  return formats.flatMap((format) => {
    const bytes = good[format];
    const within = (from: number, to: number) => Math.floor(bytes.length * (from + random() * (to - from)));
    const flipped = (count: number) => {
      const copy = Buffer.from(bytes);
      for (const at of times(count, () => within(0, 1)))
        copy[at] = (copy[at] ?? 0) ^ (1 << Math.floor(random() * 8));
      return copy;
    };
    const holed = () => {
      const copy = Buffer.from(bytes);
      return copy.fill(0, within(0.1, 0.5), within(0.5, 0.9));
    };
    return [
      ...times(11, (at) => refused(`${format} cut off ${at}`, bytes.subarray(0, within(0.05, 0.95)))),
      ...times(12, (at) => either(`${format} with a flipped bit ${at}`, flipped(1))),
      ...times(4, (at) => either(`${format} with many flipped bits ${at}`, flipped(50))),
      ...times(3, (at) => either(`${format} with a hole ${at}`, holed())),
      ...times(4, (at) =>
        refused(
          `noise behind the magic of a ${format} ${at}`,
          Buffer.concat([bytes.subarray(0, 12), randomBytes(800, random)]),
        ),
      ),
    ];
  });
}

async function bombs({ jpeg, gif }: Record<Format, Buffer>): Promise<HostileImage[]> {
  const canvas = await animated('webp');
  return [
    ...[
      [60_000, 60_000],
      [2 ** 31 - 1, 1],
      [1, 2 ** 31 - 1],
      [2 ** 31 - 1, 2 ** 31 - 1],
      [10_001, 10_000],
      [0, 10],
      [10, 0],
      [4_000_000_000, 2],
    ].map(([width = 0, height = 0]) => refused(`a png of ${width} × ${height}`, pngBomb(width, height))),
    refused('a png of which hardly anything is there', pngBomb(9_000, 9_000)),
    ...[
      [65_500, 65_500],
      [12_000, 9_000],
    ].map(([width = 0, height = 0]) =>
      refused(`a jpeg of ${width} × ${height}`, jpegBomb(jpeg, width, height)),
    ),
    refused('a jpeg of no height', jpegBomb(jpeg, 60, 0)),
    either('a jpeg that promises more', jpegBomb(jpeg, 6_000, 6_000)),
    refused('a gif of 65535 × 65535', gifBomb(gif, 65_535, 65_535)),
    refused('a moving gif of 30000 × 30000', gifBomb(repeated(gif, 100), 30_000, 30_000)),
    either('a gif that promises more', gifBomb(gif, 6_000, 6_000)),
    refused('a webp of 16383 × 16383', webpBomb(canvas, 16_383, 16_383)),
  ];
}

function scans(): Promise<Buffer> {
  return paint(5_000, 5_000).withMetadata({ orientation: 6 }).jpeg({ progressive: true }).toBuffer();
}

async function moving({ png, gif }: Record<Format, Buffer>): Promise<HostileImage[]> {
  return [
    ...(await Promise.all(
      (['gif', 'webp'] as const).flatMap((format) =>
        [2, 7, 40].map(async (frames) =>
          usable(`${format} of ${frames} frames`, await animated(format, frames)),
        ),
      ),
    )),
    usable('a gif of 5000 frames', repeated(gif, 5_000)),
    usable('an APNG', animatedPng(png, 60)),
    usable('an APNG that promises four billion frames', animatedPng(png, 2 ** 32 - 1)),
    usable('a gif that ends in its second frame', repeated(gif, 3).subarray(0, gif.length * 1.5)),
    usable('a png with an archive behind it', Buffer.concat([png, Buffer.from('PK\u0003\u0004')])),
  ];
}

async function cameras(): Promise<HostileImage[]> {
  return Promise.all(
    (['jpeg', 'png', 'webp'] as const).flatMap((format) =>
      times(8, async (at) => ({
        ...usable(`a ${format} of orientation ${at + 1}`, await turned(at + 1, format)),
        corners: 'rgbw',
      })),
    ),
  );
}

async function colours(): Promise<HostileImage[]> {
  const clear = { r: 200, g: 100, b: 50, alpha: 0.4 };
  const glass = () => sharp({ create: { width: 40, height: 30, channels: 4, background: clear } });
  return [
    usable(
      'the colours of print',
      await paint().toColourspace('cmyk').withIccProfile('cmyk').jpeg().toBuffer(),
    ),
    usable('print without a profile', await paint().toColourspace('cmyk').jpeg().toBuffer()),
    usable('16 bits a colour', await paint().toColourspace('rgb16').png().toBuffer()),
    usable('16 bits of glass', await glass().toColourspace('rgb16').png().toBuffer()),
    usable('a palette', await noise(40).png({ palette: true, colours: 4 }).toBuffer()),
    usable('a transparent palette', await glass().png({ palette: true }).toBuffer()),
    usable('grey', await paint().toColourspace('b-w').jpeg().toBuffer()),
    usable('glass in a webp', await glass().webp().toBuffer()),
    usable('glass in an avif', await glass().avif().toBuffer()),
    usable('the colours of a better screen', await paint().withIccProfile('p3').jpeg().toBuffer()),
    usable('one pixel', await paint(1, 1).png().toBuffer()),
    usable('one pixel of a gif', await paint(1, 1).gif().toBuffer()),
    usable('a thread', await paint(1, 16_000).webp().toBuffer()),
    usable('a long jpeg', await paint(60_000, 2).jpeg().toBuffer()),
    usable('an avif in a HEIC’s clothes', asHeic(await paint().avif().toBuffer(), { coded: false })),
  ];
}

async function large(): Promise<HostileImage[]> {
  const rows = deflateSync(Buffer.alloc((9_000 * 3 + 1) * 9_000), { level: 1 });
  const raw = { compressionLevel: 0 } as const;
  return [
    usable('a png of 81 megapixels', pngBomb(9_000, 9_000, rows)),
    either('a png with a profile of 500 MB', profileBomb(await paint().png().toBuffer(), 500_000_000)),
    usable('a jpeg in scans, of 25 megapixels, on its side', await scans()),
    usable('a png of 8 MB', await noise(1_650).png(raw).toBuffer()),
    usable('a png of 12 MB', await noise(2_000).png(raw).toBuffer()),
    usable(
      'a jpeg of 11 MB',
      await noise(2_600).jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer(),
    ),
    usable('glass of 15 MB', await noise(1_950).ensureAlpha(0.5).png(raw).toBuffer()),
  ];
}
