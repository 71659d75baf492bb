import { UserError } from '../../errors.js';
import type { Table } from '../../store/store.js';
import type { Posted, TaskId } from '../../tasks/model/task.js';
import { minute } from '../../util/time.js';

/** A report of one message, by that message's id. Plain JSON. */
export interface ReportRow {
  readonly v: 1;
  readonly guildId: string;
  /** Its first task; of a set, it stands for all. */
  readonly taskId: TaskId;
  readonly at: Posted;
  /** Ids of the members who reported it. */
  readonly reporters: readonly string[];
  /** The message about it in the moderators' channel; gone once they have decided. */
  readonly message?: Posted;
  /** That message is about to be posted, or was when Easel stopped. */
  readonly posting?: Posting;
  /** ms since the epoch. */
  readonly since: number;
  /** When a moderator closed it. */
  readonly closed?: number;
}

/** What a post was to be; persisted before it, so that a message that no one knows of can be found. Plain JSON. */
export interface Posting {
  readonly channelId: string;
  /** ms since the epoch. */
  readonly at: number;
  /** Id of the member who reported it. */
  readonly by: string;
  /** All tasks of which it holds copies. */
  readonly taskIds: readonly TaskId[];
}

/** How long a member waits between two reports, ms. */
const cooldownMs = minute;

interface Deps {
  readonly table: Table<unknown>;
  readonly now: () => number;
}

export type ReportRows = ReturnType<typeof createReportRows>;

/** Reports as they are stored, and when each member last sent one. */
export function createReportRows({ table, now }: Deps) {
  const cooldownKey = (guildId: string, userId: string) => `by:${guildId}:${userId}`;

  async function all(): Promise<[key: string, row: ReportRow][]> {
    const found: [string, ReportRow][] = [];
    for await (const [key, row] of table.entries()) if (isReport(row)) found.push([key, row]);
    return found;
  }

  return {
    async get(messageId: string): Promise<ReportRow | undefined> {
      const row = await table.get(messageId);
      return isReport(row) ? row : undefined;
    },
    set: (messageId: string, row: ReportRow) => table.set(messageId, row),
    /** Changes the row as it is now; one that is gone stays gone. @throws StoreError */
    async change(messageId: string, to: (row: ReportRow) => ReportRow): Promise<ReportRow | undefined> {
      if ((await table.get(messageId)) === undefined) return undefined;
      const changed = await table.update(messageId, (row) => (isReport(row) ? to(row) : row));
      return isReport(changed) ? changed : undefined;
    },
    delete: (messageId: string) => table.delete(messageId),
    /** @throws UserError if the member has just sent one; StoreError */
    async requireRested(guildId: string, userId: string): Promise<void> {
      await table.update(cooldownKey(guildId, userId), (last) => {
        const free = (typeof last === 'number' ? last : Number.NEGATIVE_INFINITY) + cooldownMs;
        if (free > now()) {
          const when = `<t:${Math.ceil(free / 1000)}:R>`;
          throw new UserError({ key: 'report.error.cooldown', params: { when } });
        }
        return now();
      });
    },
    /** The open report of a task. */
    async of(taskId: TaskId): Promise<[key: string, row: ReportRow] | undefined> {
      return (await all()).find(([, row]) => row.taskId === taskId && row.closed === undefined);
    },
    all,
    /** Those whose message may have been posted without being recorded. @throws StoreError */
    unsettled: async () => (await all()).filter(([, row]) => row.posting !== undefined),
    /** @throws StoreError */
    prune: (before: number) => prune(table, before),
    /** Takes a member out of all reports. @returns the open ones that named them. @throws StoreError */
    async forget(userId: string): Promise<readonly ReportRow[]> {
      const changed: ReportRow[] = [];
      for (const [key, row] of await all()) {
        if (!row.reporters.includes(userId) && row.posting?.by !== userId) continue;
        const next = withoutReporter(row, userId);
        await table.set(key, next);
        await table.delete(cooldownKey(row.guildId, userId));
        if (next.message) changed.push(next);
      }
      return changed;
    },
  };
}

async function prune(table: Deps['table'], before: number): Promise<void> {
  const old: string[] = [];
  for await (const [key, row] of table.entries()) {
    const at = isReport(row) ? row.since : typeof row === 'number' ? row : 0;
    if (at < before) old.push(key);
  }
  for (const key of old) await table.delete(key);
}

function withoutReporter(row: ReportRow, userId: string): ReportRow {
  const reporters = row.reporters.filter((id) => id !== userId);
  // Whose report is being posted has no name from then on.
  const posting = row.posting?.by === userId ? { ...row.posting, by: '' } : row.posting;
  return { ...row, reporters, ...(posting && { posting }) };
}

function isReport(row: unknown): row is ReportRow {
  return typeof row === 'object' && row !== null && 'v' in row && row.v === 1 && 'reporters' in row;
}
