import type { Log } from '../../log.js';
import type { Decoder } from '../../media/decoding/decoder.js';
import type { FetchedFile } from '../../media/files.js';
import { annotate, carry, labelOf } from '../../media/metadata/metadata.js';
import type { Fitter } from '../../media/resize/fitter.js';
import type { Obstacle } from '../../media/resize/inline-playback.js';
import { hashOf } from '../../media/storage/sha256.js';
import { type MadeFiles, type Paths, roomForNotes } from './processed-files.js';

interface Deps {
  readonly fitter: Fitter;
  readonly decoder: Pick<Decoder, 'words'>;
  readonly files: MadeFiles;
  readonly log: Log;
}

interface Into {
  readonly maxBytes: number;
  readonly signal: AbortSignal;
  readonly paths: Paths;
}

export type FittedFiles = ReturnType<typeof createFittedFiles>;

/** Smaller or more playable files of results, which carry the label of AI content that the results have. */
export function createFittedFiles({ fitter, decoder, files, log }: Deps) {
  const { drop, replace } = files;

  /** A resized result with its AI label; undefined, with the file removed, if the label doesn't fit. */
  async function labelled(
    smaller: FetchedFile,
    original: FetchedFile,
    { label, paths }: { readonly label: string; readonly paths: Paths },
  ): Promise<FetchedFile | undefined> {
    const carried =
      smaller.type === 'video/mp4'
        ? await replace(smaller, paths, (to) => carry(original, smaller, to))
        : smaller;
    if ((await labelOf(carried, decoder)) !== undefined) return carried;
    const file = await replace(carried, paths, (to) => annotate(carried, to, { label }));
    if ((await labelOf(file, decoder)) !== undefined) return file;
    await drop(paths, [file.path]);
    return undefined;
  }

  async function fitted(
    original: FetchedFile,
    { label, maxBytes, signal, paths }: Into & { readonly label: string | undefined },
  ) {
    const found = await fitter.fit(original, { maxBytes }, { signal });
    if (!found) return undefined;
    const { how, ...bare } = found;
    paths.add(bare.path);
    const smaller: FetchedFile = { ...bare, sha256: await hashOf(bare.path) };
    if (label === undefined) return { how, file: smaller };
    const file = await labelled(smaller, original, { label, paths });
    if (file) return { how, file };
    log.warn({ type: smaller.type }, 'no room for the AI content label in a resized result');
    return undefined;
  }

  /** Converts it with ffmpeg, keeping its label; undefined, with the file removed, if that fails. */
  async function encoded(
    original: FetchedFile,
    obstacle: Obstacle,
    { maxBytes, signal, paths }: Into,
  ): Promise<FetchedFile | undefined> {
    const label = await labelOf(original, decoder);
    const found = await fitter.adapt(original, obstacle, { maxBytes: maxBytes - roomForNotes, signal });
    if (!found) return undefined;
    const { how: _, ...bare } = found;
    paths.add(bare.path);
    const made: FetchedFile = { ...bare, sha256: await hashOf(bare.path) };
    return label === undefined ? made : labelled(made, original, { label, paths });
  }

  return { fitted, encoded };
}
