import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import type { Size } from '../tasks/output-size.js';

const run = promisify(execFile);

/** The plan of a clip. */
export interface ClipPlan {
  /** Its first frame, and its last; any size and type. */
  readonly first: Buffer;
  readonly last?: Buffer | undefined;
  readonly size: Size;
  readonly seconds: number;
  readonly hasSound: boolean;
}

/** Pixels of all frames together: a long or large clip has fewer frames, so that each takes a second or two to make. */
const pixelBudget = 200_000_000;
/** ms for ffmpeg. */
const patienceMs = 60_000;
/** A quiet fifth, in Hz. */
const chord = '0.05*sin(2*PI*220*t)+0.04*sin(2*PI*330*t)';

/**
 * Makes a clip with ffmpeg: a slow fade from the first frame to the last, or a slow zoom into the first. The same plan gives the
 * same bytes. Undefined if ffmpeg is not there or fails.
 */
export async function makeClip(plan: ClipPlan): Promise<Buffer | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'easel-clip-'));
  try {
    await writeFile(join(folder, 'first.png'), await fitted(plan.first, plan.size));
    if (plan.last) await writeFile(join(folder, 'last.png'), await fitted(plan.last, plan.size));
    await run('ffmpeg', argumentsFor(plan), { cwd: folder, timeout: patienceMs });
    return await readFile(join(folder, 'clip.mp4'));
  } catch {
    return undefined;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A frame as large as the clip; overlapping edges are cropped. */
function fitted(bytes: Buffer, { width, height }: Size): Promise<Buffer> {
  return sharp(bytes)
    .rotate()
    .flatten()
    .resize(width, height, { fit: 'cover' })
    .png({ compressionLevel: 1 })
    .toBuffer();
}

function argumentsFor({ last, size, seconds, hasSound }: ClipPlan): string[] {
  const { width, height } = size;
  const rate = Math.max(4, Math.min(12, Math.floor(pixelBudget / (width * height * seconds))));
  const frames = Math.ceil(seconds * rate);
  const still = (file: string) => ['-loop', '1', '-framerate', `${rate}`, '-t', `${seconds}`, '-i', file];
  const inputs = last ? [...still('first.png'), ...still('last.png')] : ['-i', 'first.png'];
  const sound = hasSound ? ['-f', 'lavfi', '-i', `aevalsrc=${chord}:s=44100`] : [];
  // Both ends hold still for a moment, so that the first and the last frame are the images themselves.
  const fade = `[0][1]xfade=transition=fade:duration=${(seconds * 0.8).toFixed(2)}:offset=${(seconds * 0.1).toFixed(2)}`;
  const zoom = `[0]zoompan=z='1+0.12*on/${frames}':x='iw/2-iw/zoom/2':y='ih/2-ih/zoom/2':d=${frames}:s=${width}x${height}:fps=${rate}`;
  return [
    ...['-y', '-loglevel', 'error', ...inputs, ...sound],
    ...['-filter_complex', `${last ? fade : zoom},format=yuv420p[v]`, '-map', '[v]'],
    ...(hasSound ? ['-map', `${last ? 2 : 1}:a`, '-c:a', 'aac', '-b:a', '64k'] : []),
    ...['-t', `${seconds}`, '-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '26', '-threads', '1'],
    // Without the time of day in it.
    ...['-fflags', '+bitexact', '-flags:v', '+bitexact', '-flags:a', '+bitexact', '-map_metadata', '-1'],
    ...['-movflags', '+faststart', 'clip.mp4'],
  ];
}
