import type { Log } from '../../log.js';
import type { Decoder } from '../../media/decoding/decoder.js';
import type { FetchedFile } from '../../media/files.js';
import type { Notes } from '../../media/metadata/metadata.js';
import type { Fitter } from '../../media/resize/fitter.js';
import type { Spool } from '../../media/storage/spool.js';
import type { SentFile, Task, TaskId } from '../model/task.js';
import { linksOf } from '../model/task-record.js';
import { createFittedFiles } from './fitted-files.js';
import { asItIs, createParcels, type Parcel, type Wish } from './parcels.js';
import { createMadeFiles, type Paths } from './processed-files.js';

/** A guild's rules for posted files. */
export interface PackingRules {
  /** What is written into the files; undefined: nothing, they stay byte for byte. */
  readonly notes?: Notes | undefined;
  readonly spoiler?: boolean;
}

/** Prepares results for posting where files may have this many bytes. */
export interface Packing {
  /**
   * A parcel per file, in the same order. Never fails because of a file: one that can't be made to fit becomes a
   * link.
   */
  pack(
    task: Task,
    files: readonly FetchedFile[],
    limit: number,
    options: { signal: AbortSignal },
  ): Promise<readonly Parcel[]>;
  /** Removes the files made for a task. */
  clear(id: TaskId): Promise<void>;
}

interface Deps {
  readonly fitter: Fitter;
  readonly decoder: Pick<Decoder, 'words'>;
  readonly spool: Pick<Spool, 'newPath' | 'hold' | 'write' | 'remove'>;
  /**
   * The rules for a task. Never throws.
   * @default none
   */
  readonly rules?: (task: Task) => Promise<PackingRules>;
  readonly log: Log;
}

/** What was made for a task. */
interface Made {
  /** By file and limit: another route may need the same again. */
  readonly parcels: Map<string, Parcel>;
  readonly paths: Paths;
}

export function createPacking({ fitter, decoder, spool, rules = async () => ({}), log }: Deps): Packing {
  const made = new Map<TaskId, Made>();
  const ours = createMadeFiles(spool);
  const fitting = createFittedFiles({ fitter, decoder, files: ours, log });
  const packOne = createParcels({ decoder, files: ours, fitting });

  async function tryToPack({ id }: Task, original: FetchedFile, wish: Wish, paths: Paths): Promise<Parcel> {
    const { limit, signal } = wish;
    const before = new Set(paths);
    try {
      if (original.content && !isSentAsItIs(original, wish)) await spool.write(original.path);
      return await packOne(original, wish, paths);
    } catch (error) {
      // Immediately: if the disk is full, others are waiting for the space.
      const left = [...paths].filter((path) => !before.has(path));
      await ours.drop(paths, left).catch(() => {});
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

/** It is sent without being read by its path. */
function isSentAsItIs({ type, bytes }: FetchedFile, { limit, notes }: Wish): boolean {
  return bytes <= limit && !notes && type.startsWith('image/');
}

/** A task being delivered, as it will be once these are posted. */
export function withParcels(task: Task, parcels: readonly Parcel[]): Task {
  const { state } = task;
  if (state.name !== 'delivering' || parcels.length === 0) return task;
  const files = parcels.map(({ original: { sha256, bytes, type } }) => ({ sha256, bytes, type }));
  return { ...task, results: { ...linksOf(state), files, sent: sentOf(parcels) } };
}

/** Per result: how it was posted, and the hash of the posted file. */
export function sentOf(parcels: readonly Parcel[]): SentFile[] {
  return parcels.map(({ how, limit, file }) => ({
    how,
    limit,
    ...(file && { sha256: file.sha256, bytes: file.bytes }),
  }));
}
