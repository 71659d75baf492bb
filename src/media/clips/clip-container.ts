import { sniff } from '../formats/magic-bytes.js';
import type { ClipContainer } from './clip-types.js';

/** Boxes that a QuickTime film of before 2005 begins with: it has no `ftyp` (QuickTime File Format, "File Type"). */
const oldBoxes: ReadonlySet<string> = new Set(['moov', 'mdat', 'wide', 'free', 'skip', 'pnot']);

/** What users call the containers that Easel opens. */
export const clipTypes = ['mp4', 'mov', 'webm', 'mkv', 'avi', 'gif'] as const;

/**
 * The container by a file's first bytes, which decide what ffmpeg takes it for; undefined for what Easel does not open:
 * playlists, session descriptions, scripts, patterns of file names, and everything else in words.
 */
export function containerOf(head: Uint8Array): ClipContainer | undefined {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.length);
  const word = (from: number) => bytes.toString('latin1', from, from + 4);
  const type = sniff(head);
  if (type === 'video/mp4' || type === 'video/quicktime') return type === 'video/mp4' ? 'mp4' : 'quicktime';
  if (type === 'video/webm') return 'matroska';
  if (type === 'image/gif') return 'gif';
  if (word(0) === 'RIFF' && word(8) === 'AVI ') return 'avi';
  return bytes.length >= 16 && oldBoxes.has(word(4)) && bytes.readUInt32BE(0) !== 0 ? 'quicktime' : undefined;
}

/** The demuxer of each container, by the name that ffmpeg is forced to use. */
export const demuxers = {
  mp4: 'mov',
  quicktime: 'mov',
  matroska: 'matroska',
  avi: 'avi',
  gif: 'gif',
} as const satisfies Record<ClipContainer, string>;
