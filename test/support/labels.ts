import { type Box, boxesIn, toBytes } from '../../src/media/formats/mp4-boxes.js';
import { chunk, pngMagic } from './images.js';

/** As MPS may label its results (GB 45438-2025). */
export const label = '{"Label":"1","ContentProducer":"腾讯 & Co","ProduceID":"x-1"}';

/** An XMP packet that bears a label. */
export function xmpOf(text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  return [
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">',
    '<rdf:Description rdf:about="" xmlns:TC260="http://www.tc260.org.cn/ns/AIGC/1.0/">',
    `<TC260:AIGC>${escaped}</TC260:AIGC></rdf:Description></rdf:RDF></x:xmpmeta>`,
  ].join('');
}

/** A PNG with one more chunk behind its header. */
export function pngText(png: Buffer, type: string, data: string | Buffer): Buffer {
  const at = pngMagic.length + 25;
  return Buffer.concat([png.subarray(0, at), chunk(type, Buffer.from(data)), png.subarray(at)]);
}

/** A JPEG with a comment. */
export function jpegComment(jpeg: Buffer, text: string): Buffer {
  const words = Buffer.from(text);
  const head = Buffer.from([0xff, 0xfe, 0, 0]);
  head.writeUInt16BE(words.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, words, jpeg.subarray(2)]);
}

/** A GIF with a comment at its end, in sub-blocks so short that any text is cut by them (GIF89a, section 24). */
export function gifComment(gif: Buffer, text: string): Buffer {
  const words = Buffer.from(text);
  const parts: Buffer[] = [Buffer.from([0x21, 0xfe])];
  for (let at = 0; at < words.length; at += 20) {
    const part = words.subarray(at, at + 20);
    parts.push(Buffer.from([part.length]), part);
  }
  return Buffer.concat([gif.subarray(0, -1), ...parts, Buffer.from([0, 0x3b])]);
}

/** A GIF with XMP as Adobe puts it there: not in sub-blocks, but before a tail that leads every reader to its end. */
export function gifXmp(gif: Buffer, packet: string): Buffer {
  const head = Buffer.concat([Buffer.from([0x21, 0xff, 11]), Buffer.from('XMP DataXMP')]);
  const tail = Buffer.from([1, ...Array.from({ length: 256 }, (_, at) => 255 - at), 0]);
  return Buffer.concat([gif.subarray(0, -1), head, Buffer.from(packet), tail, Buffer.from([0x3b])]);
}

/** Beside a clip's header, in it, in that of its first track. */
export type Level = 'file' | 'moov' | 'trak';
export type BoxKind = 'udta' | 'meta' | 'uuid';

/** A clip (its header must be its last box) with a label at a place. */
export function inClip(clip: Buffer, level: Level, kind: BoxKind, text = label): Buffer {
  const box = boxOf(kind, text);
  if (level === 'file') return Buffer.concat([clip, toBytes(box)]);
  const boxes = boxesIn(clip);
  const movie = boxes.at(-1);
  if (movie?.type !== 'moov') throw new Error('The header is not the last box.');
  const inside = boxesIn(movie.body).filter(({ type }) => type !== 'udta');
  const body = Buffer.concat(
    (level === 'moov' ? [...inside, box] : withFirstTrack(inside, box)).map(toBytes),
  );
  return Buffer.concat([...boxes.slice(0, -1), { type: 'moov', body }].map(toBytes));
}

function withFirstTrack(boxes: readonly Box[], added: Box): Box[] {
  const first = boxes.findIndex(({ type }) => type === 'trak');
  return boxes.map((box, at) =>
    at === first ? { type: 'trak', body: Buffer.concat([box.body, toBytes(added)]) } : box,
  );
}

/** XMP's own id, for boxes of that type (XMP specification, part 3, "MPEG-4"). */
const xmpId = Buffer.from('be7acfcb97a942e89c71999491e3afac', 'hex');

function boxOf(kind: BoxKind, text: string): Box {
  if (kind === 'uuid') return { type: kind, body: Buffer.concat([xmpId, Buffer.from(xmpOf(text))]) };
  if (kind === 'udta') return { type: kind, body: toBytes({ type: 'AIGC', body: Buffer.from(text) }) };
  // Version and flags, then the metadata's handler (ISO/IEC 14496-12, 8.11.1 and 8.4.3).
  const handler = Buffer.concat([Buffer.alloc(8), Buffer.from('mdta'), Buffer.alloc(13)]);
  const inside = [
    { type: 'hdlr', body: handler },
    { type: 'ilst', body: Buffer.from(text) },
  ];
  return { type: kind, body: Buffer.concat([Buffer.alloc(4), ...inside.map(toBytes)]) };
}
