import { open } from 'node:fs/promises';
import { canvasOf } from './image-dimensions.js';
import { readClip } from './mp4-info.js';

/** Pixels. */
export interface PixelSize {
  readonly width: number;
  readonly height: number;
}

/** The header of an image lies within so many bytes, unless its metadata is unusually long. */
const headBytes = 128 * 1024;

/** The size that a file's own header declares; undefined if that can't be told. Never throws. */
export async function pixelSizeOf(path: string, type: string): Promise<PixelSize | undefined> {
  try {
    const size = type.startsWith('video/') ? await readClip(path) : imageSizeOf(await headOf(path));
    return size && size.width > 0 && size.height > 0 ? { width: size.width, height: size.height } : undefined;
  } catch {
    return undefined;
  }
}

async function headOf(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** The same of an image's first bytes; undefined if its header is longer, or can't be read. */
export function pixelSizeIn(head: Buffer): PixelSize | undefined {
  try {
    const size = imageSizeOf(head);
    return size && size.width > 0 && size.height > 0 ? { width: size.width, height: size.height } : undefined;
  } catch {
    return undefined;
  }
}

function imageSizeOf(head: Buffer): PixelSize | undefined {
  return head.readUInt16BE(0) === 0xffd8 ? frameOf(head) : canvasOf(head);
}

/** A JPEG's first frame header (ITU-T T.81, B.2.2): the markers C0 to CF, but for three that are none. */
function frameOf(head: Buffer): PixelSize | undefined {
  for (let at = 2; at + 9 <= head.length && head[at] === 0xff; at += 2 + head.readUInt16BE(at + 2)) {
    const marker = head[at + 1] ?? 0;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { height: head.readUInt16BE(at + 5), width: head.readUInt16BE(at + 7) };
  }
  return undefined;
}
