import type { Change, Table } from '../store/store.js';
import { StoreError } from '../store/store.js';
import { createOrder, type Order } from '../util/keyed-lock.js';
import { day } from '../util/time.js';
import { actsOfMembers } from './acts.js';
import { entryIn, entryKey, isEntry, type JournalEntry, type NumberedEntry } from './journal-entry.js';
import { createRemoval } from './journal-removal.js';
import { createOldLog, type OldLog, type Ordered } from './old-log.js';

export { entryIn, type JournalEntry, type NumberedEntry } from './journal-entry.js';

/** Every act of moderators, and what they have to know, durable: it drives the audit list and the log channel. */
export interface Journal {
  /**
   * Adds an entry. When it resolves the entry is persisted.
   * @throws StoreError
   */
  note(entry: JournalEntry): Promise<void>;
  /**
   * Adds an entry together with the act itself: rows of the same table, all written or none.
   * @param changes also as a function of the number that the entry gets.
   * @returns false if one of the rows has changed since it was read: nothing was written.
   * @throws StoreError
   */
  noteWith(entry: JournalEntry, changes: Changes): Promise<boolean>;
  /**
   * Entries of a guild before number `before`, newest first.
   * @returns and whether there are older ones.
   * @throws StoreError
   */
  page(
    guildId: string,
    range?: { readonly before?: number; readonly count?: number },
  ): Promise<{ readonly entries: readonly NumberedEntry[]; readonly hasMore: boolean }>;
  /**
   * Entries by their numbers, in that order, without those that are gone.
   * @throws StoreError
   */
  entries(guildId: string, numbers: readonly number[]): Promise<readonly NumberedEntry[]>;
  /** The number that the next entry gets. @throws StoreError */
  next(guildId: string): Promise<number>;
  /**
   * Takes a user's words, name and links from all entries; act, time and moderator stay.
   * @throws StoreError
   */
  forget(userId: string): Promise<void>;
  /** The same for everything about a task. @throws StoreError */
  forgetTask(guildId: string, taskId: string): Promise<void>;
  /** Deletes all entries of a guild that removed Easel. @throws StoreError */
  remove(guildId: string): Promise<void>;
  /**
   * Deletes entries from before `before`, ms since the epoch. Of those that are in a message of the log it is kept which
   * line is about whom.
   * @throws StoreError
   */
  prune(before: number): Promise<void>;
  /**
   * Calls `heard` whenever entries of a guild were added in this process, or changed: then with their numbers, and with
   * the keys of rows that say which old messages are to be cleaned.
   */
  watch(heard: (guildId: string, changed: readonly number[], rows: readonly string[]) => void): void;
}

/** Rows that are written together with an entry. */
type Changes = readonly Change<unknown>[] | ((n: number) => readonly Change<unknown>[]);

/** How long an entry is kept, ms. */
export const journalMs = 90 * day;

type Tell = (guildId: string, changed?: readonly number[], rows?: readonly string[]) => void;

/** Where a guild's numbering stands. */
interface Head {
  readonly v: 1;
  readonly next: number;
}

interface Deps {
  /** Shared with the other tables of this room, so that an act and its entry are written together. */
  readonly table: Table<unknown>;
  /** Messages of the log whose entries are no longer kept. */
  readonly oldMessages: Table<unknown>;
}

/** Losing this many times in a row is no longer a race. */
const mostAttempts = 200;
const defaultCount = 20;

const headKey = (guildId: string) => `head:${guildId}`;

