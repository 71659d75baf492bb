import { type FileHandle, open, stat } from 'node:fs/promises';
import type { Decoder } from '../decoding/decoder.js';
import type { FetchedFile, LocalFile } from '../files.js';
import { hashOf } from '../storage/sha256.js';
import { readGif } from './gif.js';
import { noteJpeg, readJpeg } from './jpeg.js';
import { carrySpeech, moveHeaderFirst, noteMp4, readMp4, speechOf } from './mp4.js';
import { readPicture } from './other-images.js';
import { notePng, readPng } from './png.js';
import { findLabel, type Notes } from './provenance-notes.js';
import { type Splice, splice } from './splice.js';
import { noteWebp, readWebp } from './webp.js';

export type { Notes } from './provenance-notes.js';

/** What a type of file does with notes. */
interface Format {
  /** Writes them into it; without, there is no place for them that is commonly read. */
  note?(file: FileHandle, notes: Notes): Promise<Splice[] | undefined> | Splice[];
  /** All its metadata, as text. */
  read(file: FileHandle, path: string, decoder: Pick<Decoder, 'words'>): Promise<string>;
}

const formats: Readonly<Record<string, Format>> = {
  'image/png': { note: (_file, notes) => notePng(notes), read: readPng },
  'image/jpeg': { note: noteJpeg, read: readJpeg },
  'image/webp': { note: noteWebp, read: readWebp },
  'image/gif': { read: readGif },
  'video/mp4': { note: noteMp4, read: readMp4 },
  'video/quicktime': { read: readMp4 },
};

/** What can be made smaller is read, or it would lose its label on the way. */
function formatOf(type: LocalFile['type']): Format | undefined {
  return formats[type] ?? (type.startsWith('image/') ? { read: readPicture } : undefined);
}

/**
 * Writes what is known of a file into it, at `to`; its images and its sound stay as they are. Undefined if it cannot.
 */
export async function annotate(file: LocalFile, to: string, notes: Notes): Promise<FetchedFile | undefined> {
  const note = formats[file.type]?.note;
  return note && written(file, to, (handle) => note(handle, notes));
}

/**
 * The label of AI content that a file bears, as it is written there.
 * @param decoder reads what no reader of ours does (AVIF, TIFF).
 */
export async function labelOf(
  { path, type }: LocalFile,
  decoder: Pick<Decoder, 'words'>,
): Promise<string | undefined> {
  const format = formatOf(type);
  return format && withFile(path, async (handle) => findLabel(await format.read(handle, path, decoder)));
}

/**
 * A video, at `to`, with its header before its samples, and nothing else changed; undefined if that cannot be done.
 */
export async function withHeaderFirst(file: LocalFile, to: string): Promise<FetchedFile | undefined> {
  return written(file, to, moveHeaderFirst);
}

/** A video, at `to`, with what the one it was made from says of itself. */
export async function carry(from: LocalFile, made: LocalFile, to: string): Promise<FetchedFile | undefined> {
  const speech = await withFile(from.path, speechOf);
  return written(made, to, (handle) => carrySpeech(handle, speech));
}

async function written(
  file: LocalFile,
  to: string,
  change: (handle: FileHandle) => Promise<Splice[] | undefined> | Splice[],
): Promise<FetchedFile | undefined> {
  const splices = await withFile(file.path, async (handle) => change(handle));
  if (!splices) return undefined;
  await splice(file.path, to, splices);
  return { path: to, type: file.type, bytes: (await stat(to)).size, sha256: await hashOf(to) };
}

async function withFile<T>(path: string, work: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await open(path);
  try {
    return await work(handle);
  } finally {
    await handle.close();
  }
}
