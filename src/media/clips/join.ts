import { stat } from 'node:fs/promises';
import { minute } from '../../util/time.js';
import type { LocalFile } from '../files.js';
import { annotate, labelOf } from '../metadata/metadata.js';
import { memoryFor } from '../resize/fit-clip.js';
import { type FoundClip, readingMemory, readWithFfmpeg } from './clip-reader.js';
import { type ClipHeader, ClipRefusedError, type Clips, type JoinedClip } from './clip-types.js';
import { clipPreset } from './conversion.js';
import { clipInput } from './ffmpeg-input.js';
import { type ConversionDeps, writeClip } from './ffmpeg-output.js';
import { headerForFfmpeg } from './inspection.js';

type Options = Parameters<Clips['join']>[2];

/** A clip and what is known of it. */
interface Part extends FoundClip {
  readonly path: string;
  readonly header: ClipHeader;
  /** Of its picture. */
  readonly seconds: number;
}

const usualBytes = 500_000_000;
const times = { timeoutMs: 10 * minute, cpuSeconds: 600 } as const;
/** Seconds of the first clip's sound that are played backwards after its end: it may end before the picture. */
const mirrored = 0.25;
const sampleRate = 48_000;
/** The longest cross-fade of sound, seconds; as a rule it is as long as the dropped frame. */
const longestFade = 0.1;

/**
 * Plays the second clip after the first. The first frame of the second is the last one of the first: it is dropped, and
 * while it would be shown, the sound fades from one to the other, so that nothing gets out of step.
 * @throws ClipRefusedError; the signal's reason
 */
export async function joinClips(
  first: LocalFile,
  second: LocalFile,
  { signal, maxBytes = usualBytes }: Options,
  deps: ConversionDeps,
): Promise<JoinedClip> {
  const parts = [await read(first, signal, deps), await read(second, signal, deps)] as const;
  const pixels = evenSize(parts[0]).width * evenSize(parts[0]).height;
  const bytes =
    readingMemory(parts[0].width * parts[0].height, deps.largest) +
    readingMemory(parts[1].width * parts[1].height, deps.largest) +
    pixels * memoryFor[clipPreset(pixels)];
  const roomBytes = Math.min(maxBytes, 2 * (first.bytes + second.bytes) + 10_000_000);
  const joined = await writeClip(
    joining(...parts),
    { ...times, bytes, maxBytes, roomBytes, signal },
    deps,
    (path) => checked(path, parts, maxBytes),
  );
  return labelled([first, second], joined, deps);
}

async function read(file: LocalFile, signal: AbortSignal, deps: ConversionDeps): Promise<Part> {
  const header = await headerForFfmpeg(file);
  const { container, width, height } = header;
  // A header without a length is no plan for a cut: the frames are counted.
  const what = header.seconds === undefined ? 'all' : 'header';
  const found = await readWithFfmpeg(file, { container, pixels: width * height, what }, signal, deps);
  const rate = header.rate || found.rate || 30;
  const seconds = header.seconds ?? found.frames / rate;
  if (seconds <= 0) throw new ClipRefusedError('broken');
  return { ...found, path: file.path, header, rate, seconds };
}

function joining(first: Part, second: Part): string[] {
  const { width, height } = evenSize(first);
  const hasSound = first.hasSound || second.hasSound;
  const rate = exactRate(first.rate);
  const frame = 1 / second.rate;
  const picture = [
    `[0:v:0]${shape(first, { width, height })},fps=${rate},${same}[v0]`,
    `[1:v:0]trim=start_frame=1,setpts=PTS-STARTPTS,${shape(second, { width, height })},fps=${rate},${same}[v1]`,
    '[v0][v1]concat=n=2:v=1:a=0[v]',
  ];
  const graph = [...picture, ...(hasSound ? sound(first, second, Math.min(longestFade, frame)) : [])].join(
    ';',
  );
  return [
    ...clipInput(first.path, first.header.container),
    ...clipInput(second.path, second.header.container),
    ...['-filter_complex_threads', '1', '-filter_complex', graph, '-map', '[v]'],
    ...(hasSound ? ['-map', '[a]', '-c:a', 'aac', '-ac', '2', '-b:a', '192000'] : []),
    ...[
      '-c:v',
      'libx264',
      '-profile:v',
      'high',
      '-preset',
      clipPreset(width * height),
      '-threads',
      '1',
      '-crf',
      '16',
    ],
  ];
}

const same = 'setsar=1,format=yuv420p';

