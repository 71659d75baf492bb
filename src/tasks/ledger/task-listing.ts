import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SharedOwners } from '../../cluster/user-task-index.js';
import type { Log } from '../../log.js';
import { isOver } from '../model/state-machine.js';
import type { Task, TaskId } from '../model/task.js';
import { receivedAt } from '../model/task-record.js';
import { createOwners, isBefore, type Owner, type Owners } from './owner-index.js';
import { createSharing } from './owner-sharing.js';

/** A page of an owner's tasks: unfinished ones first, then finished ones; newest first. */
export interface TaskPage {
  readonly tasks: readonly Task[];
  /** From 0; the last one if there aren't that many. */
  readonly page: number;
  readonly pages: number;
}

/** Lists tasks by owner. Only reads the rows that are shown. */
export interface Listing {
  /** @throws StoreError */
  page(owner: Owner, asked: { readonly page: number; readonly perPage: number }): Promise<TaskPage>;
  /**
   * A guild's tasks received at `since` (ms since the epoch) or later, including redacted ones, newest first.
   * @throws StoreError
   */
  since(guildId: string, since: number): Promise<readonly Task[]>;
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
/** Rows read in one go: parsing blocks everything else. */
const atOnce = 200;

export function createListing({ live, read, shared, log, retryMs }: Deps): Listing {
  const owners = createOwners();
  const { tell, ready } = createSharing({ shared, log, retryMs });

  /** Ids of a user's tasks that other processes run, newest first. */
  async function foreignOf(owner: Owner): Promise<readonly string[]> {
    if (!shared || !('userId' in owner)) return [];
    const ids = await shared.of(owner.userId);
    return ids.filter((id) => !owners.has(id)).sort(newestFirst);
  }

  return {
    page: async (owner, asked) => pageOf({ live, read, owners }, owner, await foreignOf(owner), asked),
    async since(guildId, since) {
      const wanted = [...owners.of({ guildId })].filter((id) => owners.receivedAt(id) >= since);
      const found: Task[] = [];
      for (let from = 0; from < wanted.length; from += atOnce) {
        const some = wanted.slice(from, from + atOnce);
        const rows = new Map((await read(some)).map((task) => [task.id, task]));
        found.push(...some.flatMap((id) => live.get(id) ?? rows.get(id) ?? []));
        await nextTurn();
      }
      return found;
    },
    ids: (owner) => [...owners.fullOf(owner)],
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

/** @param foreign ids of an owner's tasks that other processes run, newest first. */
async function pageOf(
  { live, read, owners }: Pick<Deps, 'live' | 'read'> & { readonly owners: Owners },
  owner: Owner,
  foreign: readonly string[],
  { page: asked, perPage }: { readonly page: number; readonly perPage: number },
): Promise<TaskPage> {
  const looked = foreign.slice(0, mostForeign);
  const known = new Map((await read(looked)).map((task) => [task.id as string, task]));
  const theirs = [...known.values()].filter(({ purge }) => purge !== 'done');
  const ours = [...live.values()].filter((task) => isOf(task, owner));
  const unfinished = [...ours, ...theirs.filter(({ state }) => !isOver(state))].sort((one, other) =>
    newestFirst(one.id, other.id),
  );
  const over = foreign.filter((id) => {
    const task = known.get(id);
    return task ? task.purge !== 'done' && isOver(task.state) : !looked.includes(id);
  });
  const overHere = owners.count(owner) - ours.length;
  const pages = Math.max(1, Math.ceil((unfinished.length + overHere + over.length) / perPage));
  const page = Math.min(asked, pages - 1);
  const listed = unfinished.slice(page * perPage, (page + 1) * perPage);
  const from = Math.max(0, page * perPage - unfinished.length);
  const ids = between(merged(overIn(owners.fullOf(owner), live), over), from, perPage - listed.length);
  const rows = new Map((await read(ids)).map((task) => [task.id as string, task]));
  const tasks = [...listed, ...ids.flatMap((id) => rows.get(id) ?? [])].filter(
    ({ purge }) => purge !== 'done',
  );
  return { tasks, page, pages };
}

function* overIn(ids: Iterable<TaskId>, live: ReadonlyMap<TaskId, Task>): Iterable<TaskId> {
  for (const id of ids) if (!live.has(id)) yield id;
}

function isOf({ origin, account }: Task, owner: Owner): boolean {
  return 'userId' in owner ? origin.userId === owner.userId : account.guildId === owner.guildId;
}

function newestFirst(one: string, other: string): number {
  return isBefore(one, other) ? 1 : -1;
}

/** Merges two lists of ids, newest first. */
function* merged(ours: Iterable<string>, theirs: readonly string[]): Iterable<string> {
  let at = 0;
  for (const id of ours) {
    for (let next = theirs[at]; next !== undefined && isBefore(id, next); next = theirs[++at]) yield next;
    yield id;
  }
  yield* theirs.slice(at);
}

function between(ids: Iterable<string>, from: number, count: number): string[] {
  const found: string[] = [];
  let at = 0;
  if (count <= 0) return found;
  for (const id of ids) {
    if (at++ >= from) found.push(id);
    if (found.length === count) break;
  }
  return found;
}
