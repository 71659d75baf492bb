import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ClipRule } from '../../../../src/media/clips/clip-types.js';
import { inspectClip } from '../../../../src/media/clips/inspection.js';
import { box, type Handmade, handmade, words } from '../../../support/boxes.js';

const rule: ClipRule = { maxBytes: 50_000_000, minSide: 256, maxSide: 5_760, minSeconds: 3, maxSeconds: 10 };

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'easel-clips-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** What is said of a file with these bytes, in a word or two. */
async function verdictOn(bytes: Buffer | string, allowed = rule) {
  const path = join(folder, 'clip');
  await writeFile(path, bytes);
  const verdict = await inspectClip({ path, bytes: bytes.length }, allowed);
  if (verdict.kind === 'refuse') return verdict.refusal;
  return verdict.kind === 'fits' ? 'fits' : verdict.flaws.join(' ');
}

/** Compact sizes instead of plain ones: so many entries of so many bits. */
const compact = (bits: number, frames: number, body: Buffer) => ({
  tables: { stsz: undefined, stz2: Buffer.concat([words(0, bits, frames), body]) },
});

const clips: [string, Handmade, string][] = [
  ['a plain clip', {}, 'fits'],
  ['a film of an older phone', { brand: 'qt  ' }, 'fits'],
  ['HEVC without its configuration', { codec: 'hvc1' }, 'chroma'],
  ['moov last', { isHeaderLast: true }, 'header'],
  ['4:4:4', { profile: 244 }, 'chroma'],
  ['AV1', { codec: 'av01' }, 'codec'],
  ['a picture on its side', { turn: [0, 1] }, 'rotation'],
  [
    'frames that last 1/60 s and 1/10 s',
    {
      times: [
        [60, 10],
        [40, 60],
        [1, 10],
      ],
    },
    'frameRate',
  ],
  [
    'frames that are rounded to a timescale',
    {
      times: [
        [60, 20],
        [60, 21],
      ],
    },
    'fits',
  ],
  ['an unknown length', { said: 0xffffffff }, 'length'],
  ['a length of its own in the header', { said: 90_000 }, 'length'],
  ['2 s', { times: [[48, 25]] }, 'short'],
  ['3 h', { times: [[10_800, 600]] }, 'long'],
  ['one frame for 3 h', { times: [[1, 6_480_000]] }, 'long'],
  ['0 s', { times: [[120, 0]] }, 'short'],
  ['no frame', { times: [] }, 'broken'],
  ['200 pixels', { height: 200 }, 'pixels'],
  // Cutting it, which is offered, would not help.
  ['3 h of 200 pixels', { height: 200, times: [[10_800, 600]] }, 'pixels'],
  ['8K', { width: 7_680, height: 4_320 }, 'pixels'],
  ['a ribbon', { width: 8_000, height: 300 }, 'pixels'],
  ['samples beyond its end', { cutOff: 500 }, 'broken'],
  ['a count of four thousand million sizes', { tables: { stsz: words(0, 0, 0xffffffff) } }, 'broken'],
  ['a count of four thousand million times', { tables: { stts: words(0, 0xffffffff, 1, 1) } }, 'broken'],
  ['a count of four thousand million chunks', { tables: { stco: words(0, 0xffffffff, 0) } }, 'broken'],
  ['sizes of 16 bits', compact(16, 120, Buffer.alloc(240, '\0d')), 'fits'],
  ['sizes of 8 bits', compact(8, 120, Buffer.alloc(120, 100)), 'fits'],
  ['sizes of 4 bits', { ...compact(4, 120, Buffer.alloc(60, 0x99)), frameBytes: 9 }, 'fits'],
  ['sizes of 4 bits, and one more frame than bytes', compact(4, 120, Buffer.alloc(59, 0x99)), 'broken'],
  ['sizes of 5 bits', compact(5, 120, Buffer.alloc(120)), 'broken'],
  ['compact sizes beyond its end', compact(8, 120, Buffer.alloc(120, 101)), 'broken'],
  ['a count of four thousand million compact sizes', compact(4, 0xffffffff, Buffer.alloc(60)), 'broken'],
  ['frames for fewer times', { tables: { stts: words(0, 1, 7, 25) } }, 'broken'],
  ['a frame of 4 GB', { tables: { stsz: words(0, 0xffffffff, 120) } }, 'broken'],
  ['chunks out of order', { tables: { stsc: words(0, 2, 2, 60, 1, 1, 60, 1) } }, 'broken'],
  ['10,000 edits', { edits: Array.from({ length: 10_000 }, () => [3_000, 0, 0x10000] as const) }, 'broken'],
  [
    'the same second 4 times',
    { edits: Array.from({ length: 4 }, () => [600, 0, 0x10000] as const) },
    'length edits',
  ],
  [
    'the same second 90 times',
    { edits: Array.from({ length: 90 }, () => [600, 0, 0x10000] as const) },
    'long',
  ],
  [
    'a last frame that is held for an hour',
    {
      edits: [
        [3_000, 0, 0x10000],
        [2_160_000, 2_990, 0],
      ],
    },
    'long',
  ],
  [
    'frames in another file',
    { reference: box('url ', words(0), Buffer.from('file:///etc/passwd\0')) },
    'external',
  ],
  ['an alias of a Mac', { reference: box('alis', words(0), Buffer.alloc(150)) }, 'external'],
  ['a reference movie', { extra: [box('rmra', box('rmda', box('rdrf', words(0))))] }, 'external'],
  ['a compressed header', { extra: [box('cmov', box('dcom', Buffer.from('zlib')))] }, 'broken'],
  ['40 tracks', { extra: Array.from({ length: 40 }, () => box('trak')) }, 'broken'],
  ['a million empty boxes', { extra: Array.from({ length: 3_000 }, () => box('free')) }, 'broken'],
];
it.each(clips.map(([name, options, right]) => ({ name, options, right })))(
  '$name: $right',
  async ({ options, right }) => expect(await verdictOn(handmade(options))).toBe(right),
);

const files: [string, Buffer | string, string][] = [
  ['nothing', '', 'unknown'],
  ['a playlist', '#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n', 'unknown'],
  ['a list to concatenate', "ffconcat version 1.0\nfile '/etc/passwd'\n", 'unknown'],
  ['a DASH manifest', '<?xml version="1.0"?><MPD><BaseURL>http://127.0.0.1/</BaseURL></MPD>', 'unknown'],
  ['a session description', 'v=0\no=- 0 0 IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n', 'unknown'],
  ['a PDF', `%PDF-1.7\n${' '.repeat(99)}`, 'type'],
  ['a PNG', Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(99)]), 'type'],
  ['a header alone', handmade().subarray(0, 20), 'broken'],
  ['sound alone', handmade({ handler: 'soun', codec: 'mp4a' }), 'pictureless'],
  ['Matroska', Buffer.from([0x1a, 0x45, 0xdf, 0xa3, 0, 0, 0, 0]), 'container codec'],
  ['AVI', Buffer.from('RIFF\0\0\0\0AVI LIST'), 'container codec'],
  ['an animated GIF', Buffer.from('GIF89a\x80\x02\x68\x01\0\0\0'), 'container codec'],
];
it.each(files.map(([name, bytes, right]) => ({ name, bytes, right })))(
  '$name is told by its bytes: $right',
  async ({ bytes, right }) => expect(await verdictOn(bytes)).toBe(right),
);

it('more bytes than are allowed are one more reason to convert a clip', async () => {
  expect(await verdictOn(handmade(), { ...rule, maxBytes: 5_000 })).toBe('bytes');
});
