import { open } from 'node:fs/promises';
import { type Box, boxesIn, findBox, type Place, readBody, walkFile } from '../formats/mp4-boxes.js';
import { readEdits } from './mp4-edits.js';
import { type Picture, readPicture, turnOf } from './mp4-picture.js';
import { ContradictionError, readSamples, readSoundTimes } from './sample-table.js';

/** What the boxes of an MP4 or a QuickTime film say of it. */
export interface Mp4Header {
  readonly picture: Picture | undefined;
  readonly rotation: 0 | 90 | 180 | 270;
  /** Of the picture, seconds: as long as it is shown; undefined for one in fragments. */
  readonly seconds: number | undefined;
  readonly samples: number;
  readonly isSteady: boolean;
  /** Sample entries of its sound (`mp4a`). */
  readonly sounds: readonly Buffer[];
  readonly soundTypes: readonly string[];
  /** Of its first sound, seconds: what a decoder gives beyond that is padding. */
  readonly soundSeconds: number | undefined;
  /** Of the whole presentation, as its header says; undefined if it does not. */
  readonly saidSeconds: number | undefined;
  readonly isFragmented: boolean;
  /** The header comes before the samples. */
  readonly isHeaderFirst: boolean;
  /** Its edit list does more than skip what a decoder needs to begin with. */
  readonly isEdited: boolean;
  /** Its pictures, or a track of it, are in another file. */
  readonly isExternal: boolean;
}

/** Longest header that is read, bytes, and boxes of it at one level: a clip of seconds has some kilobytes. */
const limits = { movie: 16_000_000, boxes: 2_000, tracks: 32 } as const;

/**
 * Reads an MP4's header; nothing in it is trusted before it fits into the file.
 * @param bytes of the file
 * @throws ContradictionError if it is damaged, cut off or contradicts itself
 */
export async function readMp4Header(path: string, bytes: number): Promise<Mp4Header> {
  const file = await open(path);
  try {
    const places = await walkFile(file);
    const movie = places.find(({ type }) => type === 'moov');
    if (!movie) throw new ContradictionError('no header');
    for (const place of places)
      if (isNeeded(place) && place.at + place.length > bytes)
        throw new ContradictionError(`${place.type} is cut off`);
    if (movie.length > limits.movie) throw new ContradictionError(`a header of ${movie.length} bytes`);
    return headerOf(await readBody(file, movie), places, bytes);
  } catch (error) {
    // Reading past the end of a box.
    if (error instanceof RangeError) throw new ContradictionError('a box is too short', { cause: error });
    throw error;
  } finally {
    await file.close();
  }
}

const isNeeded = ({ type }: Place) => type === 'moov' || type === 'mdat' || type === 'moof';

function headerOf(moov: Buffer, places: readonly Place[], bytes: number): Mp4Header {
  const boxes = boxesIn(moov, limits.boxes + 1);
  if (boxes.length > limits.boxes) throw new ContradictionError('too many boxes');
  // Compressed headers unfold to any size.
  if (boxes.some(({ type }) => type === 'cmov')) throw new ContradictionError('a compressed header');
  const tracks = boxes.filter(({ type }) => type === 'trak').map(({ body }) => body);
  if (tracks.length > limits.tracks) throw new ContradictionError('too many tracks');
  const movie = timesOf(findBox(moov, 'mvhd'));
  if (!movie) throw new ContradictionError('no times');
  const isFragmented =
    boxes.some(({ type }) => type === 'mvex') || places.some(({ type }) => type === 'moof');
  const isExternal = boxes.some(({ type }) => type === 'rmra') || tracks.some(leadsElsewhere);
  const pictures = tracks.filter((track) => handlerOf(track) === 'vide');
  const sounds = tracks.filter((track) => handlerOf(track) === 'soun');
  const shown = pictures.find((track) => !isCover(track));
  const isWhole = !isFragmented && !isExternal;
  const moving = shown && isWhole ? movingOf(shown, movie.timescale, bytes) : unknownMotion;
  const soundLengths = isWhole ? sounds.map((track) => soundLength(track, movie.timescale, bytes)) : [];
  const samples = places.find(({ type }) => type === 'mdat');
  const header = places.find(({ type }) => type === 'moov');
  return {
    picture: shown && readPicture(entriesOf(shown)[0]),
    rotation: shown ? turnOf(findBox(shown, 'tkhd')) : 0,
    ...moving,
    sounds: sounds.flatMap((track) => entriesOf(track).map(({ body }) => body)),
    soundTypes: sounds.flatMap((track) => entriesOf(track).map(({ type }) => type)),
    soundSeconds: soundLengths[0],
    saidSeconds: isSaid(movie) ? movie.length / movie.timescale : undefined,
    isFragmented,
    isHeaderFirst: !samples || !header || header.at < samples.at,
    isExternal,
  };
}

