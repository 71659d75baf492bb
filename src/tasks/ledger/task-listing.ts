import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SharedOwners } from '../../cluster/user-task-index.js';
import type { Log } from '../../log.js';
import { createSortedIds, firstIndex, isBefore, type SortedIds } from '../../util/sorted-ids.js';
import { isOver } from '../model/state-machine.js';
import type { Task, TaskId } from '../model/task.js';
import { receivedAt } from '../model/task-record.js';
import { createOwners, type Owner } from './owner-index.js';
import { createSharing } from './owner-sharing.js';

/** A page of an owner's tasks: unfinished ones first, then finished ones; newest first. */
export interface TaskPage {
  readonly tasks: readonly Task[];
  /** From 0; the last one if there aren't that many. */
  readonly page: number;
  readonly pages: number;
}

/** What is kept in memory of a task that may be over. */
export interface OrderedTask {
  readonly id: TaskId;
  /** Undefined if the task is redacted. */
  readonly userId: string | undefined;
  readonly model: string;
}

/** Lists tasks by owner. Only reads the rows that are shown. */
export interface Listing {
  /** @throws StoreError */
  page(owner: Owner, asked: { readonly page: number; readonly perPage: number }): Promise<TaskPage>;
  /**
   * A guild's tasks received at `since` (ms since the epoch) or later, including redacted ones, newest first. No row is
   * read. They come a few at a time, with a turn for others in between; keep no more of them than you need.
   */
  since(guildId: string, since: number): AsyncIterable<readonly OrderedTask[]>;
  /** Ids of an owner's tasks of this process that aren't redacted. */
  ids(owner: Owner): readonly TaskId[];
  note(task: Task): void;
  remove(id: TaskId): void;
  /**
   * All tasks from the start have been indexed.
   * @throws StoreError
   */
  ready(): Promise<void>;
}

interface Deps {
  /** Unfinished tasks of this process. */
  readonly live: ReadonlyMap<TaskId, Task>;
  /**
   * Those of these that exist, from the store.
   * @throws StoreError
   */
  readonly read: (ids: readonly string[]) => Promise<readonly Task[]>;
  /** Users' tasks in other processes, if there are any. */
  readonly shared?: SharedOwners | undefined;
  readonly log: Log;
  readonly retryMs: number;
}

/** Most tasks of other processes checked for being unfinished, by reading their rows. */
const mostForeign = 100;
/** Tasks looked through in one go: what is made of them takes less than a millisecond, and then it is others' turn. */
const atOnce = 250;

export function createListing({ live, read, shared, log, retryMs }: Deps): Listing {
  const owners = createOwners();
  const { tell, ready } = createSharing({ shared, log, retryMs });

  /** A user's tasks that other processes run. */
  async function foreignOf(owner: Owner): Promise<SortedIds> {
    const ids = createSortedIds();
    if (!shared || !('userId' in owner)) return ids;
    for await (const some of shared.of(owner.userId)) {
      for (const id of some) if (!owners.has(id)) ids.add(id);
      await nextTurn();
    }
    return ids;
  }

  return {
    async page(owner, asked) {
      const foreign = await separate(await foreignOf(owner), read);
      return pageOf({ live, read }, { owner, ids: owners.fullOf(owner), foreign }, asked);
    },
    async *since(guildId, since) {
      let last: TaskId | undefined;
      do {
        const some = owners.of({ guildId }).olderThan(last, atOnce);
        last = some.at(-1);
        yield some.flatMap((id) =>
          owners.receivedAt(id) < since ? [] : [{ id, userId: owners.userOf(id), model: owners.modelOf(id) }],
        );
        await nextTurn();
      } while (last !== undefined);
    },
    ids: (owner) => [...owners.fullOf(owner).from(0)],
    note(task) {
      const isNew = !owners.has(task.id);
      const isEmptied = task.purge === 'done';
      if (isEmptied && !isNew) tell(owners.userOf(task.id), task.id, false);
      owners.note(task, receivedAt(task));
      if (isNew && !isEmptied) tell(task.origin.userId, task.id, true);
    },
    remove(id) {
      tell(owners.userOf(id), id, false);
      owners.remove(id);
    },
    ready,
  };
}

