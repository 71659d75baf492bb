import type { GenerationRequest } from '../../mps/generation-request.js';
import type { Origin, Task, TaskEvent, TaskId } from '../model/task.js';
import { advance, receivedAt } from '../model/task-record.js';
import { createLoading } from './ledger-load.js';
import { createLedgerState, type LedgerDeps, type LedgerState } from './ledger-state.js';
import type { Owner } from './owner-index.js';
import { readRow } from './record-schema.js';
import { createRecordWrites } from './record-writes.js';
import { createRetention } from './retention.js';
import type { Listing } from './task-listing.js';

/**
 * The durable book of tasks. What it answers is written: an event is in the store before the promise resolves, so the
 * act that depends on it may follow. Unfinished tasks are kept in memory; the store holds all of them.
 */
export interface Ledger {
  /**
   * Reads every record and keeps this process's unfinished tasks at hand; until it has, no task is added.
   * @throws StoreError while the store cannot be read; it may be called again.
   */
  load(): Promise<void>;
  /**
   * Writes a new task down. False if a task of that id exists already, over or not: nothing was changed.
   * @throws StoreError when the store does not take it, or was never read; then the task must not be acknowledged.
   */
  add(task: Task): Promise<boolean>;
  /** Takes out a task that was only received, and that no one has been told of. @throws StoreError */
  withdraw(id: TaskId): Promise<void>;
  /** An unfinished task, from memory. */
  get(id: TaskId): Task | undefined;
  /** Any task the ledger still keeps, from memory or the store; none that was purged. */
  find(id: TaskId): Promise<Task | undefined>;
  /**
   * Makes the event happen and persists it, in order with all other writes of this task. While the store is broken it
   * keeps trying: an acknowledged task is never dropped.
   * @throws TransitionError if the event cannot happen; the signal's reason when the ledger is closed meanwhile.
   */
  record(id: TaskId, event: TaskEvent): Promise<Task>;
  /** Changes what is known of where the task came from (an answer confirmed, a message found). */
  amend(id: TaskId, origin: Partial<Origin>): Promise<Task>;
  /** Changes what is ordered, as long as nothing is: a source image that is hosted elsewhere now. */
  revise(id: TaskId, request: GenerationRequest): Promise<Task>;
  /** Persists that a step which may end the process begins; undefined forgets it, as does any event. */
  attempt(id: TaskId, attempt: Task['attempts']): Promise<Task>;
  /** Notes that the message with a result is gone, of this process's tasks. @throws StoreError when the store does not take it. */
  markRemoved(id: TaskId): Promise<void>;
  /** This process's unfinished tasks, oldest first. */
  unfinished(): readonly Task[];
  /** Every task that matches, over or not. Reads the whole store: for no command to do. @throws StoreError */
  list(match: (task: Task) => boolean): Promise<readonly Task[]>;
  /** A page of what a user, or a guild that pays, has ordered. @throws StoreError */
  page: Listing['page'];
  /** As for Listing. */
  since: Listing['since'];
  /**
   * Empties every task of this process that is an owner's of all but what the account needs (`emptied`): those that are over now, the others
   * as soon as they are, also across a restart.
   * @returns how many of each.
   * @throws StoreError when the store does not take it; some may be emptied then, and it may be called again.
   */
  purge(owner: Owner): Promise<{ readonly emptied: number; readonly later: number }>;
  /**
   * Guilds that have Easel as a member, or had it, and of whose tasks more may be kept than the account needs.
   * @throws StoreError until the ledger was read.
   */
  guilds(): readonly string[];
  /**
   * Records that could not be read when the ledger was loaded. They stay where they are, so that none is ordered
   * again.
   */
  unreadable(): number;
  /** Removes tasks that ended before `before` (ms since the epoch). Returns how many. */
  prune(before: number): Promise<number>;
  /** Ends waiting writes; what was acknowledged is in the store. */
  close(): void;
}

/** The table of tasks in the store. */
export const ledgerTable = 'tasks';

/** Easel stops: what was acknowledged is in the store, and nothing more is written. */
export class LedgerClosedError extends Error {
  override readonly name = 'LedgerClosedError';
}

export function createLedger(deps: LedgerDeps): Ledger {
  const state = createLedgerState(deps);
  const { table, now, live, guilds, listing, closing, requireLoaded } = state;
  const { load, unreadable } = createLoading(state);
  const writes = createRecordWrites(state);
  const { add, withdraw, change, rewrite } = writes;
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
    record: (id, event) => change(id, (task) => advance(task, event, now())),
    amend: (id, origin) => change(id, (task) => ({ ...task, origin: { ...task.origin, ...origin } })),
    revise: (id, request) => change(id, (task) => ({ ...task, request })),
    attempt: (id, attempts) =>
      change(id, ({ attempts: _, ...task }) => (attempts ? { ...task, attempts } : task)),
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
    close: () => closing.abort(new LedgerClosedError('The ledger is closed.')),
  };
}

async function list({ table, live }: LedgerState, match: (task: Task) => boolean): Promise<Task[]> {
  const found: Task[] = [];
  for await (const [id, stored] of table.entries()) {
    const { task } = readRow(id, stored);
    // What is in memory is never older than what the walk comes upon.
    const latest = task && (live.get(task.id) ?? task);
    if (latest?.id === id && match(latest)) found.push(latest);
  }
  return found;
}
