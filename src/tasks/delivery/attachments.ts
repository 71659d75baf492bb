import type { Log } from '../../log.js';
import type { Decoder } from '../../media/decoding/decoder.js';
import type { FetchedFile } from '../../media/files.js';
import { annotate, carry, labelOf, type Notes, withHeaderFirst } from '../../media/metadata/metadata.js';
import type { Fitter } from '../../media/resize/fitter.js';
import { type Obstacle, obstacleIn } from '../../media/resize/inline-playback.js';
import { hashOf } from '../../media/storage/sha256.js';
import type { Spool } from '../../media/storage/spool.js';
import { type Attempts, AttemptsSpentError } from '../ledger/attempts.js';
import type { SentFile, Task, TaskId } from '../model/task.js';
import { linksOf } from '../model/task-record.js';

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

/** What a guild wants of the files posted in it. */
export interface PackingRules {
  /** What is written into the files; undefined for nothing: then they stay byte for byte. */
  readonly notes?: Notes | undefined;
  readonly spoiler?: boolean;
}

/** Gets results ready to be posted where files may have so many bytes. */
export interface Packing {
  /** A parcel for each file, in the same order. Never fails for a file: what cannot be made to fit is a link. */
  pack(
    task: Task,
    files: readonly FetchedFile[],
    limit: number,
    options: { signal: AbortSignal },
  ): Promise<readonly Parcel[]>;
  /** Removes what was made for a task. */
  clear(id: TaskId): Promise<void>;
}

interface Deps {
  readonly fitter: Fitter;
  readonly decoder: Pick<Decoder, 'words'>;
  readonly spool: Pick<Spool, 'newPath' | 'hold' | 'remove'>;
  /** What counts for a task; nothing unless given. Never throws. */
  readonly rules?: (task: Task) => Promise<PackingRules>;
  readonly log: Log;
}

/** Files of fewer bytes than this are not made: they would show nothing. */
const leastBytes = 16_384;
/** Room for what is written into a file that is made smaller, bytes: a prompt in XML, above all. */
const roomForNotes = 16_384;

/** What was made for a task. */
interface Made {
  /** By file and limit: another route may ask for the same again. */
  readonly parcels: Map<string, Parcel>;
  /** All that is, or may be, in the spool for it, whole or not. */
  readonly paths: Set<string>;
}

/** What a file is to become. */
interface Wish {
  readonly limit: number;
  readonly notes: Notes | undefined;
  readonly signal: AbortSignal;
}

