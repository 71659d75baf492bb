import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { box, type Handmade, handmade, words } from './boxes.js';
import { ffmpeg } from './clips.js';
import { createRandom } from './hostile.js';

const run = promisify(execFile);

/** What becomes of a clip that someone hands in: it stays as it is, is converted, or is refused for a reason. */
export type ClipEnd = 'as it is' | 'converted' | (string & {});

export interface OddClip {
  readonly what: string;
  /** As its user named it. */
  readonly name: string;
  readonly bytes: Buffer;
  readonly end: ClipEnd;
}

const still = ['-f', 'lavfi', '-i', 'testsrc2=size=336x256:rate=12'];
const tone = ['-f', 'lavfi', '-i', 'sine=frequency=330:sample_rate=44100'];
const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast'];
const plain = [...h264, '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-movflags', '+faststart'];
const base = [...still, ...tone, '-t', '4'];

/** Clips that ffmpeg makes: name, its arguments, what becomes of it. */
const made: readonly (readonly [what: string, file: string, args: readonly string[], end: ClipEnd])[] = [
  ['a plain clip', 'plain.mp4', [...base, ...plain], 'as it is'],
  ['a silent clip', 'silent.mp4', [...still, '-t', '4', ...plain], 'as it is'],
  ['a QuickTime film', 'film.mov', [...base, ...plain], 'as it is'],
  [
    'HEVC',
    'hevc.mp4',
    [
      ...base,
      '-c:v',
      'libx265',
      '-preset',
      'ultrafast',
      '-x265-params',
      'log-level=error',
      '-tag:v',
      'hvc1',
      '-pix_fmt',
      'yuv420p',
      '-movflags',
      '+faststart',
    ],
    'as it is',
  ],
  ['broad pixels', 'sar.mp4', [...base, '-vf', 'setsar=2/1', ...plain], 'as it is'],
  ['a time code beside it', 'timecode.mov', [...base, ...plain, '-timecode', '01:00:00:00'], 'as it is'],
  ['moov last', 'last.mp4', [...base, ...h264, '-pix_fmt', 'yuv420p'], 'converted'],
  ['4:4:4', '444.mp4', [...base, ...h264, '-pix_fmt', 'yuv444p', '-movflags', '+faststart'], 'converted'],
  [
    '10 bits',
    '10bit.mp4',
    [...base, ...h264, '-pix_fmt', 'yuv420p10le', '-movflags', '+faststart'],
    'converted',
  ],
  [
    'a variable frame rate',
    'vfr.mp4',
    [...base, '-vf', "setpts='PTS+if(gt(N,20),N*N*0.0004/TB,0)'", '-vsync', 'vfr', ...plain],
    'converted',
  ],
  [
    'fragments',
    'fragments.mp4',
    [...base, ...h264, '-pix_fmt', 'yuv420p', '-movflags', 'frag_keyframe+empty_moov'],
    'converted',
  ],
  [
    'WebM',
    'web.webm',
    [...base, '-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-c:a', 'libopus'],
    'converted',
  ],
  [
    'WebM named mp4',
    'web.mp4.webm',
    [
      ...base,
      '-c:v',
      'libvpx-vp9',
      '-deadline',
      'realtime',
      '-cpu-used',
      '8',
      '-c:a',
      'libopus',
      '-f',
      'webm',
    ],
    'converted',
  ],
  [
    'odd sides',
    'odd.webm',
    [
      '-f',
      'lavfi',
      '-i',
      'testsrc2=size=337x257:rate=12',
      '-t',
      '4',
      '-c:v',
      'libvpx',
      '-deadline',
      'realtime',
      '-cpu-used',
      '8',
    ],
    'converted',
  ],
  [
    '120 frames a second',
    'fast.mkv',
    ['-f', 'lavfi', '-i', 'testsrc2=size=336x256:rate=120', '-t', '4', ...h264],
    'converted',
  ],
  ['Matroska', 'box.mkv', [...base, ...plain], 'converted'],
  ['a codec of archives', 'archive.mkv', [...base, '-c:v', 'ffv1'], 'broken'],
  ['AVI', 'old.avi', [...base, '-c:v', 'mpeg4', '-c:a', 'libmp3lame'], 'converted'],
  ['an animated GIF', 'cat.gif', [...still, '-t', '4', '-vf', 'fps=5'], 'converted'],
  ['a still GIF', 'still.gif', [...still, '-frames:v', '1'], 'short'],
  ['Motion JPEG', 'camera.mov', [...base, '-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p'], 'converted'],
  ['ProRes', 'studio.mov', [...base, '-c:v', 'prores_ks', '-profile:v', '0'], 'converted'],
  [
    'PCM sound',
    'pcm.mov',
    [...base, ...h264, '-pix_fmt', 'yuv420p', '-c:a', 'pcm_s16le', '-movflags', '+faststart'],
    'converted',
  ],
  [
    'MP3 sound',
    'mp3.mp4',
    [...base, ...h264, '-pix_fmt', 'yuv420p', '-c:a', 'libmp3lame', '-movflags', '+faststart'],
    'converted',
  ],
  ['two sounds', 'two.mp4', [...base, '-map', '0:v', '-map', '1:a', '-map', '1:a', ...plain], 'converted'],
  [
    'sound that goes on',
    'on.mp4',
    [...still, ...tone, ...plain, '-t', '9', '-filter:v', 'trim=end=4'],
    'converted',
  ],
  ['sound alone', 'song.m4a', [...tone, '-t', '4', '-c:a', 'aac'], 'pictureless'],
  ['sound alone in WebM', 'song.webm', [...tone, '-t', '4', '-c:a', 'libopus'], 'pictureless'],
  ['MP3 named mp4', 'song.mp3', [...tone, '-t', '4'], 'unknown'],
  ['Ogg', 'song.ogg', [...tone, '-t', '4', '-c:a', 'libvorbis'], 'unknown'],
  ['half a second', 'blink.mp4', [...still, '-t', '0.5', ...plain], 'short'],
  ['one frame', 'one.mp4', [...still, '-frames:v', '1', ...plain], 'short'],
  ['14 s', 'long.mp4', [...still, '-t', '14', ...plain], 'long'],
  ['14 s in Matroska', 'long.mkv', [...still, '-t', '14', ...h264], 'long'],
  [
    '200 pixels',
    'small.mp4',
    ['-f', 'lavfi', '-i', 'testsrc2=size=336x200:rate=12', '-t', '4', ...plain],
    'pixels',
  ],
  [
    'a GIF of 120 pixels',
    'small.gif',
    ['-f', 'lavfi', '-i', 'testsrc2=size=120x90:rate=5', '-t', '4'],
    'pixels',
  ],
];

