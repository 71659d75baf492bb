import type { Decoder } from '../../media/decoding/decoder.js';
import type { FetchedFile } from '../../media/files.js';
import { annotate, labelOf, type Notes, withHeaderFirst } from '../../media/metadata/metadata.js';
import { type Obstacle, obstacleIn } from '../../media/resize/inline-playback.js';
import type { SentFile } from '../model/task.js';
import type { FittedFiles } from './fitted-files.js';
import { type MadeFiles, type Paths, roomForNotes } from './processed-files.js';

/** A result as posted. */
export interface Parcel {
  /** Unchanged, made smaller, a preview, or only a link. */
  readonly how: SentFile['how'];
  readonly original: FetchedFile;
  /** The attachment; undefined if only the link is posted. */
  readonly file?: FetchedFile;
  /** Bytes that a file may have there. */
  readonly limit: number;
  /** It is posted as a spoiler. */
  readonly spoiler?: true;
}

/** How a file is posted. */
export interface Wish {
  readonly limit: number;
  readonly notes: Notes | undefined;
  readonly signal: AbortSignal;
}

/** Smaller files aren't made: they would show nothing. */
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

  /** Converts a video that doesn't play everywhere; if that fails it is posted unchanged, with a note. */
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
