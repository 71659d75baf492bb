import { createCipheriv, createHash } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';

export const orange = { r: 204, g: 102, b: 51 };

/** One flat colour. */
export function paint(width = 16, height = 8, colour: { r: number; g: number; b: number } = orange): Sharp {
  return sharp({ create: { width, height, channels: 3, background: colour } });
}

/** Noise cannot be packed: a side of 2000 pixels makes a png of 12 MB. */
export function noise(width: number, height = width): Sharp {
  const gaussian = { type: 'gaussian', mean: 128, sigma: 60 } as const;
  return sharp({ create: { width, height, channels: 3, background: '#888', noise: gaussian } });
}

/** Bytes of no pattern, the same ones for a seed each time: a cipher makes them as fast as they can be used. */
function scatter(length: number, seed: string): Buffer {
  const key = createHash('sha256').update(seed).digest();
  return createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(length));
}

/** How far apart the spots are that colours run between, pixels; how much the grain adds to them, of 256. */
const spotsApart = 24;
const grainDepth = 12;

/** A picture like a photograph, the same each time: soft colours that run into each other, under a fine grain. */
export async function photograph(width: number, height = width): Promise<Sharp> {
  const [across, down] = [width, height].map((side) => Math.ceil(side / spotsApart) + 1) as [number, number];
  const spots = scatter(across * down * 3, `spots ${width} × ${height}`);
  const pixels = await sharp(spots, { raw: { width: across, height: down, channels: 3 } })
    .resize(width, height, { kernel: 'cubic', fit: 'fill' })
    .raw()
    .toBuffer();
  const grain = scatter(pixels.length, `grain ${width} × ${height}`);
  for (let at = 0; at < pixels.length; at++) {
    // Two random numbers rather than one: grain is mostly faint.
    const thrown = ((grain[at] ?? 0) & 15) + ((grain[at] ?? 0) >> 4) - 15;
    pixels[at] = Math.min(255, Math.max(0, (pixels[at] ?? 0) + (thrown * grainDepth) / 15));
  }
  return sharp(pixels, { raw: { width, height, channels: 3 }, limitInputPixels: false });
}

/** Its corners show its orientation: red, green, blue and white, clockwise from the upper left. */
export async function corners(width = 48, height = 32): Promise<Sharp> {
  const [w, h] = [width / 2, height / 2];
  const quarter = (colour: string) =>
    sharp({ create: { width: w, height: h, channels: 3, background: colour } })
      .png()
      .toBuffer();
  const layers = await Promise.all(
    [
      { colour: '#f00', left: 0, top: 0 },
      { colour: '#0f0', left: w, top: 0 },
      { colour: '#00f', left: w, top: h },
      { colour: '#fff', left: 0, top: h },
    ].map(async ({ colour, ...place }) => ({ input: await quarter(colour), ...place })),
  );
  return sharp(await paint(width, height).composite(layers).png().toBuffer());
}

/** The corners' colours as letters, clockwise from the upper left: `rgbw` for an upright `corners`. */
export async function cornersOf(image: Sharp): Promise<string> {
  const { data, info } = await image.removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const letter = (x: number, y: number) => {
    const at = (Math.floor(y * info.height) * info.width + Math.floor(x * info.width)) * info.channels;
    const [red, green, blue] = [0, 1, 2].map((channel) => (data[at + channel] ?? 0) > 128);
    return red && green && blue ? 'w' : red ? 'r' : green ? 'g' : blue ? 'b' : '?';
  };
  return [letter(0.25, 0.25), letter(0.75, 0.25), letter(0.75, 0.75), letter(0.25, 0.75)].join('');
}

/** `corners` as a camera stores them when it was held so that `orientation` (1–8) puts them upright again. */
export async function turned(orientation: number, format: 'jpeg' | 'png' | 'webp'): Promise<Buffer> {
  const upright = await (await corners()).png().toBuffer();
  // The inverse of the EXIF orientation: 5 to 8 are rotated, and every second one is mirrored.
  const angle = [0, 0, 180, 180, 90, 270, 270, 90][orientation - 1];
  if (angle === undefined) throw new RangeError(`EXIF knows no orientation ${orientation}.`);
  const mirrored = [2, 4, 5, 7].includes(orientation);
  // Two passes: sharp orders the operations of one as it likes.
  const rotated = await sharp(upright).rotate(angle).png().toBuffer();
  const pixels = await sharp(rotated).flop(mirrored).png().toBuffer();
  return sharp(pixels).withMetadata({ orientation }).toFormat(format, { quality: 95 }).toBuffer();
}

