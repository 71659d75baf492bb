import type { SharedOwners } from '../../cluster/user-task-index.js';
import type { Log } from '../../log.js';
import { StoreError, type Table } from '../../store/store.js';
import { createOrder } from '../../util/keyed-lock.js';
import type { Task, TaskId } from '../model/task.js';
import { isolated } from './record-check.js';
import { readRow } from './record-schema.js';
import type { TaskIndex } from './task-index.js';
import { createListing } from './task-listing.js';

export interface LedgerDeps {
  readonly table: Table<unknown>;
  readonly log: Log;
  readonly now: () => number;
  /**
   * True if this process runs the task; others are read only.
   * @default all
   */
  readonly owns?: (task: Task) => boolean;
  /** Called with each task read or written, over or not. */
  readonly note?: (task: Task) => void;
  readonly index?: TaskIndex | undefined;
  /** The index of users' tasks, if other processes run some of them. */
  readonly shared?: SharedOwners | undefined;
  /** ms before a failed write is retried; doubles up to 30 s. */
  readonly retryMs?: number;
}

/** What the parts of the ledger share. */
export type LedgerState = ReturnType<typeof createLedgerState>;

export function createLedgerState(deps: LedgerDeps) {
  const { table, log, now, owns = () => true, note = () => {}, index, shared, retryMs = 250 } = deps;
  const tellNote = isolated([note], log);
  const live = new Map<TaskId, Task>();
  /** Guilds that pay for tasks that aren't redacted. */
  const guilds = new Set<string>();
  let loaded = false;

  async function read(ids: readonly string[]): Promise<Task[]> {
    if (ids.length === 0) return [];
    return [...(await table.getMany(ids))].flatMap(([id, stored]) => readRow(id, stored).task ?? []);
  }

  const listing = createListing({ live, read, shared, log, retryMs });
  const closing = new AbortController();
  return {
    table,
    log,
    now,
    owns,
    index,
    retryMs,
    live,
    guilds,
    /** Other processes read these records. */
    isShared: shared !== undefined,
    listing,
    closing,
    inOrder: createOrder(),
    /** A task was read or written. */
    see(task: Task): void {
      const { guildId } = task.account;
      if (guildId !== undefined && task.purge !== 'done') guilds.add(guildId);
      listing.note(task);
      tellNote(task);
    },
    /** A task was changed that may be over. */
    seeAgain(task: Task): void {
      listing.note(task);
      tellNote(task);
    },
    markLoaded(): void {
      loaded = true;
    },
    /** @throws StoreError until the ledger was loaded. */
    requireLoaded(): void {
      if (!loaded) throw new StoreError('unopenable', 'tasks', 'the ledger has not been loaded yet');
    },
  };
}