/** A user's tasks that other processes run. */
interface Foreign {
  readonly unfinished: readonly Task[];
  /** Ids of the others. */
  readonly over: SortedIds;
}

/** Finds the unfinished ones among the newest, and leaves out those that are gone. */
async function separate(ids: SortedIds, read: Deps['read']): Promise<Foreign> {
  const looked = ids.olderThan(undefined, mostForeign);
  const known = new Map((await read(looked)).map((task) => [task.id as string, task]));
  const there = [...known.values()].filter(({ purge }) => purge !== 'done');
  const over = new Set<string>(there.filter(({ state }) => isOver(state)).map(({ id }) => id));
  for (const id of looked) if (!over.has(id)) ids.delete(id);
  return { unfinished: there.filter(({ state }) => !isOver(state)), over: ids };
}

interface Owned {
  readonly owner: Owner;
  /** Of this process. */
  readonly ids: SortedIds<TaskId>;
  readonly foreign: Foreign;
}

async function pageOf(
  { live, read }: Pick<Deps, 'live' | 'read'>,
  { owner, ids, foreign }: Owned,
  { page: asked, perPage }: { readonly page: number; readonly perPage: number },
): Promise<TaskPage> {
  const ours = [...live.values()].filter((task) => isOf(task, owner));
  const unfinished = [...ours, ...foreign.unfinished].sort((one, other) => newestFirst(one.id, other.id));
  const over = without(ids, new Set(ours.map(({ id }) => id)));
  const pages = Math.max(1, Math.ceil((unfinished.length + over.size + foreign.over.size) / perPage));
  const page = Math.min(asked, pages - 1);
  const listed = unfinished.slice(page * perPage, (page + 1) * perPage);
  const from = Math.max(0, page * perPage - unfinished.length);
  const wanted = between(over, foreign.over, from, perPage - listed.length);
  const rows = new Map((await read(wanted)).map((task) => [task.id as string, task]));
  const tasks = [...listed, ...wanted.flatMap((id) => rows.get(id) ?? [])].filter(
    ({ purge }) => purge !== 'done',
  );
  return { tasks, page, pages };
}

function isOf({ origin, account }: Task, owner: Owner): boolean {
  return 'userId' in owner ? origin.userId === owner.userId : account.guildId === owner.guildId;
}

function newestFirst(one: string, other: string): number {
  return isBefore(one, other) ? 1 : -1;
}

type Ranked = Pick<SortedIds, 'size' | 'newerThan' | 'from'>;

/** The same ids without a few. */
function without(ids: SortedIds, some: ReadonlySet<string>): Ranked {
  const ranks = [...some].map((id) => ids.newerThan(id)).sort((one, other) => one - other);
  return {
    size: ids.size - some.size,
    newerThan: (id) => ids.newerThan(id) - [...some].filter((one) => isBefore(id, one)).length,
    *from(rank) {
      const start = ranks.reduce((at, left) => (left <= at ? at + 1 : at), rank);
      for (const id of ids.from(start)) if (!some.has(id)) yield id;
    },
  };
}

/** Ids by rank of two lists as if they were one. */
function between(ours: Ranked, theirs: SortedIds, from: number, count: number): string[] {
  if (count <= 0) return [];
  // Of theirs, as many come before as have a lower rank in both lists together.
  const nth = (at: number) => [...take(theirs.from(at), 1)][0] ?? '';
  const before = firstIndex(theirs.size, (at) => at + ours.newerThan(nth(at)) >= from);
  return [...take(merged(ours.from(from - before), theirs.from(before)), count)];
}

/** Merges two lists of ids, newest first. */
function* merged(ours: Iterable<string>, theirs: Iterable<string>): Iterable<string> {
  const others = theirs[Symbol.iterator]();
  let next = others.next();
  for (const id of ours) {
    for (; !next.done && isBefore(id, next.value); next = others.next()) yield next.value;
    yield id;
  }
  for (; !next.done; next = others.next()) yield next.value;
}

function* take<T>(items: Iterable<T>, count: number): Iterable<T> {
  let left = count;
  if (left <= 0) return;
  for (const item of items) {
    yield item;
    left -= 1;
    if (left === 0) return;
  }
}
