import type { Log } from '../log.js';
import type { FetchedFile } from '../media/fetch.js';
import type { Fitter } from '../media/fit.js';
import { hashOf } from '../media/hash.js';
import type { Spool } from '../media/spool.js';
import type { SentFile, Task, TaskId } from './task.js';

/** A result as it is posted. */
export interface Parcel {
  /** As it came; made smaller; something that shows what it is; or nothing but the link to it. */
  readonly how: SentFile['how'];
  readonly original: FetchedFile;
  /** What is attached; undefined where only the link is told. */
  readonly file?: FetchedFile;
  /** Bytes that a file may have there. */
  readonly limit: number;
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
  readonly spool: Pick<Spool, 'remove'>;
  readonly log: Log;
}

/** Files of fewer bytes than this are not made: they would show nothing. */
const leastBytes = 16_384;

export function createPacking({ fitter, spool, log }: Deps): Packing {
  /** What was made for each task, by file and limit: another route may ask for the same again. */
  const made = new Map<TaskId, Map<string, Parcel>>();

  async function packOne(
    { id }: Task,
    original: FetchedFile,
    limit: number,
    signal: AbortSignal,
  ): Promise<Parcel> {
    if (original.bytes <= limit) return { how: 'whole', original, file: original, limit };
    const link: Parcel = { how: 'link', original, limit };
    if (limit < leastBytes) return link;
    try {
      const fitted = await fitter.fit(original, { maxBytes: limit }, { signal });
      if (!fitted) return link;
      const { how, ...file } = fitted;
      return { how, original, limit, file: { ...file, sha256: await hashOf(file.path) } };
    } catch (error) {
      signal.throwIfAborted();
      log.warn({ task: id, err: error }, 'a result could not be made smaller');
      return link;
    }
  }

  return {
    async pack(task, files, limit, { signal }) {
      const known = made.get(task.id) ?? new Map<string, Parcel>();
      made.set(task.id, known);
      const parcels: Parcel[] = [];
      for (const file of files) {
        const key = `${file.path} ${limit}`;
        const parcel = known.get(key) ?? (await packOne(task, file, limit, signal));
        known.set(key, parcel);
        parcels.push(parcel);
      }
      return parcels;
    },
    async clear(id) {
      const parcels = [...(made.get(id)?.values() ?? [])];
      made.delete(id);
      const own = parcels.flatMap(({ file, original }) => (file && file !== original ? [file.path] : []));
      await spool.remove(own);
    },
  };
}

/** A task that is being delivered, as it will be known once these are posted. */
export function withParcels(task: Task, parcels: readonly Parcel[]): Task {
  const { state } = task;
  if (state.name !== 'delivering' || parcels.length === 0) return task;
  const { urls, linksExpireAt } = state;
  const files = parcels.map(({ original: { sha256, bytes, type } }) => ({ sha256, bytes, type }));
  return { ...task, results: { urls, linksExpireAt, files, sent: sentOf(parcels) } };
}

/** Of each result: how it was posted, and the hash of what was. */
export function sentOf(parcels: readonly Parcel[]): SentFile[] {
  return parcels.map(({ how, limit, file }) => ({
    ...{ how, limit },
    ...(file && { sha256: file.sha256, bytes: file.bytes }),
  }));
}
