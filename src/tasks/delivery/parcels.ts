import type { Decoder } from '../../media/decoding/decoder.js';
import type { FetchedFile } from '../../media/files.js';
import { annotate, labelOf, type Notes, withHeaderFirst } from '../../media/metadata/metadata.js';
import { type Obstacle, obstacleIn } from '../../media/resize/inline-playback.js';
import type { SentFile } from '../model/task.js';
import type { FittedFiles } from './fitted-files.js';
import { type MadeFiles, type Paths, roomForNotes } from './made-files.js';

/** A result as it is posted. */
export interface Parcel {
  /** As it came; made smaller; something that shows what it is; or nothing but the link to it. */
  readonly how: SentFile['how'];
  readonly original: FetchedFile;
  /** What is attached; undefined if only the link is told. */
  readonly file?: FetchedFile;
  /** Bytes that a file may have there. */
  readonly limit: number;
  /** It is hidden until someone wants to see it. */
  readonly spoiler?: true;
}

/** What a file is to become. */
export interface Wish {
  readonly limit: number;
  readonly notes: Notes | undefined;
  readonly signal: AbortSignal;
}

/** Files of fewer bytes than this are not made: they would show nothing. */
const leastBytes = 16_384;

interface Deps {
  readonly decoder: Pick<Decoder, 'words'>;
  readonly files: MadeFiles;
  readonly fitting: FittedFiles;
}

/** @returns makes a parcel of one result; it may fail, and leave in `paths` what it has begun. */
export function createParcels({ decoder, files, fitting }: Deps) {
  const { drop, replace } = files;
  const { fitted, encoded } = fitting;
  const withNotes = async (file: FetchedFile, notes: Notes | undefined, paths: Paths) =>
    notes ? replace(file, paths, (to) => annotate(file, to, notes)) : file;

  /** A video that does not play everywhere, made to; as it is, and said to be, if that cannot be done. */
  async function packAdapted(
    original: FetchedFile,
    obstacle: Obstacle,
    { limit, notes, signal }: Wish,
    paths: Paths,
  ): Promise<Parcel> {
    const raw: Parcel = { how: 'raw', original, limit, file: original };
    const adapted =
      obstacle === 'header'
        ? await replace(original, paths, (to) => withHeaderFirst(original, to))
        : original;
    const made =
      adapted === original ? await encoded(original, obstacle, { maxBytes: limit, signal, paths }) : adapted;
    if (!made) return raw;
    const file = await withNotes(made, notes, paths);
    if (file.bytes <= limit) return { ...raw, how: 'playable', file };
    await drop(paths, [file.path]);
    return raw;
  }

  async function packOne(original: FetchedFile, { limit, notes, signal }: Wish, paths: Paths) {
    const link: Parcel = { how: 'link', original, limit };
    const obstacle = original.type.startsWith('video/') ? await obstacleIn(original) : 'none';
    if (original.bytes <= limit && obstacle !== 'none')
      return packAdapted(original, obstacle, { limit, notes, signal }, paths);
    if (original.bytes <= limit) {
      const file = await withNotes(original, notes, paths);
      if (file.bytes <= limit) return { ...link, how: 'whole', file } as const;
      await drop(paths, [file.path]);
    }
    const label = await labelOf(original, decoder);
    const maxBytes = limit - (notes || label !== undefined ? roomForNotes : 0);
    if (maxBytes < leastBytes) return link;
    const found = await fitted(original, { label, maxBytes, signal, paths });
    if (!found) return link;
    const file = await withNotes(found.file, notes, paths);
    if (file.bytes <= limit) return { ...link, how: found.how, file };
    await drop(paths, [file.path]);
    return link;
  }

  return packOne;
}

/** A parcel of a result that nothing is done to. */
export function asItIs(original: FetchedFile, limit: number): Parcel {
  return original.bytes <= limit
    ? { how: 'whole', original, limit, file: original }
    : { how: 'link', original, limit };
}
