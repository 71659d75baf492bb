import { type FileHandle, open } from 'node:fs/promises';

/** What an MP4's own header tells (ISO/IEC 14496-12). */
export interface ClipFacts {
  /** Length of the presentation, seconds. */
  readonly seconds: number;
  readonly hasSound: boolean;
}

/** Longest `moov` that is read, bytes: a clip of seconds has some kilobytes of it. */
const maxHeader = 16_000_000;

/** Reads the header of the clip at `path`; undefined for a file whose header cannot be understood. */
export async function readClip(path: string): Promise<ClipFacts | undefined> {
  const file = await open(path);
  try {
    const moov = await findHeader(file);
    const movie = moov && findBox(moov, 'mvhd');
    const seconds = movie && lengthOf(movie);
    if (!moov || seconds === undefined) return undefined;
    const tracks = boxesIn(moov).filter(({ type }) => type === 'trak');
    return { seconds, hasSound: tracks.some(({ body }) => isSound(body)) };
  } catch {
    return undefined;
  } finally {
    await file.close();
  }
}

/** The body of the `moov` box, wherever in the file it is. */
async function findHeader(file: FileHandle): Promise<Buffer | undefined> {
  const { size } = await file.stat();
  for (let at = 0; at + 8 <= size; ) {
    const { buffer: head, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, at);
    const box = readHead(head.subarray(0, bytesRead), size - at);
    if (!box || box.length < box.headLength) return undefined;
    if (box.type === 'moov') {
      const length = box.length - box.headLength;
      if (length > maxHeader) return undefined;
      return (await file.read(Buffer.alloc(length), 0, length, at + box.headLength)).buffer;
    }
    at += box.length;
  }
  return undefined;
}

/** A box's type and length in bytes; a length of 0 reaches to the end, 1 stands for one of 64 bits. */
function readHead(head: Buffer, rest: number) {
  if (head.length < 8) return undefined;
  const short = head.readUInt32BE(0);
  const type = head.toString('latin1', 4, 8);
  if (short !== 1) return { type, headLength: 8, length: short === 0 ? rest : short };
  return head.length < 16 ? undefined : { type, headLength: 16, length: Number(head.readBigUInt64BE(8)) };
}

function boxesIn(body: Buffer): { type: string; body: Buffer }[] {
  const boxes: { type: string; body: Buffer }[] = [];
  for (let at = 0; at + 8 <= body.length; ) {
    const box = readHead(body.subarray(at, at + 16), body.length - at);
    if (!box || box.length < box.headLength) break;
    boxes.push({ type: box.type, body: body.subarray(at + box.headLength, at + box.length) });
    at += box.length;
  }
  return boxes;
}

function findBox(body: Buffer, ...path: readonly string[]): Buffer | undefined {
  return path.reduce<Buffer | undefined>(
    (inside, type) => inside && boxesIn(inside).find((box) => box.type === type)?.body,
    body,
  );
}

/** `mvhd`: version and flags, two times, a timescale and a length in its units; 64-bit times in version 1. */
function lengthOf(mvhd: Buffer): number | undefined {
  const isLong = mvhd.readUInt8(0) === 1;
  const timescale = mvhd.readUInt32BE(isLong ? 20 : 12);
  const units = isLong ? Number(mvhd.readBigUInt64BE(24)) : mvhd.readUInt32BE(16);
  const seconds = units / timescale;
  return Number.isFinite(seconds) && seconds > 0 ? seconds : undefined;
}

/** `hdlr` says what a track is made of after 8 bytes: `soun`. */
function isSound(track: Buffer): boolean {
  return findBox(track, 'mdia', 'hdlr')?.toString('latin1', 8, 12) === 'soun';
}
