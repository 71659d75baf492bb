import { type Box, boxesIn, findBox } from '../formats/mp4-boxes.js';

/** What a sample entry says of a video track. */
export interface Picture {
  /** Of the sample entry: `avc1`. */
  readonly codec: string;
  /** Pixels, before it is turned. */
  readonly width: number;
  readonly height: number;
  /** 4:2:0 with 8 bits; undefined if the entry does not say. */
  readonly isPlain: boolean | undefined;
}

/** H.264 and HEVC by their sample entries (ISO/IEC 14496-15). */
export const h264: ReadonlySet<string> = new Set(['avc1', 'avc3']);
export const hevc: ReadonlySet<string> = new Set(['hvc1', 'hev1']);

/** Fixed bytes of a visual sample entry before its boxes (ISO/IEC 14496-12, 12.1.3). */
const entryHead = 78;
/** H.264 profiles that are 4:2:0 with 8 bits: Baseline, Main, Extended, High (ISO/IEC 14496-10, Annex A). */
const plainProfiles: ReadonlySet<number> = new Set([66, 77, 88, 100]);

export function readPicture(entry: Box | undefined): Picture | undefined {
  if (!entry || entry.body.length < entryHead) return undefined;
  const { type: codec, body } = entry;
  const inside = body.subarray(entryHead);
  return {
    codec,
    width: body.readUInt16BE(24),
    height: body.readUInt16BE(26),
    isPlain: h264.has(codec) ? isPlainH264(inside) : hevc.has(codec) ? isPlainHevc(inside) : undefined,
  };
}

/** `avcC`: a version, then the profile (ISO/IEC 14496-15, 5.3.3.1). */
function isPlainH264(inside: Buffer): boolean | undefined {
  const profile = boxIn(inside, 'avcC')?.[1];
  return profile === undefined ? undefined : plainProfiles.has(profile);
}

/** `hvcC`: chroma format and bit depth in the low bits of bytes 16 and 17 (ISO/IEC 14496-15, 8.3.3.1). */
function isPlainHevc(inside: Buffer): boolean | undefined {
  const config = boxIn(inside, 'hvcC');
  if (!config || config.length < 18) return undefined;
  // Ten bits, as of a phone's HDR, are as common as eight.
  return ((config[16] ?? 0) & 3) === 1 && ((config[17] ?? 0) & 7) <= 2;
}

function boxIn(inside: Buffer, type: string): Buffer | undefined {
  return boxesIn(inside, 64).find((box) => box.type === type)?.body ?? findBox(inside, type);
}

/**
 * `tkhd` turns a picture by a matrix of 16.16 numbers (ISO/IEC 14496-12, 6.2.2, 8.3.2); what it does besides quarter
 * turns counts as none.
 */
export function turnOf(tkhd: Buffer | undefined): 0 | 90 | 180 | 270 {
  if (!tkhd) return 0;
  const at = tkhd.readUInt8(0) === 1 ? 52 : 40;
  if (tkhd.length < at + 20) return 0;
  const [a, b] = [tkhd.readInt32BE(at), tkhd.readInt32BE(at + 4)];
  if (a === 0 && b > 0) return 90;
  if (a === 0 && b < 0) return 270;
  return a < 0 ? 180 : 0;
}
