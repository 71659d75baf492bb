import type { FileHandle } from 'node:fs/promises';
import { crc32, inflateSync } from 'node:zlib';
import { aiGenerated, dateOf, mostMetadata, type Notes } from './provenance-notes.js';
import type { Splice } from './splice.js';

/** Behind the signature and IHDR, which is always 13 bytes long (PNG, 11.2.1). */
const afterHeader = 8 + 25;
/** Chunks with text of more bytes are not ours. */
const maxText = 1_000_000;

/** Puts the notes in `iTXt` chunks, by the usual keywords (PNG, 11.3.3). */
export function notePng(notes: Notes): Splice[] {
  const { model, prompt, taskId, label } = notes;
  const texts: [string, string | undefined][] = [
    ['Software', model],
    ['Creation Time', dateOf(notes) || undefined],
    ['Comment', model === undefined ? undefined : aiGenerated],
    ['Description', prompt],
    ['Source', taskId],
    ['AIGC', label],
  ];
  const chunks = texts.flatMap(([key, text]) => (text === undefined ? [] : [textChunk(key, text)]));
  return [{ at: afterHeader, remove: 0, insert: Buffer.concat(chunks) }];
}

/** Keyword, not compressed, no language, no keyword in it, text in UTF-8. */
function textChunk(keyword: string, text: string): Buffer {
  const data = Buffer.concat([Buffer.from(`${keyword}\0\0\0\0\0`, 'latin1'), Buffer.from(text)]);
  const chunk = Buffer.alloc(data.length + 12);
  chunk.writeUInt32BE(data.length);
  chunk.write('iTXt', 4, 'latin1');
  data.copy(chunk, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, -4)), chunk.length - 4);
  return chunk;
}

/** More chunks are no image: each of a large one has some kilobytes. */
const maxChunks = 100_000;

/** All that a PNG says in words, EXIF included; what is beyond any sensible number or length is left out. */
export async function readPng(file: FileHandle): Promise<string> {
  const { size } = await file.stat();
  const found: string[] = [];
  let [chunks, room] = [0, mostMetadata];
  for (let at = 8; at + 12 <= size && chunks++ < maxChunks; ) {
    const head = (await file.read(Buffer.alloc(8), 0, 8, at)).buffer;
    const [length, type] = [head.readUInt32BE(0), head.toString('latin1', 4, 8)];
    if (/^(tEXt|[iz]TXt|eXIf)$/.test(type) && length <= Math.min(maxText, room)) {
      const { buffer } = await file.read(Buffer.alloc(length), 0, length, at + 8);
      const isPacked = isPackedText(type, buffer);
      const text = isPacked ? unpacked(buffer) : buffer.toString('utf8');
      // Unpacking takes time, whether it comes to anything or not.
      room -= isPacked ? maxText : length;
      found.push(text);
    }
    at += length + 12;
  }
  return found.join('\n');
}

function isPackedText(type: string, data: Buffer): boolean {
  return type === 'zTXt' || (type === 'iTXt' && data[data.indexOf(0) + 1] === 1);
}

/** Compressed text begins somewhere behind the keyword; zlib says by itself whether it does. */
function unpacked(data: Buffer): string {
  for (let at = data.indexOf(0) + 1; at < Math.min(data.length, 200); at++) {
    if (!beginsZlib(data, at)) continue;
    try {
      return inflateSync(data.subarray(at), { maxOutputLength: maxText }).toString('utf8');
    } catch {}
  }
  return '';
}

/** Its method and a check (RFC 1950, 2.2): who packs little text names a small window, so that it is not always `x`. */
function beginsZlib(data: Buffer, at: number): boolean {
  return at + 2 <= data.length && ((data[at] ?? 0) & 0x0f) === 8 && data.readUInt16BE(at) % 31 === 0;
}
