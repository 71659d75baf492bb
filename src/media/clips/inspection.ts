import type { LocalFile } from '../files.js';
import { canvasOf } from '../formats/image-dimensions.js';
import { nameOf, sniff } from '../formats/magic-bytes.js';
import { headOf } from '../http/download.js';
import { isAacEntry } from '../resize/inline-playback.js';
import { clipTypes, containerOf } from './clip-container.js';
import {
  type ClipContainer,
  type ClipFlaw,
  type ClipHeader,
  ClipRefusedError,
  type ClipRule,
  type ClipVerdict,
} from './clip-types.js';
import { type Mp4Header, readMp4Header } from './mp4-header.js';
import { h264, hevc } from './mp4-picture.js';
import { ContradictionError } from './sample-table.js';

type File = Pick<LocalFile, 'path' | 'bytes'>;

/** By how much a clip may be longer than the longest, seconds: "10 s" are 10.04, sound ends with a whole block. */
export const grace = 0.25;
/** Seconds by which a header may be off from its own tracks. */
const tolerated = 0.5;
/** Flaws that MPS may well not mind: without ffmpeg such a clip goes there as it is. */
const harmless: ReadonlySet<ClipFlaw> = new Set(['header', 'rotation', 'frameRate', 'sound', 'edits']);

/** Judges a clip by its bytes. @throws an Error of the disk */
export async function inspectClip(file: File, rule: ClipRule): Promise<ClipVerdict> {
  const head = file.bytes > 0 ? await headOf(file.path) : new Uint8Array();
  const container = containerOf(head);
  if (!container) return foreign(head);
  if (container !== 'mp4' && container !== 'quicktime') return unread(container, head);
  try {
    return judge(await readMp4Header(file.path, file.bytes), { container, bytes: file.bytes, rule });
  } catch (error) {
    if (!(error instanceof ContradictionError)) throw error;
    return { kind: 'refuse', refusal: 'broken', params: {} };
  }
}

/**
 * A clip's header whatever a model accepts, for ffmpeg to go by; of a result, too.
 * @throws ClipRefusedError
 */
export async function headerForFfmpeg(file: File): Promise<ClipHeader> {
  const verdict = await inspectClip(file, anyClip);
  if (verdict.kind === 'refuse') throw new ClipRefusedError(verdict.refusal, verdict.params);
  return verdict.header;
}

const anyClip: ClipRule = {
  ...{ maxBytes: Number.POSITIVE_INFINITY, minSide: 1, maxSide: 16_384 },
  ...{ minSeconds: 0, maxSeconds: Number.POSITIVE_INFINITY },
};

function foreign(head: Uint8Array): ClipVerdict {
  const found = sniff(head)?.replace(/^.*\//, '') ?? nameOf(head) ?? '';
  if (found === '') return { kind: 'refuse', refusal: 'unknown', params: { allowed: clipTypes } };
  return { kind: 'refuse', refusal: 'type', params: { found, allowed: clipTypes } };
}

/** What is in it, only ffmpeg tells; MPS takes none of these. */
function unread(container: ClipContainer, head: Uint8Array): ClipVerdict {
  const canvas = container === 'gif' ? canvasOf(head) : undefined;
  const { width = 0, height = 0 } = canvas ?? {};
  const header: ClipHeader = {
    ...{ container, codec: undefined, seconds: undefined, width, height },
    ...{ rate: 0, rotation: 0, hasSound: false },
  };
  return { kind: 'convert', header, flaws: ['container', 'codec'], isNeeded: true };
}

interface Beside {
  readonly container: ClipContainer;
  readonly bytes: number;
  readonly rule: ClipRule;
}

function judge(found: Mp4Header, { container, bytes, rule }: Beside): ClipVerdict {
  if (found.isExternal) return { kind: 'refuse', refusal: 'external', params: {} };
  const { picture, seconds } = found;
  if (!picture || (found.samples === 0 && !found.isFragmented)) {
    const refusal = !picture && found.soundTypes.length > 0 ? 'pictureless' : 'broken';
    return { kind: 'refuse', refusal, params: {} };
  }
  const header = headerOf(found, container);
  const refused = sidesRefused(header, rule) ?? lengthRefused(seconds, rule);
  if (refused) return refused;
  const flaws = flawsOf(found, { container, bytes, rule });
  if (flaws.length === 0) return { kind: 'fits', header };
  return { kind: 'convert', header, flaws, isNeeded: !flaws.every((flaw) => harmless.has(flaw)) };
}

function headerOf(found: Mp4Header, container: ClipContainer): ClipHeader {
  const { picture, seconds, samples, rotation, soundTypes, soundSeconds } = found;
  const { width = 0, height = 0, codec } = picture ?? {};
  const isOnSide = rotation === 90 || rotation === 270;
  return {
    ...{ container, codec, seconds, rotation },
    ...(isOnSide ? { width: height, height: width } : { width, height }),
    rate: seconds ? samples / seconds : 0,
    hasSound: soundTypes.length > 0,
    ...(soundSeconds !== undefined && { soundSeconds }),
  };
}

/** Too short or too long a clip; one whose length is not known yet is none. */
export function lengthRefused(seconds: number | undefined, rule: ClipRule): ClipVerdict | undefined {
  if (seconds === undefined) return undefined;
  const said = Math.round(seconds * 10) / 10;
  if (seconds < rule.minSeconds - grace || seconds === 0)
    return { kind: 'refuse', refusal: 'short', params: { seconds: said, min: rule.minSeconds } };
  if (seconds > rule.maxSeconds + grace)
    return { kind: 'refuse', refusal: 'long', params: { seconds: said, max: rule.maxSeconds } };
  return undefined;
}

/** Too few pixels, or a shape that can't be scaled to what is allowed. */
export function sidesRefused(
  { width, height }: Pick<ClipHeader, 'width' | 'height'>,
  { minSide: min, maxSide: max }: ClipRule,
): ClipVerdict | undefined {
  const scale = Math.min(1, max / Math.max(width, height));
  if (Math.min(width, height) * scale >= min) return undefined;
  return { kind: 'refuse', refusal: 'pixels', params: { width, height, min, max } };
}

function flawsOf(found: Mp4Header, { bytes, rule }: Beside): ClipFlaw[] {
  const { picture, seconds, saidSeconds, soundTypes, sounds } = found;
  const codec = picture?.codec ?? '';
  const isCoded = h264.has(codec) || hevc.has(codec);
  const isPlainSound = soundTypes.every(
    (type, at) => type === 'mp4a' && isAacEntry(sounds[at] ?? Buffer.alloc(0)),
  );
  const isOff = saidSeconds === undefined || Math.abs(saidSeconds - (seconds ?? 0)) > tolerated;
  const flaws: [ClipFlaw, boolean][] = [
    ['header', !found.isHeaderFirst],
    ['fragments', found.isFragmented],
    ['length', isOff && !found.isFragmented],
    ['codec', !isCoded],
    ['chroma', isCoded && picture?.isPlain !== true],
    ['rotation', found.rotation !== 0],
    ['frameRate', !found.isSteady],
    ['sound', !isPlainSound || soundTypes.length > 1],
    ['pixels', Math.max(picture?.width ?? 0, picture?.height ?? 0) > rule.maxSide],
    ['bytes', bytes > rule.maxBytes],
    ['edits', found.isEdited],
  ];
  return flaws.flatMap(([flaw, isThere]) => (isThere ? [flaw] : []));
}
