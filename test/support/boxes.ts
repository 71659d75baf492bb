/** A box of an MP4 with what is in it. */
export function box(type: string, ...bodies: readonly Buffer[]): Buffer {
  const body = Buffer.concat(bodies);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + body.length);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, body]);
}

/** Numbers of 32 bits, one after another. */
export function words(...numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * numbers.length);
  for (const [index, number] of numbers.entries()) bytes.writeUInt32BE(number >>> 0, 4 * index);
  return bytes;
}

export interface Handmade {
  /** Sample entry of the picture. @default avc1 */
  readonly codec?: string;
  /** H.264 profile. @default 100, High */
  readonly profile?: number;
  readonly width?: number;
  readonly height?: number;
  /** Frames, and what each lasts: units of 1/600 s. @default 120 frames of 25 (5 s) */
  readonly times?: readonly (readonly [count: number, delta: number])[];
  /** Bytes of each frame. */
  readonly frameBytes?: number;
  /** What the header says of its length, in units of 1/600 s. */
  readonly said?: number;
  /** `a b` of the matrix: 1 0 is upright. */
  readonly turn?: readonly [number, number];
  /** Edits: length, from, rate (16.16). */
  readonly edits?: readonly (readonly [number, number, number])[];
  readonly isHeaderLast?: boolean;
  readonly brand?: string;
  readonly handler?: string;
  /** Body of the entry in `dref`. @default one that says: in this file */
  readonly reference?: Buffer;
  /** Bytes that are missing at the end. */
  readonly cutOff?: number;
  /** In place of tables of the track; undefined: without that one. */
  readonly tables?: Readonly<Record<string, Buffer | undefined>>;
  /** In the header besides. */
  readonly extra?: readonly Buffer[];
}

const upright = [1, 0] as const;
const fixed = 0x10000;

/** An MP4 that is right in its boxes, but for what is asked to be wrong; its frames are noughts. */
export function handmade(options: Handmade = {}): Buffer {
  const { brand = 'isom', isHeaderLast = false, cutOff = 0, frameBytes = 100, times = [[120, 25]] } = options;
  const frames = times.reduce((total, [count]) => total + count, 0);
  const ftyp = box('ftyp', Buffer.from(brand), words(512), Buffer.from(brand));
  const mdat = box('mdat', Buffer.alloc(frames * frameBytes));
  const length = header(options, 0).length;
  const at = ftyp.length + 8 + (isHeaderLast ? 0 : length);
  const moov = header(options, at);
  const file = Buffer.concat(isHeaderLast ? [ftyp, mdat, moov] : [ftyp, moov, mdat]);
  return file.subarray(0, file.length - cutOff);
}

function header(options: Handmade, samplesAt: number): Buffer {
  const { times = [[120, 25]], extra = [] } = options;
  const length = times.reduce((total, [count, delta]) => total + count * delta, 0);
  const { said = length } = options;
  const mvhd = box('mvhd', words(0, 0, 0, 600, said, fixed), Buffer.alloc(76));
  return box('moov', mvhd, track(options, length, samplesAt), ...extra);
}

function track(options: Handmade, length: number, samplesAt: number): Buffer {
  const { turn: [a, b] = upright, edits, width = 640, height = 360, handler = 'vide' } = options;
  const matrix = words(a * fixed, b * fixed, 0, -b * fixed, a * fixed, 0, 0, 0, 0x40000000);
  const tkhd = box(
    'tkhd',
    words(3, 0, 0, 1, 0, length),
    Buffer.alloc(16),
    matrix,
    words(width * fixed, height * fixed),
  );
  const elst = edits && box('edts', box('elst', words(0, edits.length, ...edits.flat())));
  const mdhd = box('mdhd', words(0, 0, 0, 600, length, 0));
  const hdlr = box('hdlr', words(0, 0), Buffer.from(handler), Buffer.alloc(13));
  const reference = options.reference ?? box('url ', words(1));
  const dinf = box('dinf', box('dref', words(0, 1), reference));
  const minf = box('minf', box('vmhd', words(1, 0, 0)), dinf, box('stbl', ...tables(options, samplesAt)));
  return box('trak', tkhd, ...(elst ? [elst] : []), box('mdia', mdhd, hdlr, minf));
}

function tables(options: Handmade, samplesAt: number): Buffer[] {
  const { times = [[120, 25]], frameBytes = 100, tables: others = {} } = options;
  const frames = times.reduce((total, [count]) => total + count, 0);
  const usual: Record<string, Buffer> = {
    stsd: Buffer.concat([words(0, 1), entry(options)]),
    stts: words(0, times.length, ...times.flat()),
    stsc: words(0, 1, 1, frames, 1),
    stsz: words(0, frameBytes, frames),
    stco: words(0, 1, samplesAt),
  };
  return Object.entries({ ...usual, ...others }).flatMap(([type, body]) => (body ? [box(type, body)] : []));
}

function entry({ codec = 'avc1', profile = 100, width = 640, height = 360 }: Handmade): Buffer {
  const fields = Buffer.alloc(78);
  fields.writeUInt16BE(1, 6);
  fields.writeUInt16BE(width, 24);
  fields.writeUInt16BE(height, 26);
  const config = box('avcC', Buffer.from([1, profile, 0, 31, 0xff, 0xe0, 0]));
  return box(codec, fields, ...(codec === 'avc1' ? [config] : []));
}
