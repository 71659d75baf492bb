import { open } from 'node:fs/promises';
import type { LocalFile } from '../files.js';
import { boxesIn, findBox, readMovie, walkFile } from '../formats/mp4-boxes.js';

/**
 * What keeps a video from playing inside every Discord client: nothing; only that its header comes last; its
 * container; or its codec or pixel format. Discord notes: MP4 with H.264 (yuv420p, 8 bit, High or below), AAC, `moov`
 * before `mdat`.
 */
export type Obstacle = 'none' | 'header' | 'container' | 'encoding';

/** H.264 profiles that are 4:2:0 with 8 bits and that phones decode: Baseline, Main, High (ISO/IEC 14496-10, Annex A). */
const profiles: ReadonlySet<number> = new Set([66, 77, 100]);
/** AAC among the object types (mp4ra.org). */
const aac: ReadonlySet<number> = new Set([0x40, 0x66, 0x67, 0x68]);
/** Fixed bytes of a sample entry before its boxes (ISO/IEC 14496-12, 12.1.3, 12.2.3). */
const entryHead = { vide: 78, soun: 28 } as const;

/**
 * Judges a video by its bytes; one that cannot be understood is left alone. Never throws for what is in the file.
 */
export async function obstacleIn({ path, type }: LocalFile): Promise<Obstacle> {
  if (type === 'video/webm') return 'encoding';
  if (type !== 'video/mp4' && type !== 'video/quicktime') return 'none';
  const movie = await readMovie(path).catch(() => undefined);
  if (!movie) return 'none';
  const tracks = boxesIn(movie.body).filter((box) => box.type === 'trak');
  if (!tracks.every(({ body }) => playsEverywhere(body))) return 'encoding';
  if (type === 'video/quicktime') return 'container';
  return (await comesFirst(path, movie.at)) ? 'none' : 'header';
}

async function comesFirst(path: string, at: number): Promise<boolean> {
  const file = await open(path);
  try {
    const samples = (await walkFile(file)).find(({ type }) => type === 'mdat');
    return samples === undefined || at < samples.at;
  } finally {
    await file.close();
  }
}

/** Tracks of other kinds (time codes, subtitles) keep nothing from playing. */
function playsEverywhere(track: Buffer): boolean {
  const handler = findBox(track, 'mdia', 'hdlr')?.toString('latin1', 8, 12);
  const description = findBox(track, 'mdia', 'minf', 'stbl', 'stsd');
  if (!description || (handler !== 'vide' && handler !== 'soun')) return true;
  return boxesIn(description.subarray(8)).every(({ type, body }) => {
    if (handler === 'soun') return type === 'mp4a' && isAacEntry(body);
    return (type === 'avc1' || type === 'avc3') && isPlainH264(body.subarray(entryHead.vide));
  });
}

/** `avcC`: a version, then the profile (ISO/IEC 14496-15, 5.3.3.1). */
function isPlainH264(inside: Buffer): boolean {
  const profile = findBox(inside, 'avcC')?.[1];
  return profile === undefined || profiles.has(profile);
}

/** Whether a sample entry of the type `mp4a` is AAC. */
export function isAacEntry(body: Buffer): boolean {
  return isAac(body.subarray(entryHead.soun));
}

/** `esds`: descriptors in each other, of which one with tag 4 names the object type (ISO/IEC 14496-1, 7.2.6). */
function isAac(inside: Buffer): boolean {
  const descriptors = findBox(inside, 'esds')?.subarray(4);
  const elementary = descriptors && contentOf(descriptors, 3);
  // An id of two bytes and flags; those that announce more are not used in files.
  const config = elementary && contentOf(elementary.subarray(3), 4);
  const objectType = config?.[0];
  return objectType === undefined || aac.has(objectType);
}

/** What is in a descriptor: a tag, a length of up to four bytes with seven bits each, content. */
function contentOf(bytes: Buffer, tag: number): Buffer | undefined {
  if (bytes[0] !== tag) return undefined;
  let at = 1;
  while (at < 5 && ((bytes[at] ?? 0) & 0x80) !== 0) at++;
  return bytes.subarray(at + 1);
}
