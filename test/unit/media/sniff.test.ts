import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { extensions, sniff, sniffLength } from '../../../src/media/sniff.js';

const square = () => sharp({ create: { width: 8, height: 8, channels: 3, background: '#c63' } });
const box = (brand: string) =>
  Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from(`ftyp${brand}`), Buffer.alloc(12)]);

describe('a file’s type', () => {
  it('is told by the first bytes of a real image', async () => {
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

  it('has a file name ending each', () => {
    expect(new Set(Object.values(extensions)).size).toBe(Object.keys(extensions).length);
  });
});
