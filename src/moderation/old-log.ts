import type { Table } from '../store/store.js';
import { actsOfMembers } from './acts.js';
import type { NumberedEntry } from './journal-entry.js';
import { type CleanedLine, cleaningKey, isCleaning, type LogCleaning, type LogMessage } from './log-rows.js';

/** A line of an old message: ids, and no words. */
interface OldLine {
  /** A member who did what it says; a moderator stays in it. */
  readonly author?: string;
  readonly about?: string;
  readonly taskId?: string;
}

/** A message of a log channel whose entries are no longer kept. It may stand there forever. Plain JSON. */
interface OldMessage {
  readonly v: 1;
  readonly guildId: string;
  readonly channelId: string;
  readonly lines: readonly OldLine[];
}

/** Which old messages of log channels are about whom, so that their users' data can still be taken from them. */
export interface OldLog {
  /** Keeps what a message says about whom, by id. @throws StoreError */
  keep(message: LogMessage, entries: readonly NumberedEntry[]): Promise<void>;
  /**
   * Has a user's lines cleaned.
   * @returns guilds, and the rows that say what is to be done there.
   * @throws StoreError
   */
  forget(userId: string): Promise<readonly Ordered[]>;
  /** The same for the lines about a task. @throws StoreError */
  forgetTask(guildId: string, taskId: string): Promise<readonly Ordered[]>;
  /** Of a guild that removed Easel. @throws StoreError */
  remove(guildId: string): Promise<void>;
}

/** A guild, and the key of a row that says which lines are to be cleaned. */
export type Ordered = readonly [guildId: string, key: string];

interface Deps {
  /** Its own: it grows with the log, and is read only when someone deletes data. */
  readonly table: Table<unknown>;
  /** Where the log finds what is to be cleaned. */
  readonly due: Table<unknown>;
}

export function createOldLog({ table, due }: Deps): OldLog {
  async function clean(guildId: string | undefined, lineOf: (line: OldLine) => Cleaned): Promise<Ordered[]> {
    const ordered: Ordered[] = [];
    for await (const [messageId, row] of table.entries()) {
      if (!isOldMessage(row) || (guildId !== undefined && row.guildId !== guildId)) continue;
      const lines = row.lines.map(lineOf);
      const changed = lines.flatMap((cleaned, line) => (cleaned ? [{ line, author: cleaned.author }] : []));
      if (changed.length === 0) continue;
      const key = cleaningKey(row.guildId, messageId);
      await due.update(key, (before) => withLines(before, { ...row, messageId }, changed));
      // Only then: what isn't ordered yet has to be found again.
      await table.set(messageId, {
        ...row,
        lines: row.lines.map((line, at) => lines[at]?.left ?? line),
      } satisfies OldMessage);
      ordered.push([row.guildId, key]);
    }
    return ordered;
  }

  return {
    async keep({ guildId, channelId, messageId }, entries) {
      const lines = entries.map(idsOf);
      if (lines.every((line) => Object.keys(line).length === 0)) return;
      await table.set(messageId, { v: 1, guildId, channelId, lines } satisfies OldMessage);
    },
    forget: (userId) =>
      clean(undefined, ({ author, about }) =>
        author === userId || about === userId
          ? { author: author === userId, left: author && author !== userId ? { author } : {} }
          : undefined,
      ),
    forgetTask: (guildId, wanted) =>
      clean(guildId, ({ author, taskId }) =>
        taskId === wanted ? { author: author !== undefined, left: {} } : undefined,
      ),
    async remove(guildId) {
      const keys: string[] = [];
      for await (const [key, row] of table.entries())
        if (isOldMessage(row) && row.guildId === guildId) keys.push(key);
      for (const key of keys) await table.delete(key);
    },
  };
}

/** What goes from a line, and whose ids are left of it; undefined: nothing goes. */
type Cleaned = { readonly author: boolean; readonly left: OldLine } | undefined;

function idsOf({ act, by, about, taskId }: NumberedEntry): OldLine {
  return {
    ...(by !== undefined && actsOfMembers.has(act) && { author: by }),
    ...(about !== undefined && { about }),
    ...(taskId !== undefined && { taskId }),
  };
}

/** Together with what is already to be cleaned there. */
function withLines(
  before: unknown,
  { guildId, channelId, messageId, lines }: OldMessage & { readonly messageId: string },
  changed: readonly CleanedLine[],
): LogCleaning {
  const earlier = isCleaning(before) ? before.lines : [];
  const all = new Map<number, CleanedLine>();
  for (const { line, author } of [...earlier, ...changed])
    all.set(line, { line, author: author || all.get(line)?.author === true });
  return { v: 1, guildId, channelId, messageId, count: lines.length, lines: [...all.values()] };
}

function isOldMessage(row: unknown): row is OldMessage {
  return typeof row === 'object' && row !== null && 'lines' in row && 'guildId' in row;
}