/** Frames of different colours, the first one orange. */
export async function animated(format: 'gif' | 'webp', frames = 5, width = 32, height = 24): Promise<Buffer> {
  const colours = Array.from({ length: frames }, (_, at) =>
    at === 0 ? orange : { r: 0, g: 9 * at, b: 200 },
  );
  const pictures = await Promise.all(colours.map((colour) => paint(width, height, colour).png().toBuffer()));
  return sharp(pictures, { join: { animated: true } })
    .toFormat(format, { loop: 0 })
    .toBuffer();
}

export const pngMagic = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** A chunk of a PNG. */
export function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const frame = Buffer.alloc(body.length + 8);
  frame.writeUInt32BE(data.length);
  body.copy(frame, 4);
  frame.writeUInt32BE(crc32(body), body.length + 4);
  return frame;
}

/** A PNG whose header declares missing pixels. */
export function pngBomb(width: number, height: number, pixels = deflateSync(Buffer.alloc(1_000))): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const end = chunk('IEND', Buffer.alloc(0));
  return Buffer.concat([pngMagic, chunk('IHDR', header), chunk('IDAT', pixels), end]);
}

/** A JPEG with another size in its frame header. */
export function jpegBomb(jpeg: Buffer, width: number, height: number): Buffer {
  const bomb = Buffer.from(jpeg);
  const frame = bomb.findIndex((byte, at) => byte === 0xff && [0xc0, 0xc2].includes(bomb[at + 1] ?? 0));
  bomb.writeUInt16BE(height, frame + 5);
  bomb.writeUInt16BE(width, frame + 7);
  return bomb;
}

/** A GIF with another size of its screen and its first frame. */
export function gifBomb(gif: Buffer, width: number, height: number): Buffer {
  const bomb = Buffer.from(gif);
  const frame = bomb.indexOf(0x2c, startOfBlocks(gif));
  for (const at of [6, frame + 5]) {
    bomb.writeUInt16LE(width, at);
    bomb.writeUInt16LE(height, at + 2);
  }
  return bomb;
}

/** A GIF with its frames again and again. */
export function repeated(gif: Buffer, times: number): Buffer {
  const start = startOfBlocks(gif);
  const frames = Array.from({ length: times }, () => gif.subarray(start, -1));
  return Buffer.concat([gif.subarray(0, start), ...frames, gif.subarray(-1)]);
}

/** Behind the header and the colours that all frames share (GIF89a, section 18). */
function startOfBlocks(gif: Buffer): number {
  const flags = gif[10] ?? 0;
  return 13 + (flags & 0x80 ? 3 << ((flags & 7) + 1) : 0);
}

/** A WebP whose extended header declares another canvas. */
export function webpBomb(webp: Buffer, width: number, height: number): Buffer {
  const bomb = Buffer.from(webp);
  const at = bomb.indexOf('VP8X');
  if (at < 0) throw new Error('Only an extended WebP has a canvas.');
  bomb.writeUIntLE(width - 1, at + 12, 3);
  bomb.writeUIntLE(height - 1, at + 15, 3);
  return bomb;
}

/** An APNG: a PNG whose first frame is shown by programs without support for the others. */
export function animatedPng(png: Buffer, frames: number): Buffer {
  const control = Buffer.alloc(8);
  control.writeUInt32BE(frames);
  const afterHeader = pngMagic.length + 25;
  return Buffer.concat([png.subarray(0, afterHeader), chunk('acTL', control), png.subarray(afterHeader)]);
}

/** A PNG with a profile that unpacks to `bytes`. */
export function profileBomb(png: Buffer, bytes: number): Buffer {
  const packed = deflateSync(Buffer.alloc(bytes), { level: 9 });
  const afterHeader = pngMagic.length + 25;
  const profile = chunk('iCCP', Buffer.concat([Buffer.from('x\0\0', 'latin1'), packed]));
  return Buffer.concat([png.subarray(0, afterHeader), profile, png.subarray(afterHeader)]);
}

/**
 * An AVIF disguised as a HEIC. With `coded`, its pixels too are declared to be HEVC, which npm's libvips
 * cannot read.
 */
export function asHeic(avif: Buffer, { coded }: { coded: boolean }): Buffer {
  const text = avif.toString('latin1');
  const renamed = text.slice(0, 40).replaceAll('avif', 'heic').replaceAll('mif1', 'heix') + text.slice(40);
  const heic = coded ? renamed.replaceAll('av01', 'hvc1').replaceAll('av1C', 'hvcC') : renamed;
  return Buffer.from(heic, 'latin1');
}
