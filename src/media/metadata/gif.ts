import type { FileHandle } from 'node:fs/promises';
import { mostMetadata } from './provenance-notes.js';

/** Read at once, bytes: sub-blocks are short, and images have thousands. */
const windowLength = 65_536;
/** Longest text of an extension that is read, bytes. */
const maxText = 1_000_000;
/** First bytes of blocks, and the kinds of extensions (GIF89a, Appendix A). */
const block = { extension: 0x21, picture: 0x2c } as const;
const extension = { comment: 0xfe, application: 0xff } as const;
/** An application's name and its code: what follows is no sub-blocks (XMP specification, part 3, "GIF"). */
const xmpMark = 'XMP DataXMP';

/** More sub-blocks are no image: each has up to 255 bytes, and is looked at one by one. */
const maxBlocks = 2_000_000;

type Read = (at: number, length: number) => Promise<Buffer>;

function createReader(file: FileHandle): Read {
  let [start, window] = [0, Buffer.alloc(0)];
  return async (at, length) => {
    if (at < start || at + length > start + window.length) {
      const wanted = Math.max(length, windowLength);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(wanted), 0, wanted, at);
      [start, window] = [at, buffer.subarray(0, bytesRead)];
    }
    return window.subarray(at - start, at - start + length);
  };
}

/** Bytes of a table of colours, by the byte of flags that announces it. */
const tableLength = (flags = 0) => (flags & 0x80 ? 3 << ((flags & 7) + 1) : 0);

/** The places of sub-blocks' data from `at` on, and where they end. */
async function subBlocks(read: Read, at: number) {
  const places: { readonly at: number; readonly length: number }[] = [];
  let end = at;
  for (;;) {
    const [length = 0] = places.length < maxBlocks ? await read(end, 1) : [];
    if (length === 0) return { places, end: end + 1 };
    places.push({ at: end + 1, length });
    end += 1 + length;
  }
}

/** All that a GIF says in words: comments, and XMP. */
export async function readGif(file: FileHandle): Promise<string> {
  const read = createReader(file);
  const found: string[] = [];
  let room = mostMetadata;
  for (let at = 13 + tableLength((await read(10, 1))[0]); ; ) {
    const head = await read(at, 10);
    if (head[0] === block.picture) {
      // A code size comes before the pixels.
      at = (await subBlocks(read, at + 11 + tableLength(head[9]))).end;
    } else if (head[0] === block.extension) {
      const { places, end } = await subBlocks(read, at + 2);
      const text = end - at <= room ? await textIn(read, head[1] ?? 0, places, end) : '';
      room -= text.length;
      found.push(text);
      at = end;
    } else return found.join('\n');
  }
}

async function textIn(
  read: Read,
  kind: number,
  places: readonly { readonly at: number; readonly length: number }[],
  end: number,
): Promise<string> {
  const [first] = places;
  if (!first || end - first.at > maxText) return '';
  const parts = await Promise.all(places.map(({ at, length }) => read(at, length)));
  if (kind === extension.comment) return Buffer.concat(parts).toString('utf8');
  if (kind !== extension.application || parts[0]?.toString('latin1') !== xmpMark) return '';
  const from = first.at + first.length;
  return (await read(from, end - from)).toString('utf8');
}
