import type { LocalFile } from '../../../media/files.js';
import { SourceError } from '../../../media/sources/source-intake.js';
import type { Archive } from '../../../media/storage/archive.js';
import type { Extension, SourceClip, SourceImage } from '../../../mps/generation-request.js';
import type { Delivery } from '../../delivery/delivery-port.js';
import type { Sources as Originals } from '../../delivery/original-lookup.js';
import type { Ledger } from '../../ledger/ledger.js';
import type { Task, TaskId } from '../../model/task.js';

/** A clip on disk, until it is released. */
export interface HeldClip {
  readonly file: LocalFile;
  release(): Promise<void>;
}

export interface ClipFilesDeps {
  readonly ledger: Pick<Ledger, 'find'>;
  /** Results as MPS made them: from the archive, the bucket, or by their link. */
  readonly originals: Originals;
  readonly archive?: Pick<Archive, 'find'> | undefined;
  readonly delivery: Pick<Delivery, 'copy'>;
  /** Downloads what lies in Discord into the spool. @throws SourceError */
  readonly download: (
    clip: { readonly url: string; readonly name: string },
    options: { signal: AbortSignal },
  ) => Promise<LocalFile>;
  /** A link to a user's file that works now; undefined if there is none. */
  readonly freshen?: (file: SourceImage) => Promise<string | undefined>;
  readonly remove: (paths: readonly string[]) => Promise<void>;
  readonly join: (first: LocalFile, second: LocalFile, signal: AbortSignal) => Promise<LocalFile>;
}

export type ClipFiles = ReturnType<typeof createClipFiles>;

/** Where the joined file lies in the archive: beside the part that MPS made. */
export const joinedIndex = 1;

/** Finds clips that are continued: as MPS made them if they are still somewhere, else as they were posted. */
export function createClipFiles(deps: ClipFilesDeps) {
  const { ledger, archive } = deps;

  /** The clip of which a task made the last part, without what was before it. */
  const partOf: Find = async (task, signal) =>
    (await originalOf(deps, task)) ?? (await postedOf(deps, task, signal));

  /**
   * All of a clip: as archived, or joined again from its parts.
   * @param last what is taken if a part is gone; of a part, if it is no longer where MPS put it
   */
  function wholeBy(last: Find): Find {
    const find: Find = async (task, signal) => {
      const { request, whole } = task;
      if (request.kind !== 'video' || !request.extends || !whole || 'missing' in whole)
        return (await originalOf(deps, task)) ?? (await last(task, signal));
      const { sha256, bytes } = whole;
      const kept = await archive?.find(task.id, joinedIndex, { sha256, bytes, type: 'video/mp4' });
      if (kept) return { file: kept.file, release: async () => {} };
      return (await rejoined(task, request.extends, signal, find)) ?? (await last(task, signal));
    };
    return find;
  }

  const asPosted: Find = (task, signal) => postedOf(deps, task, signal);
  const wholeOf = wholeBy(asPosted);

  async function rejoined(task: Task, before: Extension, signal: AbortSignal, find: Find) {
    const part = await originalOf(deps, task);
    let first: HeldClip | undefined;
    try {
      first = part && (await clipBefore(before, signal, find));
      return part && first && inSpool(deps, await deps.join(first.file, part.file, signal));
    } finally {
      await Promise.all([part?.release(), first?.release()]);
    }
  }

  async function clipBefore({ task: id, clip }: Extension, signal: AbortSignal, find: Find) {
    if (clip) return handedIn(deps, clip, signal);
    const task = id === undefined ? undefined : await ledger.find(id as TaskId);
    return task && task.purge === undefined ? find(task, signal) : undefined;
  }

  return {
    /** What ends where the new part begins; undefined if it is gone. @throws SourceError; the signal's reason */
    lastPartBefore: (before: Extension, signal: AbortSignal) => clipBefore(before, signal, partOf),
    /** All that comes before the new part; undefined if it is gone. @throws as `lastPartBefore` */
    wholeBefore: (before: Extension, signal: AbortSignal) => clipBefore(before, signal, wholeOf),
    /** All of a joined clip, in the quality that MPS made; undefined if a part is gone. @throws as `lastPartBefore` */
    originalWhole: wholeBy(async () => undefined),
  };
}

type Find = (task: Task, signal: AbortSignal) => Promise<HeldClip | undefined>;

function inSpool({ remove }: ClipFilesDeps, file: LocalFile): HeldClip {
  return { file, release: () => remove([file.path]) };
}

async function originalOf({ originals }: ClipFilesDeps, task: Task): Promise<HeldClip | undefined> {
  const found = await originals.find(task, { maxBytes: Number.POSITIVE_INFINITY });
  const file = found[0]?.file;
  if (!file) await originals.release(found);
  return file && { file, release: () => originals.release(found) };
}

async function postedOf(deps: ClipFilesDeps, task: Task, signal: AbortSignal): Promise<HeldClip | undefined> {
  const url = task.removed ? undefined : await deps.delivery.copy(task);
  if (url === undefined) return undefined;
  try {
    return inSpool(deps, await deps.download({ url, name: 'clip.mp4' }, { signal }));
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof SourceError)) throw error;
    return undefined;
  }
}

/** A user's own; its link may have died since it was ordered. */
async function handedIn(deps: ClipFilesDeps, clip: SourceClip, signal: AbortSignal): Promise<HeldClip> {
  const { download, freshen = async () => undefined } = deps;
  try {
    return inSpool(deps, await download(clip, { signal }));
  } catch (error) {
    signal.throwIfAborted();
    const url = await freshen(clip);
    if (url === undefined) throw error;
    return inSpool(deps, await download({ ...clip, url }, { signal }));
  }
}