type Motion = Pick<Mp4Header, 'seconds' | 'samples' | 'isSteady' | 'isEdited'>;
const unknownMotion: Motion = { seconds: undefined, samples: 0, isSteady: true, isEdited: false };

function movingOf(track: Buffer, movieScale: number, bytes: number): Motion {
  const media = timesOf(findBox(track, 'mdia', 'mdhd'));
  if (!media) throw new ContradictionError('no times of a track');
  const { samples, length, isSteady, end } = readSamples(tablesOf(track));
  if (end > bytes) throw new ContradictionError(`samples up to ${end} in ${bytes} bytes`);
  const edits = readEdits(findBox(track, 'edts', 'elst'), movieScale, media.timescale, length);
  return { seconds: edits.seconds, samples, isSteady, isEdited: edits.isEdited };
}

function soundLength(track: Buffer, movieScale: number, bytes: number): number | undefined {
  const { length, end } = readSoundTimes(tablesOf(track));
  if (end > bytes) throw new ContradictionError('sound is cut off');
  const media = timesOf(findBox(track, 'mdia', 'mdhd'));
  return media && readEdits(findBox(track, 'edts', 'elst'), movieScale, media.timescale, length).seconds;
}

function tablesOf(track: Buffer): Buffer {
  const tables = findBox(track, 'mdia', 'minf', 'stbl');
  if (!tables) throw new ContradictionError('no tables');
  return tables;
}

function handlerOf(track: Buffer): string | undefined {
  return findBox(track, 'mdia', 'hdlr')?.toString('latin1', 8, 12);
}

function entriesOf(track: Buffer): Box[] {
  const description = findBox(track, 'mdia', 'minf', 'stbl', 'stsd');
  return description ? boxesIn(description.subarray(8), 8) : [];
}

/** A picture of its own beside sound: the cover of a song. */
function isCover(track: Buffer): boolean {
  const type = entriesOf(track)[0]?.type;
  const sizes = findBox(track, 'mdia', 'minf', 'stbl', 'stsz');
  return (type === 'jpeg' || type === 'png ') && (sizes?.readUInt32BE(8) ?? 0) <= 1;
}

/** `dref`: entries without flag 1 name another file or an address (ISO/IEC 14496-12, 8.7.2). */
function leadsElsewhere(track: Buffer): boolean {
  const references = findBox(track, 'mdia', 'minf', 'dinf', 'dref');
  if (!references) return false;
  return boxesIn(references.subarray(8), 64).some(
    ({ body }) => body.length < 4 || (body.readUInt32BE(0) & 1) === 0,
  );
}

interface Times {
  readonly timescale: number;
  readonly length: number;
  readonly isLong: boolean;
}

/** `mvhd` and `mdhd` begin alike: version, two times, a timescale, a length. @throws ContradictionError */
function timesOf(box: Buffer | undefined): Times | undefined {
  if (!box) return undefined;
  const isLong = box.readUInt8(0) === 1;
  const timescale = box.readUInt32BE(isLong ? 20 : 12);
  if (timescale === 0) throw new ContradictionError('a timescale of 0');
  const length = isLong ? Number(box.readBigUInt64BE(24)) : box.readUInt32BE(16);
  return { timescale, length, isLong };
}

/** All ones mean unknown (8.2.2.3), 0 that the fragments say it. */
function isSaid({ length, isLong }: Times): boolean {
  return length > 0 && length < (isLong ? 2 ** 64 - 2048 : 0xffff_ffff);
}