export function createJournal({ table, oldMessages }: Deps): Journal {
  const inOrder = createOrder();
  const watchers: Parameters<Journal['watch']>[0][] = [];
  const oldLog = createOldLog({ table: oldMessages, due: table });
  const tell: Tell = (guildId, changed = [], rows = []) => {
    for (const heard of watchers) heard(guildId, changed, rows);
  };

  async function noteWith(entry: JournalEntry, changes: Changes): Promise<boolean> {
    const { guildId } = entry;
    const isWritten = await inOrder(guildId, () => write(table, entry, changes));
    if (isWritten) tell(guildId);
    return isWritten;
  }

  const entries: Journal['entries'] = async (guildId, numbers) => {
    const keys = numbers.map((n) => entryKey(guildId, n));
    const rows = keys.length > 0 ? await table.getMany(keys) : new Map<string, unknown>();
    return keys.flatMap((key) => {
      const row = rows.get(key);
      return isEntry(row) ? [row] : [];
    });
  };
  const next = async (guildId: string) => headIn(await table.get(headKey(guildId))).next;

  return {
    async note(entry) {
      await noteWith(entry, []);
    },
    noteWith,
    entries,
    next,
    async page(guildId, { before, count = defaultCount } = {}) {
      const end = Math.min(before ?? Number.POSITIVE_INFINITY, await next(guildId));
      const start = Math.max(0, end - count);
      const numbers = Array.from({ length: end - start }, (_, at) => end - 1 - at);
      const shown = await entries(guildId, numbers);
      const hasMore = start > 0 && (await entries(guildId, [start - 1])).length > 0;
      return { entries: shown, hasMore };
    },
    ...createCleaning(table, { inOrder, oldLog, tell }),
    ...createRemoval({ table, oldLog }),
    watch: (heard) => void watchers.push(heard),
  };
}

interface CleaningDeps {
  readonly inOrder: Order;
  readonly oldLog: OldLog;
  readonly tell: Tell;
}

/** Takes words, names and links from entries, and has them taken from messages whose entries are gone. */
function createCleaning(
  table: Deps['table'],
  { inOrder, oldLog, tell }: CleaningDeps,
): Pick<Journal, 'forget' | 'forgetTask'> {
  async function rewrite(match: (entry: NumberedEntry) => boolean, change: Cleaning): Promise<void> {
    const found: NumberedEntry[] = [];
    for await (const [, row] of table.entries()) {
      const entry = entryIn(row);
      if (entry && match(entry)) found.push(entry);
    }
    for (const { guildId, n } of found)
      await inOrder(guildId, () =>
        table.update(entryKey(guildId, n), (row) => (isEntry(row) ? change(row) : row)),
      );
    for (const { guildId, n } of found) tell(guildId, [n]);
  }

  const tellOf = (ordered: readonly Ordered[]) => {
    for (const [guildId, key] of ordered) tell(guildId, [], [key]);
  };
  return {
    async forget(userId) {
      await rewrite(
        (entry) => !entry.cleaned && (entry.about === userId || isAuthor(entry, userId)),
        (entry) => cleaned(entry, userId),
      );
      tellOf(await oldLog.forget(userId));
    },
    async forgetTask(guildId, taskId) {
      await rewrite(
        (entry) => !entry.cleaned && entry.guildId === guildId && entry.taskId === taskId,
        (entry) => cleaned(entry, entry.about),
      );
      tellOf(await oldLog.forgetTask(guildId, taskId));
    },
  };
}

type Cleaning = (entry: NumberedEntry) => NumberedEntry;

async function write(table: Deps['table'], entry: JournalEntry, changes: Changes): Promise<boolean> {
  const { guildId } = entry;
  for (let tries = 0; tries < mostAttempts; tries++) {
    const { value, version } = await table.read(headKey(guildId));
    const { next: n } = headIn(value);
    const others = typeof changes === 'function' ? changes(n) : changes;
    const isWritten = await table.compareAndSetAll([
      { key: headKey(guildId), version, value: { v: 1, next: n + 1 } satisfies Head },
      { key: entryKey(guildId, n), version: undefined, value: { v: 1, n, ...entry } },
      ...others,
    ]);
    if (isWritten) return true;
    // Another process was faster, or the act itself met a row that has changed.
    if (others.length > 0 && (await table.read(headKey(guildId))).version === version) return false;
  }
  throw new StoreError('failed', 'moderation', `the journal of guild ${guildId} was written again and again`);
}

function isAuthor({ act, by }: JournalEntry, userId: string): boolean {
  return by === userId && actsOfMembers.has(act);
}

/** Only act, time and moderator. */
function cleaned(entry: NumberedEntry, userId: string | undefined): NumberedEntry {
  const { v, n, guildId, act, at, by, revision = 0 } = entry;
  const keepsAuthor = by !== undefined && !(actsOfMembers.has(act) && by === (userId ?? by));
  return { v, n, guildId, act, at, ...(keepsAuthor && { by }), revision: revision + 1, cleaned: true };
}

function headIn(row: unknown): Head {
  const isHead = typeof row === 'object' && row !== null && 'next' in row && typeof row.next === 'number';
  return isHead ? (row as Head) : { v: 1, next: 0 };
}
