import { type Box, boxesIn, findBox, readMovie } from './mp4-boxes.js';

/** What an MP4's own header tells (ISO/IEC 14496-12). */
export interface ClipFacts {
  /** Length of the presentation, seconds; undefined if the header does not say, or says what no video has. */
  readonly seconds: number | undefined;
  readonly hasSound: boolean;
  /** Of its image, pixels and frames a second; 0 if the header does not say. */
  readonly width: number;
  readonly height: number;
  readonly rate: number;
}

/**
 * Longest video there is, seconds: the models make some ten. A header that says more counts as one that does not say.
 */
const longest = 3_600;

/** Reads the header of the video at `path`; undefined for a file whose header cannot be understood. */
export async function readClip(path: string): Promise<ClipFacts | undefined> {
  try {
    const moov = (await readMovie(path))?.body;
    const movie = moov && findBox(moov, 'mvhd');
    if (!moov || !movie) return undefined;
    const seconds = lengthOf(movie);
    const tracks = boxesIn(moov).filter(({ type }) => type === 'trak');
    const picture = tracks.find((track) => handlerOf(track) === 'vide');
    const hasSound = tracks.some((track) => handlerOf(track) === 'soun');
    return { seconds, hasSound, ...sizeOf(picture), rate: seconds ? framesOf(picture) / seconds : 0 };
  } catch {
    return undefined;
  }
}

/**
 * `mvhd`: version and flags, two times, a timescale and a length in its units; 64-bit times in version 1. A length of all
 * ones means that it is unknown (8.2.2.3), one of 0 that it stands with the fragments (8.8.2).
 */
function lengthOf(mvhd: Buffer): number | undefined {
  const isLong = mvhd.readUInt8(0) === 1;
  const timescale = mvhd.readUInt32BE(isLong ? 20 : 12);
  const units = isLong ? Number(mvhd.readBigUInt64BE(24)) : mvhd.readUInt32BE(16);
  const seconds = units / timescale;
  return seconds > 0 && seconds <= longest ? seconds : undefined;
}

/** `hdlr` says what a track is made of after 8 bytes: `soun`, `vide`. */
function handlerOf({ body }: Box): string | undefined {
  return findBox(body, 'mdia', 'hdlr')?.toString('latin1', 8, 12);
}

/** The last of `tkhd`: width and height as it is shown, 16.16. */
function sizeOf(track: Box | undefined): { width: number; height: number } {
  const header = track && findBox(track.body, 'tkhd');
  if (!header || header.length < 8) return { width: 0, height: 0 };
  const at = header.length - 8;
  return { width: header.readUInt32BE(at) >>> 16, height: header.readUInt32BE(at + 4) >>> 16 };
}

/** `stsz` counts the samples after version, flags and a size; `stz2` likewise. */
function framesOf(track: Box | undefined): number {
  const table = track && findBox(track.body, 'mdia', 'minf', 'stbl');
  const sizes = table && (findBox(table, 'stsz') ?? findBox(table, 'stz2'));
  return sizes && sizes.length >= 12 ? sizes.readUInt32BE(8) : 0;
}
