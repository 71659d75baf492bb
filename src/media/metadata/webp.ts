import type { FileHandle } from 'node:fs/promises';
import { mostMetadata, type Notes } from './provenance-notes.js';
import type { Splice } from './splice.js';
import { writeXmp } from './xmp.js';

/** Bits of the first byte of `VP8X` (WebP container specification, "Extended File Format"). */
const flag = { xmp: 0x04, alpha: 0x10 } as const;
const maxText = 1_000_000;
/** More chunks are no image: a moving one has one for each frame. */
const maxChunks = 100_000;

interface Chunk {
  readonly type: string;
  readonly at: number;
  /** Of its data, without head and padding. */
  readonly length: number;
}

async function chunksOf(file: FileHandle): Promise<Chunk[]> {
  const { size } = await file.stat();
  const chunks: Chunk[] = [];
  for (let at = 12; at + 8 <= size && chunks.length < maxChunks; ) {
    const head = (await file.read(Buffer.alloc(8), 0, 8, at)).buffer;
    const length = head.readUInt32LE(4);
    chunks.push({ type: head.toString('latin1', 0, 4), at, length });
    at += 8 + length + (length % 2);
  }
  return chunks;
}

async function dataOf(file: FileHandle, { at, length }: Chunk, most = maxText): Promise<Buffer> {
  const wanted = Math.min(length, most);
  return (await file.read(Buffer.alloc(wanted), 0, wanted, at + 8)).buffer;
}

function chunk(type: string, data: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.write(type, 'latin1');
  head.writeUInt32LE(data.length, 4);
  return Buffer.concat([head, data, Buffer.alloc(data.length % 2)]);
}

/** Puts the notes into the file's XMP; a simple file is made an extended one for it. Undefined for what is none. */
export async function noteWebp(file: FileHandle, notes: Notes): Promise<Splice[] | undefined> {
  const { size } = await file.stat();
  const chunks = await chunksOf(file);
  const own = chunks.find(({ type }) => type === 'XMP ');
  const packet = writeXmp(notes, own && (await dataOf(file, own)).toString('utf8'));
  const insert = chunk('XMP ', Buffer.from(packet));
  const removed = own ? Math.min(8 + own.length + (own.length % 2), size - own.at) : 0;
  const header = await extendedHeader(file, chunks);
  if (!header) return undefined;
  const last = { at: own?.at ?? size, remove: removed, insert };
  const grown = size + header.insert.length - header.remove + insert.length - removed;
  const length = Buffer.alloc(4);
  length.writeUInt32LE(grown - 8);
  return [{ at: 4, remove: 4, insert: length }, header, last];
}

/** `VP8X` with the flag for XMP: the file's own, or one made from the size of its image. */
async function extendedHeader(file: FileHandle, [first]: readonly Chunk[]): Promise<Splice | undefined> {
  if (!first) return undefined;
  const data = await dataOf(file, first, 10);
  if (first.type === 'VP8X') {
    data.writeUInt8((data[0] ?? 0) | flag.xmp);
    return { at: first.at + 8, remove: 10, insert: data };
  }
  const size = sizeIn(first.type, data);
  if (!size) return undefined;
  const header = Buffer.alloc(10);
  header.writeUInt8(flag.xmp | (size.alpha ? flag.alpha : 0));
  header.writeUIntLE(size.width - 1, 4, 3);
  header.writeUIntLE(size.height - 1, 7, 3);
  return { at: first.at, remove: 0, insert: chunk('VP8X', header) };
}

/** The size in a simple file's image (RFC 6386, 9.1; WebP lossless specification, 3). */
function sizeIn(type: string, data: Buffer) {
  if (type === 'VP8 ' && data.length >= 10)
    return { width: data.readUInt16LE(6) & 0x3fff, height: data.readUInt16LE(8) & 0x3fff, alpha: false };
  if (type !== 'VP8L' || data.length < 5) return undefined;
  const bits = data.readUInt32LE(1);
  const alpha = ((bits >>> 28) & 1) === 1;
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1, alpha };
}

/** All that a WebP says in words. */
export async function readWebp(file: FileHandle): Promise<string> {
  const said = (await chunksOf(file)).filter(({ type }) => type === 'XMP ' || type === 'EXIF');
  const data = await Promise.all(said.slice(0, mostMetadata / maxText).map((one) => dataOf(file, one)));
  return data.map((one) => one.toString('utf8')).join('\n');
}
