import type { FileHandle } from 'node:fs/promises';
import { mostMetadata, type Notes } from './provenance-notes.js';
import type { Splice } from './splice.js';
import { writeXmp } from './xmp.js';

/** How a segment with XMP begins (XMP specification, part 3, 1.1.3). */
const xmpMark = Buffer.from('http://ns.adobe.com/xap/1.0/\0', 'latin1');
/** Longest data of a segment, its length field included (ITU-T T.81, B.1.1.4). */
const maxSegment = 0xffff;

interface Segment {
  /** Second byte of its marker. */
  readonly marker: number;
  readonly at: number;
  readonly data: Buffer;
}

/** The segments before the image, as far as there can sensibly be any. */
async function segmentsOf(file: FileHandle): Promise<Segment[]> {
  const segments: Segment[] = [];
  for (let at = 2; at < mostMetadata; ) {
    const head = (await file.read(Buffer.alloc(4), 0, 4, at)).buffer;
    const [start, marker = 0, length] = [head[0], head[1], head.readUInt16BE(2)];
    if (start !== 0xff || marker === 0xda || marker === 0xd9 || length < 2) return segments;
    const { buffer: data } = await file.read(Buffer.alloc(length - 2), 0, length - 2, at + 4);
    segments.push({ marker, at, data });
    at += 2 + length;
  }
  return segments;
}

const isXmp = ({ marker, data }: Segment) =>
  marker === 0xe1 && data.subarray(0, xmpMark.length).equals(xmpMark);

/** Puts the notes into the file's XMP, or next to it if it has none; undefined if there is no room. */
export async function noteJpeg(file: FileHandle, notes: Notes): Promise<Splice[] | undefined> {
  const segments = await segmentsOf(file);
  const own = segments.find(isXmp);
  const packet = writeXmp(notes, own?.data.toString('utf8', xmpMark.length));
  const data = Buffer.concat([xmpMark, Buffer.from(packet)]);
  if (data.length + 2 > maxSegment) return undefined;
  const insert = Buffer.concat([Buffer.from([0xff, 0xe1, 0, 0]), data]);
  insert.writeUInt16BE(data.length + 2, 2);
  if (own) return [{ at: own.at, remove: own.data.length + 4, insert }];
  // JFIF and EXIF come first, as readers expect.
  const first = segments.find(({ marker }) => marker !== 0xe0 && marker !== 0xe1);
  return [{ at: first?.at ?? 2, remove: 0, insert }];
}

/** All that a JPEG says in words. */
export async function readJpeg(file: FileHandle): Promise<string> {
  const said = (await segmentsOf(file)).filter(({ marker }) => (marker & 0xf0) === 0xe0 || marker === 0xfe);
  return said.map(({ data }) => data.toString('utf8')).join('\n');
}
