import { readFile } from 'node:fs/promises';
import type { LocalFile } from '../files.js';
import type { MediaType } from '../formats/magic-bytes.js';
import { readMp4Header } from './mp4-header.js';
import { ContradictionError } from './sample-table.js';

/** What a sound is by its own bytes. */
export interface SoundFacts {
  readonly type: Extract<MediaType, `audio/${string}`>;
  readonly seconds: number;
}

/**
 * Looks at a small sound: MP3, WAV, M4A or AAC. No other program opens it.
 * @returns undefined for anything else, and for one that is damaged from its beginning
 * @throws an Error of the disk
 */
export async function inspectSound({ path, bytes }: Pick<LocalFile, 'path' | 'bytes'>) {
  const file = await readFile(path);
  return ofWave(file) ?? (await ofMp4(path, bytes, file)) ?? ofFrames(file);
}

/** RIFF (EBU Tech 3285): chunks with a name and a length; `fmt ` says how many bytes a second has, `data` holds them. */
function ofWave(file: Buffer): SoundFacts | undefined {
  if (file.toString('latin1', 0, 4) !== 'RIFF' || file.toString('latin1', 8, 12) !== 'WAVE') return undefined;
  let rate = 0;
  for (let at = 12; at + 8 <= file.length; ) {
    const [name, length] = [file.toString('latin1', at, at + 4), file.readUInt32LE(at + 4)];
    if (name === 'fmt ' && at + 20 <= file.length) rate = file.readUInt32LE(at + 16);
    // Who writes while recording can't know the length yet: the rest of the file counts.
    if (name === 'data' && rate > 0)
      return { type: 'audio/wav', seconds: Math.min(length, file.length - at - 8) / rate };
    at += 8 + length + (length % 2);
  }
  return undefined;
}

/** An MP4 without a picture. */
async function ofMp4(path: string, bytes: number, file: Buffer): Promise<SoundFacts | undefined> {
  if (file.toString('latin1', 4, 8) !== 'ftyp') return undefined;
  try {
    const { picture, soundTypes, soundSeconds, isExternal } = await readMp4Header(path, bytes);
    if (picture || isExternal || !soundTypes.includes('mp4a') || soundSeconds === undefined) return undefined;
    return { type: 'audio/mp4', seconds: soundSeconds };
  } catch (error) {
    if (error instanceof ContradictionError) return undefined;
    throw error;
  }
}

interface Frame {
  readonly bytes: number;
  readonly seconds: number;
}

/** Frames in a row that make a sound; a picture may begin like one by chance. */
const leastFrames = 4;

/** MP3 and AAC are frames one after another, behind and before tags. */
function ofFrames(file: Buffer): SoundFacts | undefined {
  const begin = afterTag(file);
  for (const [type, frameAt] of [
    ['audio/aac', adtsFrame],
    ['audio/mpeg', mp3Frame],
  ] as const) {
    let [at, frames, seconds] = [begin, 0, 0];
    for (let frame = frameAt(file, at); frame; frame = frameAt(file, at)) {
      if (at + frame.bytes > file.length) break;
      frames += 1;
      seconds += frame.seconds;
      at += frame.bytes;
    }
    if (frames >= leastFrames) return { type, seconds };
  }
  return undefined;
}

/** Behind an ID3v2 tag (id3.org, 3.1), whose length has seven bits a byte, and what fills up behind it. */
function afterTag(file: Buffer): number {
  if (file.toString('latin1', 0, 3) !== 'ID3' || file.length < 10) return 0;
  let at = 10 + [6, 7, 8, 9].reduce((sum, index) => sum * 128 + ((file[index] ?? 0) & 0x7f), 0);
  while (at < file.length && file[at] === 0) at += 1;
  return at;
}

/** Samples a second by index (ISO/IEC 14496-3, 1.6.3.4). */
const adtsRates = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000,
];

/** ISO/IEC 14496-3, 1.A.2.2: twelve bits of sync, layer 0, and a length of 13 bits. */
function adtsFrame(file: Buffer, at: number): Frame | undefined {
  if (at + 7 > file.length || file[at] !== 0xff || ((file[at + 1] ?? 0) & 0xf6) !== 0xf0) return undefined;
  const rate = adtsRates[((file[at + 2] ?? 0) >> 2) & 0xf];
  const bytes = (file.readUIntBE(at + 3, 3) >> 5) & 0x1fff;
  return rate === undefined || bytes < 8 ? undefined : { bytes, seconds: 1024 / rate };
}

/** Kilobits a second of layer III by index: MPEG-1, then MPEG-2 and 2.5 (ISO/IEC 11172-3, 2.4.2.3). */
const mp3Bits = [
  [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
] as const;
/** Samples a second of MPEG-1; half of it in MPEG-2, a quarter in 2.5. */
const mp3Rates = [44_100, 48_000, 32_000];

function mp3Frame(file: Buffer, at: number): Frame | undefined {
  if (at + 4 > file.length || file[at] !== 0xff) return undefined;
  const [second = 0, third = 0] = [file[at + 1], file[at + 2]];
  const version = (second >> 3) & 3;
  const isLayer3 = (second & 0xe6) === 0xe2 && version !== 1;
  const kilobits = mp3Bits[version === 3 ? 0 : 1][third >> 4];
  const full = mp3Rates[(third >> 2) & 3];
  if (!isLayer3 || !kilobits || full === undefined) return undefined;
  const rate = full / (version === 3 ? 1 : version === 2 ? 2 : 4);
  const samples = version === 3 ? 1152 : 576;
  const bytes = Math.floor((samples / 8) * ((kilobits * 1000) / rate)) + ((third >> 1) & 1);
  return { bytes, seconds: samples / rate };
}