/** @param folder in which they are made */
async function madeClips(folder: string): Promise<OddClip[]> {
  const clips: OddClip[] = [];
  for (const [what, file, args, end] of made) {
    const path = join(folder, file);
    await run(ffmpeg ?? '', ['-v', 'error', '-y', ...args, path]);
    clips.push({ what, name: file, bytes: await readFile(path), end });
  }
  return clips;
}

/** What is made of clips that ffmpeg made: cut off, turned, renamed, filled with something else. */
async function spoiltClips(folder: string): Promise<OddClip[]> {
  const of = (file: string) => readFile(join(folder, file));
  const [whole, last, web, long] = [
    await of('plain.mp4'),
    await of('last.mp4'),
    await of('web.webm'),
    await of('long.mkv'),
  ];
  const random = createRandom(7);
  const mdat = whole.indexOf('mdat') + 4;
  const filled = (byte: () => number) => {
    const copy = Buffer.from(whole);
    for (let at = mdat; at < copy.length; at++) copy[at] = byte();
    return copy;
  };
  const turned = join(folder, 'turned.mp4');
  for (const [degrees, path] of [
    [90, turned],
    [180, join(folder, 'over.mp4')],
  ] as const)
    await run(ffmpeg ?? '', [
      '-v',
      'error',
      '-y',
      '-i',
      join(folder, 'plain.mp4'),
      '-c',
      'copy',
      '-metadata:s:v',
      `rotate=${degrees}`,
      '-movflags',
      '+faststart',
      path,
    ]);
  const wide = Buffer.from(whole);
  wide.writeUInt16BE(640, whole.indexOf('avc1', whole.indexOf('stsd')) + 4 + 24);
  // The length that Matroska says, a float of 64 bits.
  const brief = Buffer.from(long);
  brief.writeDoubleBE(5_000, long.indexOf(Buffer.from([0x44, 0x89, 0x88])) + 3);
  const zip = Buffer.concat([whole, Buffer.from('PK\x03\x04'), Buffer.alloc(200, 'zip')]);
  return [
    { what: 'turned by its metadata', name: 'phone.mp4', bytes: await readFile(turned), end: 'converted' },
    { what: 'upside down by its metadata', name: 'over.mp4', bytes: await of('over.mp4'), end: 'converted' },
    { what: 'cut off', name: 'cut.mp4', bytes: whole.subarray(0, whole.length / 2), end: 'broken' },
    {
      what: 'cut off before its header',
      name: 'cut.mp4',
      bytes: last.subarray(0, last.length / 2),
      end: 'broken',
    },
    { what: 'WebM cut off', name: 'cut.webm', bytes: web.subarray(0, web.length / 3), end: 'short' },
    { what: 'filled with noughts', name: 'empty.mp4', bytes: filled(() => 0), end: 'broken' },
    { what: 'filled with noise', name: 'noise.mp4', bytes: filled(() => random() * 256), end: 'broken' },
    { what: 'another size than its header says', name: 'lie.mp4', bytes: wide, end: 'broken' },
    { what: 'Matroska that lies about its length', name: 'lie.mkv', bytes: brief, end: 'long' },
    { what: 'a clip and a zip', name: 'both.mp4', bytes: zip, end: 'as it is' },
    { what: 'a clip named gif', name: 'cat.gif', bytes: whole, end: 'as it is' },
  ];
}

