import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Size } from '../tasks/output-size.js';

const run = promisify(execFile);
/** ms for ffmpeg. */
const patienceMs = 60_000;

/** What becomes of a clip that is edited. */
export interface EditPlan {
  readonly clip: Buffer;
  readonly size: Size;
  readonly seconds: number;
  readonly keepsSound: boolean;
}

/**
 * Edits a clip with ffmpeg: the same movement in other colours, so that everyone sees what it was made of. Its last frame is held
 * if it is to become longer. Undefined if ffmpeg is not there or fails.
 */
export async function editClip({ clip, size, seconds, keepsSound }: EditPlan): Promise<Buffer | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'easel-edit-'));
  const scale = `scale=${size.width}:${size.height}`;
  const filters = [
    scale,
    'setsar=1',
    'hue=h=120:s=1.4',
    `tpad=stop_mode=clone:stop_duration=${seconds}`,
    'format=yuv420p',
  ];
  const sound = keepsSound ? ['-map', '0:a:0', '-c:a', 'aac', '-b:a', '96k'] : [];
  try {
    await writeFile(join(folder, 'given.mp4'), clip);
    const args = [
      ...['-y', '-loglevel', 'error', '-protocol_whitelist', 'file', '-f', 'mov', '-i', 'given.mp4'],
      ...['-map', '0:v:0', '-vf', filters.join(','), ...sound, '-t', `${seconds}`],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '26', '-threads', '1'],
      ...['-fflags', '+bitexact', '-flags:v', '+bitexact', '-flags:a', '+bitexact', '-map_metadata', '-1'],
      ...['-movflags', '+faststart', 'edited.mp4'],
    ];
    await run('ffmpeg', args, { cwd: folder, timeout: patienceMs });
    return await readFile(join(folder, 'edited.mp4'));
  } catch {
    return undefined;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
