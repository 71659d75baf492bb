import { execFile, execFileSync } from 'node:child_process';
import { appendFile, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** This machine's ffmpeg; undefined if it has none. */
export const ffmpeg = pathOf('ffmpeg');
const ffprobe = pathOf('ffprobe');

/** Prints in one line what is not tested here; for `describe.skipIf`. */
export const lacksFfmpeg = (() => {
  if (ffmpeg && ffprobe) return false;
  console.warn('ffmpeg or ffprobe is missing: tests of clips are skipped');
  return true;
})();

function pathOf(program: string): string | undefined {
  try {
    return execFileSync('which', [program], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}

export interface ClipOptions {
  readonly seconds: number;
  /** `640x360` */
  readonly size: string;
  /** Bits a second. */
  readonly rate: number;
  readonly sound?: boolean;
  /** Whether it can be played while it loads. @default true */
  readonly headerFirst?: boolean;
}

/**
 * Makes a clip with about so many bits a second, the same each time: all colours, edges, letters and movement, under a
 * grain as of a camera. Its name's extension says whether it is an MP4 or a QuickTime film.
 */
export async function makeClip(
  path: string,
  { seconds, size, rate, sound = true, headerFirst = true }: ClipOptions,
): Promise<void> {
  const picture = ['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=24,noise=alls=6:allf=t`];
  const tone = sound ? ['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000'] : [];
  await run(ffmpeg ?? '', [
    ...['-v', 'error', '-y', ...picture, ...tone, '-t', String(seconds), '-pix_fmt', 'yuv420p'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-b:v', String(rate), '-minrate', String(rate)],
    ...['-maxrate', String(rate), '-bufsize', String(rate), '-nal-hrd', 'cbr'],
    ...[...(sound ? ['-c:a', 'aac'] : []), ...(headerFirst ? ['-movflags', '+faststart'] : []), path],
  ]);
}

/** Gives a clip so many bytes in all: players skip a `free` box. The file has holes on disk. */
export async function pad(path: string, bytes: number): Promise<void> {
  const { size } = await stat(path);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(bytes - size);
  head.write('free', 4, 'latin1');
  await appendFile(path, head);
  await truncate(path, bytes);
}

/** ffprobe's data on a file. */
export interface Probe {
  readonly video: { readonly codec: string; readonly width: number; readonly height: number };
  readonly sound: string | undefined;
  readonly seconds: number;
  readonly tags: Readonly<Record<string, string>>;
}

export async function probe(path: string): Promise<Probe> {
  const { stdout } = await run(ffprobe ?? '', [
    ...[
      '-v',
      'error',
      '-show_entries',
      'format=duration:format_tags:stream=codec_type,codec_name,width,height',
    ],
    ...['-of', 'json', path],
  ]);
  const { streams, format } = JSON.parse(stdout);
  const of = (type: string) => streams.find((stream: { codec_type: string }) => stream.codec_type === type);
  const { codec_name: codec, width, height } = of('video');
  const sound = of('audio')?.codec_name;
  return {
    video: { codec, width, height },
    sound,
    seconds: Number(format.duration),
    tags: format.tags ?? {},
  };
}

/** Decodes all of it. @throws if a player would stumble. */
export async function play(path: string): Promise<void> {
  await run(ffmpeg ?? '', ['-v', 'error', '-xerror', '-i', path, '-f', 'null', '-']);
}

/** How alike two pictures or clips look, of 1, at the size of the second one. */
export async function likeness(one: string, other: string): Promise<number> {
  const { stderr } = await run(ffmpeg ?? '', [
    ...[
      '-i',
      one,
      '-i',
      other,
      '-lavfi',
      '[0:v][1:v]scale2ref=flags=bicubic[a][b];[a][b]ssim',
      '-f',
      'null',
      '-',
    ],
  ]);
  return Number(/All:([\d.]+)/.exec(stderr)?.[1]);
}

/** Variants that must not count as similar: without colours, mirrored, out of focus, and for a clip its first frame forever. */
const wrongs = {
  grey: 'hue=s=0',
  mirrored: 'hflip',
  blurred: 'gblur=sigma=4',
  frozen: 'loop=loop=-1:size=1:start=0',
} as const;
export type Wrong = keyof typeof wrongs;

/** The likeness to `one` of the same file as `other` but for something that is wrong with it; a clip's as long as it is. */
export async function likenessOfWrong(
  one: string,
  other: string,
  wrong: Wrong,
  folder: string,
): Promise<number> {
  const path = join(folder, `${wrong}.mkv`);
  // Without further loss: only the flaw is visible.
  const encoding = ['-c:v', 'libx264', '-preset', 'ultrafast', '-qp', '0'];
  const { seconds } = await probe(one);
  const length = Number.isFinite(seconds) ? ['-t', String(seconds)] : [];
  await run(ffmpeg ?? '', [
    ...['-v', 'error', '-y', '-i', other, '-an', '-vf', wrongs[wrong], ...length, ...encoding, path],
  ]);
  return likeness(one, path);
}

/** Whether a clip can be played while it loads: its header precedes its frames. */
export function playsWhileLoading(bytes: Buffer): boolean {
  const [header, pictures] = [bytes.indexOf('moov'), bytes.indexOf('mdat')];
  return header > 0 && header < pictures;
}
