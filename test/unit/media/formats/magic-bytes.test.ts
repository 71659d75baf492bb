import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { extensions, nameOf, sniff, sniffLength } from '../../../../src/media/formats/magic-bytes.js';

const square = () => sharp({ create: { width: 8, height: 8, channels: 3, background: '#c63' } });
const box = (brand: string) =>
  Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from(`ftyp${brand}`), Buffer.alloc(12)]);

describe('a file’s type', () => {
  it('is detected by the first bytes of a real image', async () => {
    expect(sniff(await square().png().toBuffer())).toBe('image/png');
    expect(sniff(await square().jpeg().toBuffer())).toBe('image/jpeg');
    expect(sniff(await square().webp().toBuffer())).toBe('image/webp');
    expect(sniff(await square().gif().toBuffer())).toBe('image/gif');
    expect(sniff(await square().avif().toBuffer())).toBe('image/avif');
    expect(sniff((await square().png().toBuffer()).subarray(0, sniffLength))).toBe('image/png');
  });

  it.each([
    ['isom', 'video/mp4'],
    ['mp42', 'video/mp4'],
    ['avc1', 'video/mp4'],
    ['qt  ', 'video/quicktime'],
    ['heic', 'image/heic'],
    ['mif1', 'image/heic'],
    ['hevx', 'image/heic'],
    ['avis', 'image/avif'],
  ])('is told by the brand %s', (brand, type) => expect(sniff(box(brand))).toBe(type));

  it.each([
    ['nothing', ''],
    ['a web page', '<!doctype html><html></html>'],
    ['an archive', 'PK\u0003\u0004'],
    ['an SVG', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['half a magic', '\u0089PNG'],
    ['a RIFF that is a sound', 'RIFF0000WAVEfmt '],
  ])('is unknown for %s', (_, text) => expect(sniff(Buffer.from(text, 'latin1'))).toBeUndefined());

  it.each([
    ['mif1', ['mif1', 'miaf', 'avif'], 'image/avif'],
    ['msf1', ['hevc', 'avif'], 'image/heic'],
    ['isom', ['avif'], 'video/mp4'],
  ])(
    'of brand %s is told by those it is compatible with, %j, where it says no more',
    (major, others, type) => {
      const length = 16 + 4 * others.length;
      const head = Buffer.concat([
        Buffer.alloc(4),
        Buffer.from(`ftyp${major}\0\0\0\0${others.join('')}avif`),
      ]);
      head.writeUInt32BE(length);
      expect(sniff(head)).toBe(type);
    },
  );

  it('is not read beyond the end of a short head', () => {
    for (const length of [0, 4, 8, 12, 15, 17]) sniff(box('mif1').subarray(0, length));
    const lying = box('mif1');
    lying.writeUInt32BE(0xffff_ffff);
    expect(sniff(lying)).toBe('image/heic');
  });

  it('has one file extension each', () => {
    expect(new Set(Object.values(extensions)).size).toBe(Object.keys(extensions).length);
  });
});

describe('the name of another file type', () => {
  it.each([
    ['pdf', '%PDF-1.7'],
    ['zip', 'PK\u0003\u0004'],
    ['tiff', 'II*\0'],
    ['tiff', 'MM\0*'],
    ['bmp', 'BM\u00f6\u0001\0\0\0\0\0\0'],
    ['psd', '8BPS'],
    ['svg', '<svg width="1"/>'],
    ['svg', '\u00ef\u00bb\u00bf<?xml version="1.0"?>\n<!-- a fox -->\n<SVG>'],
    ['lottie', ' {"v":"5.5.7", "fr": 60'],
    [undefined, ''],
    [undefined, 'BMW'],
    [undefined, '{"fox":"red"}'],
    [undefined, 'a story about <svg>'],
    [undefined, '\u0089PNG\r\n\u001a\n'],
  ])('is %s for %j', (name, text) => expect(nameOf(Buffer.from(text, 'latin1'))).toBe(name));
});
