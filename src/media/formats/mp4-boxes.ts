import { type FileHandle, open } from 'node:fs/promises';

/** A box of an MP4 (ISO/IEC 14496-12, 4.2), with what is in it. */
export interface Box {
  readonly type: string;
  readonly body: Buffer;
}

/** A box in a file: where it begins, and its bytes with its head. */
export interface Place {
  readonly type: string;
  readonly at: number;
  readonly length: number;
  readonly headLength: number;
  /** It says that it reaches to the end of the file: whatever is appended belongs to it. */
  readonly isOpen: boolean;
}

/** Longest `moov` that is read, bytes: a video of seconds has some kilobytes of it. */
const maxHeader = 16_000_000;
/** More boxes side by side are no video of ours: a fragmented one has some per second. */
const maxBoxes = 10_000;

/** The boxes of a file, in order; those after one that cannot be understood are left out. */
export async function walkFile(file: FileHandle): Promise<Place[]> {
  const { size } = await file.stat();
  const places: Place[] = [];
  for (let at = 0; at + 8 <= size && places.length < maxBoxes; ) {
    const { buffer: head, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, at);
    const box = readHead(head.subarray(0, bytesRead), size - at);
    if (!box || box.length < box.headLength) break;
    places.push({ ...box, at });
    at += box.length;
  }
  return places;
}

/** The `moov` box of the file at `path`, wherever in it it is; undefined if there is none of sensible length. */
export async function readMovie(path: string): Promise<(Box & Place) | undefined> {
  const file = await open(path);
  try {
    const place = (await walkFile(file)).find(({ type }) => type === 'moov');
    return place && place.length <= maxHeader ? { ...place, body: await readBody(file, place) } : undefined;
  } finally {
    await file.close();
  }
}

/** What is in a box of a file. */
export async function readBody(file: FileHandle, { at, length, headLength }: Place): Promise<Buffer> {
  const body = Buffer.alloc(length - headLength);
  const { bytesRead } = await file.read(body, 0, body.length, at + headLength);
  return body.subarray(0, bytesRead);
}

/** A box's type and length in bytes; a length of 0 reaches to the end, 1 stands for one of 64 bits. */
function readHead(head: Buffer, rest: number) {
  if (head.length < 8) return undefined;
  const short = head.readUInt32BE(0);
  const type = head.toString('latin1', 4, 8);
  const isOpen = short === 0;
  if (short !== 1) return { type, headLength: 8, length: isOpen ? rest : short, isOpen };
  if (head.length < 16) return undefined;
  return { type, headLength: 16, length: Number(head.readBigUInt64BE(8)), isOpen };
}

/** @param most boxes that are read: a hostile header is a million empty ones */
export function boxesIn(body: Buffer, most = Number.POSITIVE_INFINITY): Box[] {
  const boxes: Box[] = [];
  for (let at = 0; at + 8 <= body.length && boxes.length < most; ) {
    const box = readHead(body.subarray(at, at + 16), body.length - at);
    if (!box || box.length < box.headLength) break;
    boxes.push({ type: box.type, body: body.subarray(at + box.headLength, at + box.length) });
    at += box.length;
  }
  return boxes;
}

/** What is in the first box at the end of a path of types. */
export function findBox(body: Buffer, ...path: readonly string[]): Buffer | undefined {
  return path.reduce<Buffer | undefined>(
    (inside, type) => inside && boxesIn(inside).find((box) => box.type === type)?.body,
    body,
  );
}

/** A box as bytes. */
export function toBytes({ type, body }: Box): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(head.length + body.length);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, body]);
}