const edit = (length: number, from: number, rate = 0x10000) => [length, from, rate] as const;
const countless = 0xffff_ffff;

/** Clips that are wrong in their boxes. */
const boxed: readonly (readonly [what: string, options: Handmade, end: ClipEnd])[] = [
  ['boxes around nothing', {}, 'broken'],
  ['0 s', { times: [[120, 0]] }, 'short'],
  ['3 h', { times: [[10_800, 600]] }, 'long'],
  ['one frame for 3 h', { times: [[1, 6_480_000]] }, 'long'],
  ['8K', { width: 7_680, height: 4_320 }, 'broken'],
  ['64K', { width: 65_535, height: 65_535 }, 'heavy'],
  ['a ribbon', { width: 8_000, height: 300 }, 'pixels'],
  ['countless sizes', { tables: { stsz: words(0, 0, countless) } }, 'broken'],
  ['countless times', { tables: { stts: words(0, countless, 1, 1) } }, 'broken'],
  ['countless chunks', { tables: { stco: words(0, countless, 0) } }, 'broken'],
  ['countless entries', { tables: { stsd: words(0, countless) } }, 'broken'],
  ['a frame of 4 GB', { tables: { stsz: words(0, countless, 120) } }, 'broken'],
  ['chunks out of order', { tables: { stsc: words(0, 2, 2, 60, 1, 1, 60, 1) } }, 'broken'],
  ['10,000 edits', { edits: Array.from({ length: 10_000 }, () => edit(3_000, 0)) }, 'broken'],
  ['the same second 90 times', { edits: Array.from({ length: 90 }, () => edit(600, 0)) }, 'long'],
  ['a last frame held for an hour', { edits: [edit(3_000, 0), edit(2_160_000, 2_990, 0)] }, 'long'],
  ['frames in a file', { reference: box('url ', words(0), Buffer.from('file:///etc/passwd\0')) }, 'external'],
  ['an alias of a Mac', { reference: box('alis', words(0), Buffer.alloc(150)) }, 'external'],
  ['a reference movie', { extra: [box('rmra', box('rmda', box('rdrf', words(0))))] }, 'external'],
  ['a compressed header', { extra: [box('cmov', box('dcom', Buffer.from('zlib')))] }, 'broken'],
  ['40 tracks', { extra: Array.from({ length: 40 }, () => box('trak')) }, 'broken'],
  ['100,000 empty boxes', { extra: Array.from({ length: 100_000 }, () => box('free')) }, 'broken'],
  ['samples beyond its end', { cutOff: 500 }, 'broken'],
];

