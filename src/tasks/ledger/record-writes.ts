import { isDeepStrictEqual } from 'node:util';
import { StoreError } from '../../store/store.js';
import { retry } from '../../util/retry.js';
import { second } from '../../util/time.js';
import { isOver } from '../model/state-machine.js';
import type { Task, TaskId } from '../model/task.js';
import { emptied } from '../model/task-record.js';
import type { LedgerState } from './ledger-state.js';
import { requireSound } from './record-check.js';
import { readRow } from './record-schema.js';

export type RecordWrites = ReturnType<typeof createRecordWrites>;

/** Writes records one at a time for each task; what is in memory follows the store. */
export function createRecordWrites(state: LedgerState) {
  const { table, live, listing, closing, inOrder } = state;
  const addOnce = createAdding(state);
  return {
    /** As `Ledger.add`. */
    add: (task: Task) =>
      inOrder(task.id, async () => {
        closing.signal.throwIfAborted();
        state.requireLoaded();
        requireSound(task);
        if (live.has(task.id) || !(await addOnce(task))) return false;
        live.set(task.id, task);
        state.see(task);
        return true;
      }),
    /** As `Ledger.withdraw`. */
    withdraw: (id: TaskId) =>
      inOrder(id, async () => {
        if (live.get(id)?.state.name !== 'received') return;
        await table.delete(id);
        live.delete(id);
        listing.remove(id);
      }),
    /** Changes an unfinished task, and goes on trying while the store is broken. @throws the reason of a closed ledger. */
    change: (id: TaskId, next: (task: Task) => Task) =>
      inOrder(id, async () => {
        const current = live.get(id);
        if (!current) throw new Error(`No unfinished task ${id} is in the ledger.`);
        const task = tidied(next(current));
        requireSound(task);
        await write(state, task);
        if (isOver(task.state)) live.delete(id);
        else live.set(id, task);
        state.see(task);
        return task;
      }),
    /**
     * Changes any stored task of this process, over or not; undefined if there is none or nothing changes.
     * @throws StoreError
     */
    rewrite: (id: TaskId, next: (task: Task) => Task | undefined) =>
      inOrder(id, () => rewrite(state, id, next)),
  };
}

/**
 * Adds a record, unless there is one of that id. If the answer to an earlier try was lost, the one that is there may be ours.
 */
function createAdding({ table }: Pick<LedgerState, 'table'>) {
  /** Tried, and perhaps stored. */
  const doubtful = new Set<TaskId>();
  return async function addOnce(task: Task): Promise<boolean> {
    const { id } = task;
    try {
      const isNew = await table.add(id, task);
      const isOurs = isNew || (doubtful.has(id) && (await isStored(table, task)));
      doubtful.delete(id);
      return isOurs;
    } catch (error) {
      doubtful.add(id);
      throw error;
    }
  };
}

async function isStored(table: LedgerState['table'], task: Task): Promise<boolean> {
  const { task: stored } = readRow(task.id, await table.get(task.id));
  return isDeepStrictEqual(stored && undoubted(stored), undoubted(task));
}

/** As it is stored, and without its deletion, which may have been wanted since. */
function undoubted({ purge: _wanted, ...task }: Task): unknown {
  return JSON.parse(JSON.stringify(task));
}

async function write({ table, log, retryMs, closing }: LedgerState, task: Task): Promise<void> {
  await retry(() => table.set(task.id, task), {
    firstMs: retryMs,
    maxMs: 30 * second,
    jitter: false,
    signal: closing.signal,
    onFailure(error, { againInMs }) {
      // Another process resumes it.
      if (error instanceof StoreError && error.reason === 'fenced') throw error;
      log.error({ task: task.id, err: error, againInMs }, 'the ledger could not be written');
    },
  });
}

async function rewrite(state: LedgerState, id: TaskId, next: (task: Task) => Task | undefined) {
  const { table, live, owns } = state;
  const task = live.get(id) ?? readRow(id, await table.get(id)).task;
  // Another process may be about to write its own task, and what it redacts must stay redacted.
  const changed = task && owns(task) ? next(task) : undefined;
  if (!changed) return undefined;
  requireSound(changed);
  await table.set(id, changed);
  if (live.has(id)) live.set(id, changed);
  state.seeAgain(changed);
  return changed;
}

/** A task marked for redaction is redacted as soon as it is over. */
export function tidied(task: Task): Task {
  return task.purge === 'wanted' && isOver(task.state) ? emptied(task) : task;
}
