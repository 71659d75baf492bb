import { stat } from 'node:fs/promises';
import { minute } from '../../util/time.js';
import type { LocalFile } from '../files.js';
import { memoryFor } from '../resize/fit-clip.js';
import { type FoundClip, type ReaderDeps, readingMemory, readWithFfmpeg } from './clip-reader.js';
import {
  type ClipFlaw,
  type ClipHeader,
  ClipRefusedError,
  type ClipRule,
  type FitClip,
} from './clip-types.js';
import { clipInput } from './ffmpeg-input.js';
import { type ConversionDeps, writeClip } from './ffmpeg-output.js';
import { inspectClip, lengthRefused, sidesRefused } from './inspection.js';

interface Order {
  readonly header: ClipHeader;
  readonly flaws: readonly ClipFlaw[];
  readonly rule: ClipRule;
  /** Seconds that the user agreed to cut it to. */
  readonly cutTo?: number | undefined;
  readonly signal: AbortSignal;
}

type File = Pick<LocalFile, 'path' | 'bytes'>;

/** How much the encoder thinks: users wait for it. */
export function clipPreset(pixels: number): 'superfast' | 'veryfast' {
  return pixels > 2_500_000 ? 'superfast' : 'veryfast';
}

/** What a new container repairs; everything else takes new frames. */
const repackable: ReadonlySet<ClipFlaw> = new Set(['container', 'header', 'fragments']);
/** Longest side of a clip that is encoded, pixels: the models make no more than 4K. */
const longestSide = 3840;
/** Frame rates that cameras and players know; others go to the nearest. */
const rates = [
  '10',
  '12',
  '15',
  '24000/1001',
  '24',
  '25',
  '30000/1001',
  '30',
  '48',
  '50',
  '60000/1001',
  '60',
];
const usualRate = '30';
/** Time for one clip; processor time in seconds. */
const times = { timeoutMs: 3 * minute, cpuSeconds: 170 } as const;
const soundRate = 192_000;
/** Bits a second of a picture: more no one sees, and fewer are not worth looking at. */
const mostBits = 40e6;
const leastBits = 300_000;

/**
 * A copy of a clip that MPS accepts: repacked if that is enough, else encoded as H.264 and AAC, upright, at a constant
 * frame rate.
 * @throws ClipRefusedError; the signal's reason
 */
export async function convertClip(file: File, asked: Order, deps: ConversionDeps): Promise<FitClip> {
  const { maxBytes, maxMadeBytes = maxBytes } = asked.rule;
  const order = { ...asked, rule: { ...asked.rule, maxBytes: Math.min(maxBytes, maxMadeBytes) } };
  const isRepackable = order.cutTo === undefined && order.flaws.every((flaw) => repackable.has(flaw));
  const repacked = isRepackable ? await repack(file, order, deps) : undefined;
  return repacked ?? encode(file, order, deps);
}

/** @returns undefined if the copy is not accepted either */
async function repack(file: File, order: Order, deps: ConversionDeps): Promise<FitClip | undefined> {
  const args = [
    ...clipInput(file.path, order.header.container),
    '-map',
    '0:v:0',
    '-map',
    '0:a:0?',
    '-c',
    'copy',
  ];
  try {
    return await made(args, memoryFor.itself, order, deps);
  } catch (error) {
    order.signal.throwIfAborted();
    if (!(error instanceof ClipRefusedError) || error.refusal === 'long' || error.refusal === 'short')
      throw error;
    return undefined;
  }
}

async function encode(file: File, order: Order, deps: ConversionDeps): Promise<FitClip> {
  const { header, rule, cutTo, signal } = order;
  const { container } = header;
  const declared = header.width * header.height;
  const found = await readWithFfmpeg(file, { container, pixels: declared, what: 'header' }, signal, deps);
  const maxSide = Math.min(longestSide, rule.maxSide);
  const maxSeconds = cutTo === undefined ? rule.maxSeconds : Number.POSITIVE_INFINITY;
  const refused =
    sidesRefused(found, { ...rule, maxSide }) ??
    lengthRefused(header.seconds ?? found.seconds, { ...rule, maxSeconds });
  if (refused?.kind === 'refuse') throw new ClipRefusedError(refused.refusal, refused.params);
  const plan = planOf(found, maxSide, order);
  const madePixels = plan.width * plan.height;
  const bytes =
    readingMemory(found.width * found.height, deps.largest) + madePixels * memoryFor[clipPreset(madePixels)];
  if (bytes > deps.largest) throw new ClipRefusedError('heavy');
  return made([...clipInput(file.path, container), ...encoding(plan)], bytes, order, deps);
}

