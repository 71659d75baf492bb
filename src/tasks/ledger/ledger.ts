import type { GenerationRequest } from '../../mps/generation-request.js';
import type { Account } from '../../quota/account.js';
import type { Origin, Task, TaskEvent, TaskId } from '../model/task.js';
import { advance, receivedAt } from '../model/task-record.js';
import { withCosts, withOrder } from '../model/task-set.js';
import { createLoading } from './ledger-load.js';
import { createLedgerState, type LedgerDeps, type LedgerState } from './ledger-state.js';
import type { Owner } from './owner-index.js';
import { readRow } from './record-schema.js';
import { createRecordWrites } from './record-writes.js';
import { createRetention } from './retention.js';
import type { Listing } from './task-listing.js';

/**
 * The ledger of all tasks. Everything it confirms is persisted (write-ahead): an event is in the store before the
 * promise resolves, so the step that depends on it may follow. Unfinished tasks are kept in memory; the store holds
 * all of them.
 */
export interface Ledger {
  /**
   * Reads every record and loads this process's unfinished tasks; no task can be added before that.
   * @throws StoreError while the store can't be read; it may be called again.
   */
  load(): Promise<void>;
  /**
   * Persists a new task. False if a task with that id already exists, over or not: nothing was changed.
   * @throws StoreError if it can't be persisted, or the store was never read; then the task must not be acknowledged.
   */
  add(task: Task): Promise<boolean>;
  /**
   * Removes a task that was just added and never acknowledged, or whose `add` failed: it may be in the store
   * nevertheless. From now on it can't run here; while the store fails, its record is removed in the background.
   * @param task as it was passed to `add`.
   * @returns resolves after the first try.
   */
  withdraw(task: Task): Promise<void>;
  /** An unfinished task, from memory. */
  get(id: TaskId): Task | undefined;
  /** Any task in the ledger, from memory or the store, unless redacted. */
  find(id: TaskId): Promise<Task | undefined>;
  /** Who pays for a task, also if it was redacted; undefined if its record is gone. */
  payer(id: TaskId): Promise<Account | undefined>;
  /**
   * Applies an event and persists it, in order with all other writes of this task. While the store fails it keeps
   * retrying: an acknowledged task is never dropped.
   * @throws TransitionError if the event can't happen; the signal's reason if the ledger is closed meanwhile.
   */
  record(id: TaskId, event: TaskEvent): Promise<Task>;
  /**
   * The same for an event that nothing outside depends on: persisted with the task's next record, and after 100 ms at the
   * latest; at once where other processes read it. A crash before that finds the task one step earlier, from where it comes to the same.
   * @throws TransitionError; an Error if there is no such unfinished task.
   */
  recordSoon(id: TaskId, event: TaskEvent): Promise<Task>;
  /** Updates a task's origin (an answer confirmed, a message found). */
  amend(id: TaskId, origin: Partial<Origin>): Promise<Task>;
  /** The same, persisted as `recordSoon` does. */
  amendSoon(id: TaskId, origin: Partial<Origin>): Promise<Task>;
  /**
   * Updates a request before it is submitted: a source image that is hosted elsewhere now.
   * @param request of a set's lead the whole order, if it has a `set`.
   */
  revise(id: TaskId, request: GenerationRequest): Promise<Task>;
  /** Persists that a step which may crash the process starts; undefined clears it, as does any event. */
  attempt(id: TaskId, attempt: Task['attempts']): Promise<Task>;
  /** Changes what an order costs before it is reserved: its clips have been looked at. */
  recost(id: TaskId, costs: readonly Task['cost'][]): Promise<Task>;
  /** Records what became of a clip that continues another, before it is posted. */
  noteWhole(id: TaskId, whole: NonNullable<Task['whole']>): Promise<Task>;
  /**
   * Records that the message with a result was deleted (this process's tasks).
   * @throws StoreError if it can't be persisted.
   */
  markRemoved(id: TaskId): Promise<void>;
  /** This process's unfinished tasks, oldest first. */
  unfinished(): readonly Task[];
  /**
   * Every matching task, over or not. Reads the whole store: not for commands.
   * @throws StoreError
   */
  list(match: (task: Task) => boolean): Promise<readonly Task[]>;
  /**
   * A page of the tasks of a user or a paying guild.
   * @throws StoreError
   */
  page: Listing['page'];
  /** As for Listing. */
  since: Listing['since'];
  /**
   * Redacts all of an owner's tasks in this process, except what accounting needs (`emptied`): finished ones now, the
   * others as soon as they end, also across a restart.
   * @returns how many of each.
   * @throws StoreError if it can't be persisted; some may be redacted then, and it may be called again.
   */
  purge(owner: Owner): Promise<{ readonly emptied: number; readonly later: number }>;
  /**
   * Guilds that have or had Easel as a member and whose tasks may not be redacted yet.
   * @throws StoreError until the ledger is loaded.
   */
  guilds(): readonly string[];
  /**
   * Records that were unreadable when the ledger was loaded. They stay in the store, so that none is ordered again.
   */
  unreadable(): number;
  /** Removes tasks that ended before `before` (ms since the epoch). Returns how many. */
  prune(before: number): Promise<number>;
  /** Ends pending retries; everything acknowledged is in the store. Resolves when what was to be saved soon is, too. */
  close(): Promise<void>;
}