export function createPacking({ fitter, decoder, spool, rules = async () => ({}), log }: Deps): Packing {
  const made = new Map<TaskId, Made>();

  async function drop(paths: Set<string>, gone: readonly string[]): Promise<void> {
    await spool.remove(gone);
    for (const path of gone) paths.delete(path);
  }

  /** A step that gives a new file in place of one of ours; the one it was made from goes. @throws SpoolFullError */
  async function replace(
    before: FetchedFile,
    paths: Set<string>,
    make: (to: string) => Promise<FetchedFile | undefined>,
  ): Promise<FetchedFile> {
    const to = spool.newPath();
    // Before it is begun: a full disk leaves half a file.
    paths.add(to);
    const room = await spool.hold(before.bytes + roomForNotes);
    const after = await make(to).finally(() => room.leave());
    if (!after) return before;
    if (paths.has(before.path)) await drop(paths, [before.path]);
    return after;
  }

  async function fitted(
    original: FetchedFile,
    maxBytes: number,
    { label, signal, paths }: Pick<Wish, 'signal'> & Pick<Made, 'paths'> & { label: string | undefined },
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

  /** What was made of a result, with the label that has; undefined, and nothing is left of it, if it has no room. */
  async function labelled(
    smaller: FetchedFile,
    original: FetchedFile,
    { label, paths }: Pick<Made, 'paths'> & { label: string },
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

  /** A video that does not play everywhere, made to; as it is, and said to be, if that cannot be done. */
  async function packAdapted(
    original: FetchedFile,
    obstacle: Obstacle,
    { limit, notes, signal }: Wish,
    paths: Set<string>,
  ): Promise<Parcel> {
    const raw: Parcel = { how: 'raw', original, limit, file: original };
    const adapted =
      obstacle === 'header'
        ? await replace(original, paths, (to) => withHeaderFirst(original, to))
        : original;
    const made = adapted === original ? await encoded(original, obstacle, { limit, signal, paths }) : adapted;
    if (!made) return raw;
    const file = notes ? await replace(made, paths, (to) => annotate(made, to, notes)) : made;
    if (file.bytes <= limit) return { ...raw, how: 'playable', file };
    await drop(paths, [file.path]);
    return raw;
  }

  /**
   * The same by ffmpeg, with the label that the video has; undefined, and nothing is left of it, if that cannot be
   * done.
   */
  async function encoded(
    original: FetchedFile,
    obstacle: Obstacle,
    { limit, signal, paths }: Pick<Wish, 'limit' | 'signal'> & Pick<Made, 'paths'>,
  ): Promise<FetchedFile | undefined> {
    const label = await labelOf(original, decoder);
    const found = await fitter.adapt(original, obstacle, { maxBytes: limit - roomForNotes, signal });
    if (!found) return undefined;
    const { how: _, ...bare } = found;
    paths.add(bare.path);
    const made: FetchedFile = { ...bare, sha256: await hashOf(bare.path) };
    return label === undefined ? made : labelled(made, original, { label, paths });
  }

  async function packOne(original: FetchedFile, { limit, notes, signal }: Wish, paths: Set<string>) {
    const link: Parcel = { how: 'link', original, limit };
    const obstacle = original.type.startsWith('video/') ? await obstacleIn(original) : 'none';
    if (original.bytes <= limit && obstacle !== 'none')
      return packAdapted(original, obstacle, { limit, notes, signal }, paths);
    if (original.bytes <= limit) {
      if (!notes) return { ...link, how: 'whole', file: original } as const;
      const file = await replace(original, paths, (to) => annotate(original, to, notes));
      if (file.bytes <= limit) return { ...link, how: 'whole', file } as const;
      await drop(paths, [file.path]);
    }
    const label = await labelOf(original, decoder);
    const maxBytes = limit - (notes || label !== undefined ? roomForNotes : 0);
    if (maxBytes < leastBytes) return link;
    const found = await fitted(original, maxBytes, { label, signal, paths });
    if (!found) return link;
    const file = notes
      ? await replace(found.file, paths, (to) => annotate(found.file, to, notes))
      : found.file;
    if (file.bytes <= limit) return { ...link, how: found.how, file };
    await drop(paths, [file.path]);
    return link;
  }

  async function tryToPack(
    { id }: Task,
    original: FetchedFile,
    wish: Wish,
    paths: Set<string>,
  ): Promise<Parcel> {
    const { limit, signal } = wish;
    const before = new Set(paths);
    try {
      return await packOne(original, wish, paths);
    } catch (error) {
      // At once: where the disk is full, others wait for the room.
      const left = [...paths].filter((path) => !before.has(path));
      await drop(paths, left).catch(() => {});
      signal.throwIfAborted();
      log.warn({ task: id, err: error }, 'a result could not be prepared as planned');
      return asItIs(original, limit);
    }
  }

  return {
    async pack(task, files, limit, { signal }) {
      const { notes, spoiler } = await rules(task);
      const { parcels: known, paths } = made.get(task.id) ?? { parcels: new Map(), paths: new Set() };
      made.set(task.id, { parcels: known, paths });
      const parcels: Parcel[] = [];
      for (const file of files) {
        const key = `${file.path} ${limit}`;
        const parcel = known.get(key) ?? (await tryToPack(task, file, { limit, notes, signal }, paths));
        known.set(key, parcel);
        parcels.push(spoiler ? { ...parcel, spoiler } : parcel);
      }
      return parcels;
    },
    async clear(id) {
      const { paths = [] } = made.get(id) ?? {};
      made.delete(id);
      await spool.remove([...paths]);
    },
  };
}

/**
 * The same packing, where a task that was found for the third time in it gets its files as they are: they are paid for, and
 * what is not looked at ends no process.
 */
export function packSafely(packing: Packing, attempts: Attempts, log: Log): Packing {
  return {
    ...packing,
    async pack(task, files, limit, options) {
      // What fits and is no video is at most read and written, by our own code.
      const isPlain = files.every(({ type, bytes }) => bytes <= limit && !type.startsWith('video/'));
      const pack = () => packing.pack(task, files, limit, options);
      if (isPlain) return pack();
      return attempts.run(task.id, 'files', pack).catch(async (error: unknown) => {
        if (!(error instanceof AttemptsSpentError)) throw error;
        // It is packed again for each route, and after each restart.
        await attempts.spend(task.id, 'files');
        log.error({ task: task.id, err: error }, 'posting a result unchanged');
        return files.map((original) => asItIs(original, limit));
      });
    },
  };
}

function asItIs(original: FetchedFile, limit: number): Parcel {
  return original.bytes <= limit
    ? { how: 'whole', original, limit, file: original }
    : { how: 'link', original, limit };
}

/** A task that is being delivered, as it will be known once these are posted. */
export function withParcels(task: Task, parcels: readonly Parcel[]): Task {
  const { state } = task;
  if (state.name !== 'delivering' || parcels.length === 0) return task;
  const files = parcels.map(({ original: { sha256, bytes, type } }) => ({ sha256, bytes, type }));
  return { ...task, results: { ...linksOf(state), files, sent: sentOf(parcels) } };
}

/** Of each result: how it was posted, and the hash of what was. */
export function sentOf(parcels: readonly Parcel[]): SentFile[] {
  return parcels.map(({ how, limit, file }) => ({
    ...{ how, limit },
    ...(file && { sha256: file.sha256, bytes: file.bytes }),
  }));
}
