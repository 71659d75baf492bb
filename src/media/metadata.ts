import { type FileHandle, open, stat } from 'node:fs/promises';
import type { FetchedFile, LocalFile } from './fetch.js';
import { hashOf } from './hash.js';
import { noteJpeg, readJpeg } from './metadata/jpeg.js';
import { carryUserData, noteMp4, readMp4, userData } from './metadata/mp4.js';
import { findLabel, type Notes } from './metadata/notes.js';
import { notePng, readPng } from './metadata/png.js';
import { type Splice, splice } from './metadata/splice.js';
import { noteWebp, readWebp } from './metadata/webp.js';

export type { Notes } from './metadata/notes.js';

/** What a type of file does with notes. */
interface Format {
  note(file: FileHandle, notes: Notes): Promise<Splice[] | undefined> | Splice[];
  /** All its metadata, as text. */
  read(file: FileHandle): Promise<string>;
}

const formats: Readonly<Record<string, Format>> = {
  'image/png': { note: (_file, notes) => notePng(notes), read: readPng },
  'image/jpeg': { note: noteJpeg, read: readJpeg },
  'image/webp': { note: noteWebp, read: readWebp },
  'video/mp4': { note: noteMp4, read: readMp4 },
};

/** Writes what is known of a file into it, at `to`; its pictures and its sound stay as they are. Undefined where it cannot. */
export async function annotate(file: LocalFile, to: string, notes: Notes): Promise<FetchedFile | undefined> {
  const format = formats[file.type];
  if (!format) return undefined;
  return written(file, to, (handle) => format.note(handle, notes));
}

/** The label of AI content that a file bears, as it is written there. */
export async function labelOf({ path, type }: LocalFile): Promise<string | undefined> {
  const format = formats[type];
  return format && withFile(path, async (handle) => findLabel(await format.read(handle)));
}

/** A clip, at `to`, with the user data of the one it was made from. */
export async function carry(from: LocalFile, made: LocalFile, to: string): Promise<FetchedFile | undefined> {
  const boxes = await withFile(from.path, userData);
  return written(made, to, (handle) => carryUserData(handle, boxes));
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