/** The table of tasks in the store. */
export const ledgerTable = 'tasks';

/** Easel is stopping: everything acknowledged is in the store, and nothing more is written. */
export class LedgerClosedError extends Error {
  override readonly name = 'LedgerClosedError';
}

export function createLedger(deps: LedgerDeps): Ledger {
  const state = createLedgerState(deps);
  const { table, now, live, guilds, listing, requireLoaded } = state;
  const { load, unreadable } = createLoading(state);
  const writes = createRecordWrites(state);
  const { add, withdraw, change, changeSoon, rewrite } = writes;
  const { purge, prune } = createRetention(state, writes);

  return {
    load,
    add,
    withdraw,
    get: (id) => live.get(id),
    async find(id) {
      const task = live.get(id) ?? readRow(id, await table.get(id)).task;
      return task?.purge === 'done' ? undefined : task;
    },
    payer: async (id) => (live.get(id) ?? readRow(id, await table.get(id)).task)?.account,
    record: (id, event) => change(id, (task) => advance(task, event, now())),
    recordSoon: (id, event) => changeSoon(id, (task) => advance(task, event, now())),
    amend: (id, origin) => change(id, amended(origin)),
    amendSoon: (id, origin) => changeSoon(id, amended(origin)),
    revise: (id, request) =>
      change(id, (task) => (request.set ? withOrder(task, request) : { ...task, request })),
    attempt: (id, attempts) =>
      change(id, ({ attempts: _, ...task }) => (attempts ? { ...task, attempts } : task)),
    recost: (id, costs) => change(id, (task) => withCosts(task, costs)),
    noteWhole: (id, whole) => change(id, (task) => ({ ...task, whole })),
    async markRemoved(id) {
      await rewrite(id, (task) =>
        task.state.name === 'delivered' && !task.removed ? { ...task, removed: true } : undefined,
      );
    },
    unfinished: () => [...live.values()].sort((a, b) => receivedAt(a) - receivedAt(b)),
    list: (match) => list(state, match),
    page: listing.page,
    since: listing.since,
    purge,
    prune,
    guilds() {
      requireLoaded();
      return [...guilds];
    },
    unreadable,
    close: () => writes.close(new LedgerClosedError('The ledger is closed.')),
  };
}

function amended(origin: Partial<Origin>): (task: Task) => Task {
  return (task) => ({ ...task, origin: { ...task.origin, ...origin } });
}

async function list({ table, live }: LedgerState, match: (task: Task) => boolean): Promise<Task[]> {
  const found: Task[] = [];
  for await (const [id, stored] of table.entries()) {
    const { task } = readRow(id, stored);
    // Memory is never older than the row being read.
    const latest = task && (live.get(task.id) ?? task);
    if (latest?.id === id && match(latest)) found.push(latest);
  }
  return found;
}