/** Scaled to cover the first's frame; one of quite another shape gets bars. */
function shape(part: FoundClip, { width, height }: { width: number; height: number }): string {
  const ratio = part.width / part.height / (width / height);
  const isAlike = ratio > 0.9 && ratio < 1.1;
  if (part.width === width && part.height === height) return 'null';
  return isAlike
    ? `scale=${width}:${height}:force_original_aspect_ratio=increase:flags=bicubic,crop=${width}:${height}`
    : `scale=${width}:${height}:force_original_aspect_ratio=decrease:flags=bicubic,pad=${width}:${height}:-1:-1`;
}

/** Both sounds, or silence, each exactly as long as its picture; the second begins while its dropped frame would be shown. */
function sound(first: Part, second: Part, fade: number): string[] {
  const plain = `aresample=${sampleRate}:async=1:first_pts=0,aformat=sample_fmts=fltp:channel_layouts=stereo`;
  const silence = (seconds: number, to: string) =>
    `anullsrc=r=${sampleRate}:cl=stereo,atrim=end=${exact(seconds)},${'aformat=sample_fmts=fltp'}[${to}]`;
  const cut = (seconds: number) => `apad,atrim=end=${exact(seconds)}`;
  const ends = Math.min(first.seconds, first.header.soundSeconds ?? first.seconds);
  const tail = Math.max(0, ends - mirrored);
  const before = first.hasSound
    ? [
        // A decoder gives whole blocks: what is left of the last one is silence.
        `[0:a:0]${plain},atrim=end=${exact(ends)},asplit[a00][a01]`,
        `[a01]atrim=start=${exact(tail)},asetpts=PTS-STARTPTS,areverse[a02]`,
        `[a00][a02]concat=n=2:v=0:a=1,${cut(first.seconds)}[a0]`,
      ]
    : [silence(first.seconds, 'a0')];
  const rest = second.seconds - 1 / second.rate + fade;
  const skip = Math.max(0, 1 / second.rate - fade);
  const after = second.hasSound
    ? [`[1:a:0]${plain},atrim=start=${exact(skip)},asetpts=PTS-STARTPTS,${cut(rest)}[a1]`]
    : [silence(rest, 'a1')];
  return [...before, ...after, `[a0][a1]acrossfade=d=${exact(fade)}:c1=qsin:c2=qsin[a]`];
}

/** @throws ClipRefusedError if it was cut off, or is not as long as both */
async function checked(
  path: string,
  [first, second]: readonly [Part, Part],
  maxBytes: number,
): Promise<JoinedClip> {
  const { size } = await stat(path);
  if (size > maxBytes) throw new ClipRefusedError('heavy');
  const { seconds = 0 } = await headerForFfmpeg({ path, bytes: size });
  const wanted = first.seconds + second.seconds - 1 / second.rate;
  if (Math.abs(seconds - wanted) > 0.5) throw new ClipRefusedError('broken');
  return { path, type: 'video/mp4', bytes: size, seconds };
}

/** With the label of AI content that one of them bears. */
async function labelled(
  sources: readonly LocalFile[],
  joined: JoinedClip,
  { spool }: ConversionDeps,
): Promise<JoinedClip> {
  const to = spool.newPath();
  try {
    const labels = await Promise.all(sources.map((file) => labelOf(file, noDecoder)));
    const label = labels.find((one) => one !== undefined);
    const made = label === undefined ? undefined : await annotate(joined, to, { label });
    if (!made) return joined;
    await spool.remove([joined.path]);
    return { ...joined, path: made.path, bytes: made.bytes };
  } catch (error) {
    await spool.remove([to, joined.path]);
    throw error;
  }
}

/** Only pictures of rarer kinds are read by a decoder. */
const noDecoder = { words: async () => [] };

function evenSize({ width, height }: Pick<FoundClip, 'width' | 'height'>) {
  return { width: width - (width % 2), height: height - (height % 2) };
}

/** 29.97 is 30000/1001. */
function exactRate(rate: number): string {
  const bounded = Math.min(60, Math.max(1, rate));
  const broadcast = Math.round(bounded * 1.001);
  const isBroadcast = Math.abs((broadcast * 1000) / 1001 - bounded) < 0.005;
  if (isBroadcast && Math.abs(Math.round(bounded) - bounded) > 0.005) return `${broadcast}000/1001`;
  return Math.abs(Math.round(bounded) - bounded) < 0.02 ? String(Math.round(bounded)) : bounded.toFixed(3);
}

function exact(seconds: number): string {
  return seconds.toFixed(6);
}
