import { type Box, boxesIn, findBox, readMovie } from './boxes.js';

/** What an MP4's own header tells (ISO/IEC 14496-12). */
export interface ClipFacts {
  /** Length of the presentation, seconds. */
  readonly seconds: number;
  readonly hasSound: boolean;
  /** Of its picture, pixels and frames a second; 0 where the header does not tell. */
  readonly width: number;
  readonly height: number;
  readonly rate: number;
}

/** Reads the header of the clip at `path`; undefined for a file whose header cannot be understood. */
export async function readClip(path: string): Promise<ClipFacts | undefined> {
  try {
    const moov = (await readMovie(path))?.body;
    const movie = moov && findBox(moov, 'mvhd');
    const seconds = movie && lengthOf(movie);
    if (!moov || seconds === undefined) return undefined;
    const tracks = boxesIn(moov).filter(({ type }) => type === 'trak');
    const picture = tracks.find((track) => handlerOf(track) === 'vide');
    const hasSound = tracks.some((track) => handlerOf(track) === 'soun');
    return { seconds, hasSound, ...sizeOf(picture), rate: framesOf(picture) / seconds };
  } catch {
    return undefined;
  }
}

/** `mvhd`: version and flags, two times, a timescale and a length in its units; 64-bit times in version 1. */
function lengthOf(mvhd: Buffer): number | undefined {
  const isLong = mvhd.readUInt8(0) === 1;
  const timescale = mvhd.readUInt32BE(isLong ? 20 : 12);
  const units = isLong ? Number(mvhd.readBigUInt64BE(24)) : mvhd.readUInt32BE(16);
  const seconds = units / timescale;
  return Number.isFinite(seconds) && seconds > 0 ? seconds : undefined;
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

/** `stsz` counts the samples after version, flags and a size. */
function framesOf(track: Box | undefined): number {
  const sizes = track && findBox(track.body, 'mdia', 'minf', 'stbl', 'stsz');
  return sizes && sizes.length >= 12 ? sizes.readUInt32BE(8) : 0;
}
