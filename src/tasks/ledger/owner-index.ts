import { createSortedIds, type SortedIds } from '../../util/sorted-ids.js';
import type { Task, TaskId } from '../model/task.js';

/** Owner of tasks: a user, wherever they ordered; or a paying guild. */
export type Owner = { readonly userId: string } | { readonly guildId: string };

/**
 * This process's tasks by owner: derived from the ledger as it is read and written, so that no command has to scan all
 * records. It only holds ids.
 */
export interface Owners {
  /** Records a task's current state. A redacted one no longer belongs to a user, but still to its guild. */
  note(task: Task, receivedAt: number): void;
  has(id: string): boolean;
  /** Its user, unless redacted. */
  userOf(id: TaskId): string | undefined;
  /** ms since the epoch. */
  receivedAt(id: TaskId): number;
  /** What was ordered, also if it is redacted. */
  modelOf(id: TaskId): string;
  remove(id: TaskId): void;
  /** Ids of an owner's tasks; for a guild including redacted ones. */
  of(owner: Owner): SortedIds<TaskId>;
  /** Those that aren't redacted. */
  fullOf(owner: Owner): SortedIds<TaskId>;
}

interface Entry {
  readonly userId: string | undefined;
  readonly guildId: string | undefined;
  readonly model: string;
  readonly receivedAt: number;
  isFull: boolean;
}

export function createOwners(): Owners {
  const entries = new Map<string, Entry>();
  /** One text for each model, not one for each task. */
  const models = new Map<string, string>();
  const users = createLists();
  const guilds = createLists();
  /** Tasks of guilds that aren't redacted. */
  const fullGuilds = createLists();

  function add(task: Task, receivedAt: number): void {
    const isFull = task.purge !== 'done';
    const { userId, guildInstalled } = task.origin;
    const guildId = task.account.guildId ?? (guildInstalled ? task.origin.guildId : undefined);
    const model = models.get(task.request.model) ?? task.request.model;
    models.set(model, model);
    entries.set(task.id, { userId: isFull ? userId : undefined, guildId, model, receivedAt, isFull });
    guilds.add(guildId, task.id);
    if (!isFull) return;
    users.add(userId, task.id);
    fullGuilds.add(guildId, task.id);
  }

  function empty(id: TaskId, entry: Entry): void {
    entry.isFull = false;
    users.delete(entry.userId, id);
    fullGuilds.delete(entry.guildId, id);
  }

  return {
    has: (id) => entries.has(id),
    userOf: (id) => (entries.get(id)?.isFull ? entries.get(id)?.userId : undefined),
    receivedAt: (id) => entries.get(id)?.receivedAt ?? 0,
    modelOf: (id) => entries.get(id)?.model ?? '',
    note(task, receivedAt) {
      const entry = entries.get(task.id);
      if (!entry) add(task, receivedAt);
      else if (entry.isFull && task.purge === 'done') empty(task.id, entry);
    },
    remove(id) {
      const entry = entries.get(id);
      if (!entry) return;
      empty(id, entry);
      guilds.delete(entry.guildId, id);
      entries.delete(id);
    },
    of: (owner) => ('userId' in owner ? users.of(owner.userId) : guilds.of(owner.guildId)),
    fullOf: (owner) => ('userId' in owner ? users.of(owner.userId) : fullGuilds.of(owner.guildId)),
  };
}

/** Lists of ids by owner; an empty one goes. */
function createLists() {
  const lists = new Map<string, SortedIds<TaskId>>();
  return {
    of: (owner: string) => lists.get(owner) ?? createSortedIds<TaskId>(),
    add(owner: string | undefined, id: TaskId): void {
      if (owner === undefined) return;
      const list = lists.get(owner) ?? createSortedIds<TaskId>();
      lists.set(owner, list);
      list.add(id);
    },
    delete(owner: string | undefined, id: TaskId): void {
      if (owner === undefined) return;
      const list = lists.get(owner);
      list?.delete(id);
      if (list?.size === 0) lists.delete(owner);
    },
  };
}