/** Playlists, scripts and others that make a program open something else; `url` would notice it. */
function leading(url: string): OddClip[] {
  const hls = `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n${url}/segment.ts\n#EXT-X-ENDLIST\n`;
  const ebml = Buffer.from([0x1a, 0x45, 0xdf, 0xa3]);
  const lists: [string, string, Buffer | string, ClipEnd][] = [
    ['a playlist', 'list.m3u8', hls, 'unknown'],
    ['a playlist named mp4', 'list.mp4', hls, 'unknown'],
    ['a list to concatenate', 'list.ffconcat', `ffconcat version 1.0\nfile ${url}/1.mp4\n`, 'unknown'],
    ['a DASH manifest', 'dash.mpd', `<?xml version="1.0"?><MPD><BaseURL>${url}/</BaseURL></MPD>`, 'unknown'],
    [
      'a session description',
      'live.sdp',
      'v=0\no=- 0 0 IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n',
      'unknown',
    ],
    ['a list of a player', 'list.pls', `[playlist]\nFile1=${url}/1.mp4\n`, 'unknown'],
    ['a link', 'clip.url', `[InternetShortcut]\nURL=${url}/\n`, 'unknown'],
    [
      'a drawing with a link',
      'draw.svg',
      `<svg xmlns="http://www.w3.org/2000/svg"><image href="${url}/"/></svg>`,
      'type',
    ],
    [
      'an MP4 with a playlist in it',
      'both.mp4',
      Buffer.concat([box('ftyp', Buffer.from('isom')), Buffer.from(hls)]),
      'broken',
    ],
    ['Matroska with a playlist in it', 'both.mkv', Buffer.concat([ebml, Buffer.from(hls)]), 'broken'],
    ['AVI with a playlist in it', 'both.avi', `RIFF\0\0\0\0AVI ${hls}`, 'broken'],
    [
      'frames at an address',
      'far.mov',
      handmade({ brand: 'qt  ', reference: box('url ', words(0), Buffer.from(`${url}/far\0`)) }),
      'external',
    ],
    ['nothing', 'nothing.mp4', '', 'unknown'],
    ['a program', 'clip.mp4', Buffer.concat([Buffer.from('\x7fELF'), Buffer.alloc(99)]), 'unknown'],
    [
      'a GIF of 7070 pixels a side',
      'bomb.gif',
      Buffer.from('GIF89a\x9e\x1b\x9e\x1b\xf0\0\0\0\0\0\xff\xff\xff,', 'latin1'),
      'heavy',
    ],
  ];
  return lists.map(([what, name, bytes, end]) => ({ what, name, bytes: Buffer.from(bytes), end }));
}

/** Clips that no one needs ffmpeg to make. */
export function handmadeClips(url: string): OddClip[] {
  const wrong = boxed.map(([what, options, end]) => ({
    what,
    name: 'clip.mp4',
    bytes: handmade(options),
    end,
  }));
  return [...wrong, ...leading(url)];
}

/** Small files that once went wrong, where they are there. */
const cases = {
  'duration-unknown.mp4': 'pixels',
  'fragmented.mp4': 'pixels',
  'yuv444-moov-last.mp4': 'pixels',
  'small-file-large-canvas.gif': 'heavy',
} as const;

async function caseClips(): Promise<OddClip[]> {
  const found = Object.entries(cases).map(async ([name, end]) => {
    const path = new URL(`../../../shared/cases/${name}`, import.meta.url);
    const bytes = await readFile(path).catch(() => undefined);
    return bytes ? [{ what: `the case ${name}`, name, bytes, end }] : [];
  });
  return (await Promise.all(found)).flat();
}

/** Some eighty clips; those of ffmpeg's are made in `folder`. */
export async function oddClips(folder: string, url: string): Promise<OddClip[]> {
  const fromFfmpeg = await madeClips(folder);
  return [...fromFfmpeg, ...(await spoiltClips(folder)), ...(await caseClips()), ...handmadeClips(url)];
}
