/** What the boxes of an MP4 or MOV say of the clip in it (ISO/IEC 14496-12). */
export interface ClipFile {
  /** `h264`, `hevc`, or what else its sample entry is called; undefined without a picture. */
  readonly codec: string | undefined;
  /** Pixels, before it is turned. */
  readonly width: number;
  readonly height: number;
  /** Of its picture; undefined if its header does not say. */
  readonly seconds: number | undefined;
  readonly hasSound: boolean;
  /** What the facts do not say MPS reads: in fragments, of unknown length, colours at full resolution. */
  readonly oddities: readonly string[];
}

type Boxes = readonly { readonly type: string; readonly body: Buffer }[];

const codecs: Readonly<Record<string, string>> = {
  avc1: 'h264',
  avc3: 'h264',
  hvc1: 'hevc',
  hev1: 'hevc',
};
/** H.264 profiles with 4:2:0 and 8 bits. */
const everyday = [66, 77, 88, 100];

/** Reads a clip's boxes; a sentence if it is none, or is damaged. */
export function readClipFile(file: Buffer): ClipFile | string {
  try {
    return read(file);
  } catch (error) {
    return error instanceof RangeError || error instanceof Damage ? 'input video is damaged' : String(error);
  }
}

class Damage extends Error {
  override readonly name = 'Damage';
}

function read(file: Buffer): ClipFile | string {
  const top = boxes(file);
  if (!['ftyp', 'moov', 'mdat', 'wide', 'free'].includes(top[0]?.type ?? ''))
    return 'input video is no video';
  const movie = only(top, 'moov');
  const inside = boxes(movie);
  const tracks = inside.filter(({ type }) => type === 'trak').map(({ body }) => boxes(body));
  const shown = tracks.find((track) => kindOf(track) === 'vide');
  const hasSound = tracks.some((track) => kindOf(track) === 'soun');
  if (!shown) return 'input video has no video stream';
  const isInFragments = inside.some(({ type }) => type === 'mvex');
  const tables = boxes(down(shown, 'mdia', 'minf', 'stbl'));
  if (!isInFragments) checkSamples(tables, file.length);
  const entry = boxes(only(tables, 'stsd').subarray(8))[0];
  if (!entry) throw new Damage('no sample entry');
  const unknown = saysNothing(only(inside, 'mvhd'));
  const profile = entry.type.startsWith('avc')
    ? boxes(entry.body.subarray(78)).find(isConfig)?.body[1]
    : undefined;
  return {
    codec: codecs[entry.type] ?? entry.type,
    width: entry.body.readUInt16BE(24),
    height: entry.body.readUInt16BE(26),
    seconds: isInFragments ? undefined : lengthOf(tables, down(shown, 'mdia', 'mdhd')),
    hasSound,
    oddities: [
      ...(isInFragments ? ['fragments'] : []),
      ...(unknown && !isInFragments ? ['unknown duration'] : []),
      ...(profile !== undefined && !everyday.includes(profile) ? ['pixel format'] : []),
    ],
  };
}

const isConfig = ({ type }: { readonly type: string }) => type === 'avcC';

/** All boxes side by side; one that claims more than there is, is damage. */
function boxes(bytes: Buffer): Boxes {
  const found: { type: string; body: Buffer }[] = [];
  for (let at = 0; at + 8 <= bytes.length; ) {
    const short = bytes.readUInt32BE(at);
    const head = short === 1 ? 16 : 8;
    const length =
      short === 1 ? Number(bytes.readBigUInt64BE(at + 8)) : short === 0 ? bytes.length - at : short;
    if (length < head || at + length > bytes.length) throw new Damage('a box is cut off');
    found.push({
      type: bytes.toString('latin1', at + 4, at + 8),
      body: bytes.subarray(at + head, at + length),
    });
    at += length;
  }
  return found;
}

function only(among: Boxes, type: string): Buffer {
  const found = among.find((box) => box.type === type);
  if (!found) throw new Damage(`no ${type}`);
  return found.body;
}

function down(among: Boxes, ...path: readonly string[]): Buffer {
  const [type = '', ...rest] = path;
  const body = only(among, type);
  return rest.length === 0 ? body : down(boxes(body), ...rest);
}

function kindOf(track: Boxes): string {
  return down(track, 'mdia', 'hdlr').toString('latin1', 8, 12);
}

/** Where each chunk begins has to be in the file, and there have to be samples. */
function checkSamples(tables: Boxes, length: number): void {
  const sizes = only(tables, 'stsz');
  if (sizes.readUInt32BE(8) === 0) throw new Damage('no samples');
  const isShort = tables.some(({ type }) => type === 'stco');
  const chunks = only(tables, isShort ? 'stco' : 'co64');
  for (let index = 0; index < chunks.readUInt32BE(4); index++) {
    const at = isShort ? chunks.readUInt32BE(8 + 4 * index) : Number(chunks.readBigUInt64BE(8 + 8 * index));
    if (at >= length) throw new Damage('a chunk is beyond the end');
  }
}

function lengthOf(tables: Boxes, mdhd: Buffer): number {
  const times = only(tables, 'stts');
  let units = 0;
  for (let index = 0; index < times.readUInt32BE(4); index++)
    units += times.readUInt32BE(8 + 8 * index) * times.readUInt32BE(12 + 8 * index);
  return units / mdhd.readUInt32BE(mdhd[0] === 1 ? 20 : 12);
}

/** A length of all ones, or none. */
function saysNothing(mvhd: Buffer): boolean {
  const length = mvhd[0] === 1 ? mvhd.readUInt32BE(28) : mvhd.readUInt32BE(16);
  return length === 0 || length === 0xffffffff;
}