interface Plan {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly rate: string;
  /** It is cut there. */
  readonly seconds: number;
  /** Of the picture, a second at most. */
  readonly bits: number;
  readonly hasSound: boolean;
}

function planOf(found: FoundClip, maxSide: number, { header, rule, cutTo }: Order): Plan {
  const scale = Math.min(1, maxSide / Math.max(found.width, found.height));
  // How long a clip of another container is, only its end tells: it is read up to where it would be too long.
  const seconds = cutTo ?? header.seconds ?? rule.maxSeconds + 1;
  // Ten percent are left for the container, and for what the encoder misses its bound by.
  const bits = Math.floor(Math.min(mostBits, (rule.maxBytes * 8 * 0.9) / seconds - soundRate));
  if (bits < leastBits) throw new ClipRefusedError('bucket', { max: Math.round(rule.maxBytes / 1e5) / 10 });
  return {
    width: even(found.width * scale),
    height: even(found.height * scale),
    rate: nearestRate(header.rate || found.rate),
    seconds,
    bits,
    hasSound: found.hasSound,
  };
}

function encoding({ width, height, rate, seconds, bits, hasSound }: Plan): string[] {
  const filters = [`scale=${width}:${height}:flags=bicubic`, 'setsar=1', `fps=${rate}`, 'format=yuv420p'];
  // Sound that begins late or ends early is silence there; what goes on after the picture is cut.
  const sound = ['-map', '0:a:0', '-af', 'aresample=async=1:first_pts=0,apad', '-shortest'];
  return [
    ...['-map', '0:v:0', ...(hasSound ? sound : []), '-t', String(seconds), '-vf', filters.join(',')],
    ...['-c:v', 'libx264', '-profile:v', 'high', '-preset', clipPreset(width * height), '-threads', '1'],
    ...['-crf', '18', '-maxrate', String(bits), '-bufsize', String(bits)],
    ...['-c:a', 'aac', '-ac', '2', '-ar', '48000', '-b:a', String(soundRate)],
  ];
}

/** Runs ffmpeg, and judges what it made as if a user had handed it in. */
function made(
  args: readonly string[],
  bytes: number,
  { rule, cutTo, signal }: Order,
  deps: ConversionDeps,
): Promise<FitClip> {
  const writing = { ...times, bytes, maxBytes: rule.maxBytes, signal };
  return writeClip(args, writing, deps, async (path) => {
    const made = { path, bytes: (await stat(path)).size };
    const allowed = cutTo === undefined ? rule : { ...rule, maxSeconds: cutTo };
    const verdict = await inspectClip(made, allowed);
    if (verdict.kind === 'refuse') throw new ClipRefusedError(verdict.refusal, verdict.params);
    const { header } = verdict;
    if (header.seconds === undefined || verdict.kind !== 'fits') throw new ClipRefusedError('broken');
    await readWhole(made, header, signal, deps);
    const { width, height, seconds } = header;
    return { ...made, type: 'video/mp4', seconds, width, height, converted: true };
  });
}

/** Share of a clip's frames that have to be readable, beside half a second that may lie before its beginning. */
const readable = 0.9;
const skipped = 0.5;

/** Reads every frame. @throws ClipRefusedError if too many are damaged, or have another size than the header says */
export async function readWhole(
  file: File,
  header: ClipHeader,
  signal: AbortSignal,
  deps: ReaderDeps,
): Promise<void> {
  const { container, width, height, seconds = 0, rate } = header;
  const found = await readWithFfmpeg(file, { container, pixels: width * height, what: 'all' }, signal, deps);
  const frames = Math.max(1, Math.floor((seconds - skipped) * rate * readable));
  if (found.width !== width || found.height !== height || found.frames < frames)
    throw new ClipRefusedError('broken');
}

function nearestRate(rate: number): string {
  const wanted = rate > 0 ? Math.min(60, rate) : 30;
  const value = (one: string) => {
    const [over = 0, under = 1] = one.split('/').map(Number);
    return over / under;
  };
  const off = (one: string) => Math.abs(value(one) - wanted);
  return rates.reduce((best, one) => (off(one) < off(best) - 1e-6 ? one : best), usualRate);
}

/** 4:2:0 needs even sides. */
function even(side: number): number {
  return Math.max(2, Math.floor(side / 2) * 2);
}
