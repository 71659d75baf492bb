import type { SharedOwners } from '../../cluster/user-task-index.js';
import type { Log } from '../../log.js';
import type { GenerationRequest } from '../../mps/generation-request.js';
import { StoreError, type Table } from '../../store/store.js';
import { createOrder } from '../../util/keyed-lock.js';
import { retry } from '../../util/retry.js';
import { second } from '../../util/time.js';
import { isAlive, isOver } from '../model/state-machine.js';
import type { Origin, Task, TaskEvent, TaskId } from '../model/task.js';
import { advance, emptied, lastChange, receivedAt } from '../model/task-record.js';
import type { Owner } from './owner-index.js';
import { isolated, requireSound } from './record-check.js';
import { readRow } from './record-schema.js';
import { createListing, type Listing } from './task-listing.js';

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

/** What tasks are found by, other than their id: it is kept up with the rows. */
export interface TaskIndex {
  /** A task as it is read at the start, also where it is another process's to run. */
  see(task: Task): void;
  /** All have been seen. @throws StoreError: they will be seen again. */
  ready(): Promise<void>;
  /** These are about to be removed. @throws StoreError: then they are not. */
  drop(tasks: readonly Task[]): Promise<void>;
}

/** Several indexes as one. */
export function allOf(...given: readonly (TaskIndex | undefined)[]): TaskIndex {
  const indexes = given.filter((index) => index !== undefined);
  return {
    see: (task) => indexes.forEach((index) => void index.see(task)),
    async ready() {
      for (const index of indexes) await index.ready();
    },
    async drop(tasks) {
      for (const index of indexes) await index.drop(tasks);
    },
  };
}

interface Deps {
  readonly table: Table<unknown>;
  readonly log: Log;
  readonly now: () => number;
  /** Whether a task is this process's to run; the others are another's, and only looked at. All are unless told. */
  readonly owns?: (task: Task) => boolean;
  /** Sees each task as it is read or written, over or not. */
  readonly note?: (task: Task) => void;
  readonly index?: TaskIndex | undefined;
  /** Whose tasks are whose, where other processes run some of them. */
  readonly shared?: SharedOwners | undefined;
  /** ms before a failed write is tried again; doubles up to 30 s. */
  readonly retryMs?: number;
}

/** Records that are named one by one if they cannot be read. */
const mostNamed = 20;
const unreadable =
  'a record of the ledger cannot be read: it is left as it is, and nothing more is done about its order';

export function createLedger(deps: Deps): Ledger {
  const { table, log, now, owns = () => true, note = () => {}, index, shared, retryMs = 250 } = deps;
  const tellNote = isolated([note], log);
  const tellIndex = isolated(index ? [index.see] : [], log);
  const live = new Map<TaskId, Task>();
  const inOrder = createOrder();
  const closing = new AbortController();

  /** Guilds that pay for tasks which are not emptied. */
  const guilds = new Set<string>();
  let loaded = false;
  let unread = 0;

  const listing = createListing({ live, read, shared, log, retryMs });

  async function read(ids: readonly string[]): Promise<Task[]> {
    if (ids.length === 0) return [];
    return [...(await table.getMany(ids))].flatMap(([id, stored]) => readRow(id, stored).task ?? []);
  }

  function see(task: Task): void {
    const { guildId } = task.account;
    if (guildId !== undefined && task.purge !== 'done') guilds.add(guildId);
    listing.note(task);
    tellNote(task);
  }

  function requireLoaded(): void {
    if (!loaded) throw new StoreError('unopenable', 'tasks', 'the ledger has not been loaded yet');
  }

  async function write(task: Task): Promise<void> {
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

  async function change(id: TaskId, next: (task: Task) => Task): Promise<Task> {
    return inOrder(id, async () => {
      const current = live.get(id);
      if (!current) throw new Error(`No unfinished task ${id} is in the ledger.`);
      const task = tidied(next(current));
      requireSound(task);
      await write(task);
      if (isOver(task.state)) live.delete(id);
      else live.set(id, task);
      see(task);
      return task;
    });
  }

  async function list(match: (task: Task) => boolean): Promise<Task[]> {
    const found: Task[] = [];
    for await (const [id, stored] of table.entries()) {
      const { task } = readRow(id, stored);
      // What is in memory is never older than what the walk comes upon.
      const latest = task && (live.get(task.id) ?? task);
      if (latest?.id === id && match(latest)) found.push(latest);
    }
    return found;
  }

  /** Changes any task of this process that is kept, over or not; undefined for one that is not, or is not to be changed. */
  async function rewrite(id: TaskId, next: (task: Task) => Task | undefined): Promise<Task | undefined> {
    return inOrder(id, async () => {
      const task = live.get(id) ?? readRow(id, await table.get(id)).task;
      // Another process may be about to write its own, and what it empties must stay empty.
      const changed = task && owns(task) ? next(task) : undefined;
      if (!changed) return undefined;
      requireSound(changed);
      await table.set(id, changed);
      if (live.has(id)) live.set(id, changed);
      listing.note(changed);
      tellNote(changed);
      return changed;
    });
  }

  return {
    async load() {
      const found: Task[] = [];
      unread = 0;
      for await (const [id, stored] of table.entries()) {
        const { task, reason } = readRow(id, stored);
        if (task) tellIndex(task);
        if (task && owns(task)) {
          see(task);
          if (!isOver(task.state)) found.push(task);
        }
        if (!task && ++unread <= mostNamed) log.error({ record: id, reason }, unreadable);
      }
      if (unread > mostNamed) log.error({ records: unread }, unreadable);
      await index?.ready();
      await listing.ready();
      for (const task of found) live.set(task.id, task);
      loaded = true;
    },
    add: (task) =>
      inOrder(task.id, async () => {
        closing.signal.throwIfAborted();
        requireLoaded();
        requireSound(task);
        if (live.has(task.id) || !(await table.add(task.id, task))) return false;
        live.set(task.id, task);
        see(task);
        return true;
      }),
    withdraw: (id) =>
      inOrder(id, async () => {
        if (live.get(id)?.state.name !== 'received') return;
        await table.delete(id);
        live.delete(id);
        listing.remove(id);
      }),
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
    list,
    page: listing.page,
    since: listing.since,
    async purge(owner) {
      requireLoaded();
      const purged: Task[] = [];
      for (const id of listing.ids(owner)) {
        closing.signal.throwIfAborted();
        // Emptied at once if it is over, else noted that it is to be.
        const task = await rewrite(id, (kept) =>
          kept.purge === undefined ? tidied({ ...kept, purge: 'wanted' }) : undefined,
        );
        if (task) purged.push(task);
      }
      const done = purged.filter(({ purge }) => purge === 'done').length;
      return { emptied: done, later: purged.length - done };
    },
    guilds() {
      requireLoaded();
      return [...guilds];
    },
    unreadable: () => unread,
    async prune(before) {
      // Collected first: rows must not be deleted while iterating (docs/library-notes.md#keyvsqlite-and-keyv).
      const old: Task[] = [];
      for await (const [id, stored] of table.entries()) {
        const { task } = readRow(id, stored);
        if (task && owns(task) && !isAlive(task.state) && lastChange(task) < before) old.push(task);
      }
      await index?.drop(old);
      for (const { id } of old) {
        live.delete(id);
        await table.delete(id);
        listing.remove(id);
      }
      return old.length;
    },
    close: () => closing.abort(new LedgerClosedError('The ledger is closed.')),
  };
}

/** A task whose purge is wanted is emptied as soon as it is over. */
function tidied(task: Task): Task {
  return task.purge === 'wanted' && isOver(task.state) ? emptied(task) : task;
}
