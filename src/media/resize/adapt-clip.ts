import { stat } from 'node:fs/promises';
import type { LocalFile } from '../files.js';
import { readClip } from '../formats/mp4-info.js';
import { FfmpegError } from './ffmpeg.js';
import { type ClipDeps, inputOf, memoryFor, memoryMargin } from './fit-clip.js';
import type { FitTarget, Fitted } from './fit-target.js';
import type { Obstacle } from './inline-playback.js';

/** Frame sizes that a header without one may have, pixels: those of 1080p. */
const unknownPixels = 2_073_600;

/**
 * A video as an MP4 that plays in every Discord client. What only lies in the wrong container or order is copied;
 * what is encoded in another way becomes H.264 (yuv420p, High) and AAC, at a quality that no one tells from the
 * original.
 * @returns undefined if it cannot be made with so few bytes.
 * @throws the signal's reason.
 */
export async function adaptClip(
  file: LocalFile,
  obstacle: Exclude<Obstacle, 'none'>,
  { maxBytes, signal }: FitTarget & { readonly signal: AbortSignal },
  { ffmpeg, memory, newPath, remove, log, rungMs }: ClipDeps,
): Promise<Fitted | undefined> {
  const facts = await readClip(file.path);
  const pixels = facts && facts.width > 0 ? facts.width * facts.height : unknownPixels;
  const isCopied = obstacle !== 'encoding';
  const bytes = memoryFor.itself + (isCopied ? 0 : pixels * (memoryFor.read + memoryFor.veryfast));
  const to = newPath();
  let isMade = false;
  try {
    const args = [...inputOf(file), '-map', '0:a:0?', ...(isCopied ? copied : encoded), ...end(to, maxBytes)];
    const options = { timeoutMs: rungMs, memoryBytes: bytes * memoryMargin, signal };
    await memory.use(bytes, () => ffmpeg.run(args, options));
    const { size } = await stat(to);
    isMade = size <= maxBytes;
    return isMade ? { path: to, type: 'video/mp4', bytes: size, how: 'playable' } : undefined;
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof FfmpegError)) throw error;
    log.info({ obstacle, err: error }, 'a video could not be converted to play everywhere');
    return undefined;
  } finally {
    if (!isMade) await remove([to]);
  }
}

const copied = ['-c', 'copy'];
/** Even sides, as 4:2:0 needs them. */
const encoded = [
  ...[
    '-vf',
    'scale=trunc(iw/2)*2:trunc(ih/2)*2',
    '-pix_fmt',
    'yuv420p',
    '-c:v',
    'libx264',
    '-profile:v',
    'high',
  ],
  ...['-preset', 'veryfast', '-crf', '17', '-threads', '1', '-c:a', 'aac', '-ac', '2', '-b:a', '192000'],
];

/** Cut off at twice what it may have it is too large, and never taken for a whole one. */
function end(to: string, maxBytes: number): string[] {
  return ['-fs', String(2 * maxBytes), '-movflags', '+faststart', '-f', 'mp4', `file:${to}`];
}
