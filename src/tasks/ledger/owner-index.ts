import type { Task, TaskId } from '../model/task.js';

/** Owner of tasks: a user, wherever they ordered; or a paying guild. */
export type Owner = { readonly userId: string } | { readonly guildId: string };

/**
 * This process's tasks by owner, newest last: derived from the ledger as it is read and written, so that no command
 * has to scan all records. It only holds ids, which are Discord's and so sort by time.
 */
export interface Owners {
  /** Records a task's current state. A redacted one no longer belongs to a user, but still to its guild. */
  note(task: Task, receivedAt: number): void;
  has(id: string): boolean;
  /** Its user, unless redacted. */
  userOf(id: TaskId): string | undefined;
  /** ms since the epoch. */
  receivedAt(id: TaskId): number;
  remove(id: TaskId): void;
  /** Ids of an owner's tasks, newest first; for a guild including redacted ones. */
  of(owner: Owner): Iterable<TaskId>;
  /** Those that aren't redacted. */
  fullOf(owner: Owner): Iterable<TaskId>;
  /** How many of an owner's tasks aren't redacted. */
  count(owner: Owner): number;
}

interface Shelf {
  readonly key: string;
  /** Oldest first; includes removed tasks until there are too many of them. */
  ids: TaskId[];
  /** True if `ids` is sorted: rows are read in key order and written nearly in event order. */
  sorted: boolean;
  /** Existing tasks, and how many of them aren't redacted. */
  held: number;
  full: number;
}

interface Entry {
  readonly shelves: Set<Shelf>;
  readonly user: Shelf | undefined;
  readonly userId: string | undefined;
  readonly receivedAt: number;
  isFull: boolean;
}

export function createOwners(): Owners {
  const entries = new Map<string, Entry>();
  const shelves = createShelves(entries);

  function add(task: Task, receivedAt: number): void {
    const { userId, guildId } = task.origin;
    const isEmptied = task.purge === 'done';
    const user = isEmptied ? undefined : shelves.of(`user:${userId}`);
    const guild = task.account.guildId ?? (task.origin.guildInstalled ? guildId : undefined);
    const guilds = guild === undefined ? [] : [shelves.of(`guild:${guild}`)];
    const at = user ? [user, ...guilds] : guilds;
    entries.set(task.id, {
      shelves: new Set(at),
      user,
      receivedAt,
      isFull: true,
      userId: isEmptied ? undefined : userId,
    });
    for (const shelf of at) shelves.put(task.id, shelf);
  }

  function empty(entry: Entry): void {
    entry.isFull = false;
    for (const shelf of entry.shelves) shelf.full -= 1;
    if (!entry.user) return;
    entry.shelves.delete(entry.user);
    shelves.take(entry.user);
  }

  return {
    has: (id) => entries.has(id),
    userOf: (id) => (entries.get(id)?.isFull ? entries.get(id)?.userId : undefined),
    receivedAt: (id) => entries.get(id)?.receivedAt ?? 0,
    note(task, receivedAt) {
      if (!entries.has(task.id)) add(task, receivedAt);
      const entry = entries.get(task.id);
      if (entry?.isFull && task.purge === 'done') empty(entry);
    },
    remove(id) {
      const entry = entries.get(id);
      if (!entry) return;
      entries.delete(id);
      for (const shelf of entry.shelves) {
        if (entry.isFull) shelf.full -= 1;
        shelves.take(shelf);
      }
    },
    of: (owner) => walk(shelves.get(keyOf(owner)), entries, false),
    fullOf: (owner) => walk(shelves.get(keyOf(owner)), entries, true),
    count: (owner) => shelves.get(keyOf(owner))?.full ?? 0,
  };
}

/** Shelves by owner; one that holds nothing more goes. */
function createShelves(entries: ReadonlyMap<string, Entry>) {
  const shelves = new Map<string, Shelf>();
  return {
    get: (key: string) => shelves.get(key),
    of(key: string): Shelf {
      const shelf = shelves.get(key) ?? { key, ids: [], sorted: true, held: 0, full: 0 };
      shelves.set(key, shelf);
      return shelf;
    },
    put(id: TaskId, shelf: Shelf): void {
      const last = shelf.ids.at(-1);
      if (last !== undefined && !isBefore(last, id)) shelf.sorted = false;
      shelf.ids.push(id);
      shelf.held += 1;
      shelf.full += 1;
    },
    /** A list is compacted once half of its ids are stale. */
    take(shelf: Shelf): void {
      shelf.held -= 1;
      if (shelf.held === 0) shelves.delete(shelf.key);
      if (shelf.ids.length > 2 * shelf.held + 100)
        shelf.ids = shelf.ids.filter((id) => entries.get(id)?.shelves.has(shelf));
    },
  };
}

/** Look-ups in `entries` are worth saving: a list may have a hundred thousand ids, mostly all valid. */
function* walk(
  shelf: Shelf | undefined,
  entries: ReadonlyMap<string, Entry>,
  onlyFull: boolean,
): Iterable<TaskId> {
  if (!shelf) return;
  if (!shelf.sorted) shelf.ids.sort((one, other) => (isBefore(one, other) ? -1 : 1));
  shelf.sorted = true;
  const { ids } = shelf;
  const isWhole = ids.length === (onlyFull ? shelf.full : shelf.held);
  for (let at = ids.length - 1; at >= 0; at--) {
    const id = ids[at];
    if (id === undefined) continue;
    const entry = isWhole ? undefined : entries.get(id);
    if (isWhole || (entry?.shelves.has(shelf) && (!onlyFull || entry.isFull))) yield id;
  }
}

function keyOf(owner: Owner): string {
  return 'userId' in owner ? `user:${owner.userId}` : `guild:${owner.guildId}`;
}

/** True if one id is older: by Discord's id, then by part. */
export function isBefore(one: string, other: string): boolean {
  const at = one.indexOf(':');
  const otherAt = other.indexOf(':');
  if (at !== otherAt) return at < otherAt;
  if (one.length === other.length) return one < other;
  const event = one.slice(0, at);
  const otherEvent = other.slice(0, at);
  return event === otherEvent ? one.length < other.length : event < otherEvent;
}
