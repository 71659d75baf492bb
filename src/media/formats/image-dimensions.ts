/** An image's size as its first bytes declare it. */
export interface Canvas {
  readonly format: 'png' | 'gif' | 'webp';
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

/**
 * The size that a PNG, GIF or WebP declares in its first 30 bytes, read without any library: libvips takes memory for a
 * whole canvas while it only opens some of them. Undefined for other files.
 * (PNG 11.2.1; GIF89a, section 18; WebP container specification, "Extended File Format", "Simple File Format".)
 */
export function canvasOf(head: Uint8Array): Canvas | undefined {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.length);
  if (bytes.length < 30) return undefined;
  const ascii = (from: number, to: number) => bytes.toString('latin1', from, to);
  if (ascii(1, 4) === 'PNG' && ascii(12, 16) === 'IHDR')
    return { format: 'png', width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
  if (/^GIF8[79]a$/.test(ascii(0, 6)))
    return { format: 'gif', width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) };
  if (ascii(0, 4) !== 'RIFF' || ascii(8, 12) !== 'WEBP') return undefined;
  const size = webpSize(ascii(12, 16), bytes);
  return size && { format: 'webp', ...size };
}

function webpSize(type: string, bytes: Buffer): { width: number; height: number } | undefined {
  if (type === 'VP8X') return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
  if (type === 'VP8 ')
    return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
  if (type !== 'VP8L') return undefined;
  const bits = bytes.readUInt32LE(21);
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}
