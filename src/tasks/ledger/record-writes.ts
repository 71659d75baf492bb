import { isDeepStrictEqual } from 'node:util';
import { isFenced } from '../../store/store.js';
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
  const { live, closing, inOrder } = state;
  const unsaved = createUnsaved(state);

  /** Changes an unfinished task, and goes on trying while the store is broken. @throws the reason of a closed ledger. */
  const change = (id: TaskId, by: (task: Task) => Task) =>
    inOrder(id, async () => {
      const task = changed(live.get(id), id, by);
      await unsaved.saving(id, () => write(state, task));
      if (isOver(task.state)) live.delete(id);
      else live.set(id, task);
      state.see(task);
      return task;
    });

  /** Changes an unfinished task in memory; its next write, or one that follows soon, persists that too. */
  const changeSoon = (id: TaskId, by: (task: Task) => Task) =>
    inOrder(id, async () => {
      closing.signal.throwIfAborted();
      const task = changed(live.get(id), id, by);
      live.set(id, task);
      state.see(task);
      unsaved.note(id);
      return task;
    });

  return {
    ...createArrivals(state),
    change,
    changeSoon: state.isShared ? change : changeSoon,
    /**
     * Changes any stored task of this process, over or not; undefined if there is none or nothing changes.
     * @throws StoreError
     */
    rewrite: (id: TaskId, next: (task: Task) => Task | undefined) =>
      inOrder(id, () => rewrite(state, id, next)),
    /** As `Ledger.close`. */
    close(reason: Error): Promise<void> {
      closing.abort(reason);
      return unsaved.saveAll();
    },
  };
}

/** New tasks, and those that are taken back because they were never acknowledged. */
function createArrivals(state: LedgerState) {
  const { live, listing, closing, inOrder } = state;
  const { addOnce, takeBack, doubt } = createAdding(state);

  async function addNew(task: Task): Promise<boolean> {
    closing.signal.throwIfAborted();
    state.requireLoaded();
    requireSound(task);
    if (live.has(task.id) || !(await addOnce(task))) return false;
    live.set(task.id, task);
    state.see(task);
    return true;
  }

  function forget(task: Task): void {
    // Another one is that of an event that came twice.
    if (live.get(task.id) !== task) return;
    live.delete(task.id);
    listing.remove(task.id);
    doubt(task);
  }

  return {
    /** As `Ledger.add`. */
    add: (task: Task) => inOrder(task.id, () => addNew(task)),
    /** As `Ledger.withdraw`. */
    async withdraw(task: Task) {
      await inOrder(task.id, async () => forget(task));
      await takeBack(task.id);
    },
  };
}

function changed(current: Task | undefined, id: TaskId, change: (task: Task) => Task): Task {
  if (!current) throw new Error(`No unfinished task ${id} is in the ledger.`);
  const task = tidied(change(current));
  requireSound(task);
  return task;
}

/** After this time (ms) a change that had no write of its own is written. */
const soonMs = 100;

/** Tasks that were changed in memory alone, until a write of theirs has succeeded. */
function createUnsaved(state: LedgerState) {
  const { table, live, log, closing, inOrder } = state;
  const timers = new Map<TaskId, NodeJS.Timeout>();

  async function saving(id: TaskId, work: () => Promise<void>): Promise<void> {
    clearTimeout(timers.get(id));
    let isDone = false;
    try {
      await work();
      isDone = true;
    } finally {
      // A write that a closing ledger gave up is tried once more, without what was to follow.
      if (isDone || !closing.signal.aborted) timers.delete(id);
    }
  }

  const save = (id: TaskId, by: (task: Task) => Promise<void>) =>
    inOrder(id, async () => {
      const task = live.get(id);
      if (timers.has(id) && task) await saving(id, () => by(task));
    }).catch((error: unknown) => {
      // A crash at this moment would have left the same.
      if (!closing.signal.aborted && !isFenced(error))
        log.error({ task: id, err: error }, 'a change of a task was not saved');
    });

  return {
    /** Does a write of that task, with all that was changed. */
    saving,
    note(id: TaskId): void {
      if (!timers.has(id))
        timers.set(
          id,
          setTimeout(save, soonMs, id, (task: Task) => write(state, task)),
        );
    },
    /** Tries once for each, after what is being written. */
    async saveAll(): Promise<void> {
      await Promise.all([...timers.keys()].map((id) => save(id, (task) => table.set(id, task))));
    },
  };
}

/**
 * Adds records, each unless there is one of that id, and takes them back. If the answer to an earlier try was lost, the one
 * that is there may be ours.
 */
function createAdding({ table, live, log, retryMs, closing, inOrder }: LedgerState) {
  /** Tried, and perhaps stored; of one id every version. */
  const doubtful = new Map<TaskId, readonly Task[]>();

  function doubt(task: Task): void {
    const others = (doubtful.get(task.id) ?? []).filter((one) => one !== task);
    doubtful.set(task.id, [...others, task]);
  }

  /** True if the record that is there is an earlier try of ours, and is this one now. */
  async function replace(task: Task): Promise<boolean> {
    const tried = doubtful.get(task.id);
    if (!tried) return false;
    if (await isStored(table, [task])) return true;
    if (!(await isStored(table, tried))) return false;
    // The same event asks again, later: its first try was refused.
    await table.set(task.id, task);
    return true;
  }

  async function addOnce(task: Task): Promise<boolean> {
    const { id } = task;
    try {
      const isOurs = (await table.add(id, task)) || (await replace(task));
      doubtful.delete(id);
      return isOurs;
    } catch (error) {
      doubt(task);
      throw error;
    }
  }

  const remove = (id: TaskId) =>
    inOrder(id, async () => {
      const tried = doubtful.get(id);
      // Unless it was added after all.
      if (!tried || live.has(id)) return;
      if (await isStored(table, tried)) await table.delete(id);
      doubtful.delete(id);
    });

  /** Removes what is in doubt. Resolves after the first try; the others follow in the background. */
  async function takeBack(id: TaskId): Promise<void> {
    try {
      await remove(id);
    } catch (error) {
      if (isFenced(error)) return;
      log.warn(
        { task: id, err: error },
        'a refused task may be in the store; it is removed as soon as possible',
      );
      retry(() => remove(id), {
        firstMs: retryMs,
        maxMs: 30 * second,
        signal: closing.signal,
        ref: false,
        onFailure(again) {
          // Another process decides about it.
          if (isFenced(again)) throw again;
        },
      }).catch(() => {});
    }
  }

  return { addOnce, takeBack, doubt };
}

async function isStored(table: LedgerState['table'], tried: readonly Task[]): Promise<boolean> {
  const id = tried[0]?.id;
  const stored = id && readRow(id, await table.get(id)).task;
  return stored !== undefined && tried.some((one) => isDeepStrictEqual(undoubted(stored), undoubted(one)));
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
      if (isFenced(error)) throw error;
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
