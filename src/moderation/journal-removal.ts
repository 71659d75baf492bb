import type { Table } from '../store/store.js';
import { entryIn, entryKey, isEntry } from './journal-entry.js';
import { isLogMessage, type LogMessage } from './log-rows.js';
import type { OldLog } from './old-log.js';

/** See `Journal`. */
interface Removal {
  remove(guildId: string): Promise<void>;
  prune(before: number): Promise<void>;
}

interface Deps {
  readonly table: Table<unknown>;
  readonly oldLog: Pick<OldLog, 'keep' | 'remove'>;
}

/** Deletes what belongs to a guild, or is too old. */
export function createRemoval({ table, oldLog }: Deps): Removal {
  async function drop(match: (row: unknown, key: string) => boolean): Promise<void> {
    const keys: string[] = [];
    for await (const [key, row] of table.entries()) if (match(row, key)) keys.push(key);
    for (const key of keys) await table.delete(key);
  }

  /** Messages that are too old: from then on only ids are kept, as long as they stand. */
  async function retire(message: LogMessage): Promise<void> {
    const keys = numbersIn(message).map((n) => entryKey(message.guildId, n));
    const rows = await table.getMany(keys);
    await oldLog.keep(
      message,
      keys.flatMap((key) => {
        const row = rows.get(key);
        return isEntry(row) ? [row] : [];
      }),
    );
  }

  return {
    async remove(guildId) {
      await drop((row, key) => key.split(':')[1] === guildId || guildOf(row) === guildId);
      await oldLog.remove(guildId);
    },
    async prune(before) {
      const old = new Set<string>();
      const kept = new Map<string, number>();
      for await (const [key, row] of table.entries()) {
        const entry = entryIn(row);
        if (!entry) continue;
        if (entry.at < before) old.add(key);
        else kept.set(entry.guildId, Math.min(entry.n, kept.get(entry.guildId) ?? entry.n));
      }
      for await (const [, row] of table.entries()) {
        if (!isLogMessage(row)) continue;
        const keys = numbersIn(row).map((n) => entryKey(row.guildId, n));
        if (!keys.some((key) => old.has(key))) continue;
        // Entries of one message go together: it is drawn from them.
        if (isOld(row, kept)) await retire(row);
        else for (const key of keys) old.delete(key);
      }
      // What refers to entries that are gone.
      await drop((row, key) => old.has(key) || (/^log(?:message|order):/.test(key) && isOld(row, kept)));
    },
  };
}

function numbersIn({ from, to }: LogMessage): readonly number[] {
  return Array.from({ length: to - from }, (_, at) => from + at);
}

/** Whether all entries that a row of the log is about are older than those that are kept of its guild. */
function isOld(row: unknown, kept: ReadonlyMap<string, number>): boolean {
  return lastIn(row) < (kept.get(guildOf(row) ?? '') ?? Number.POSITIVE_INFINITY);
}

/** The last entry that a row of the log is about. */
function lastIn(row: unknown): number {
  const { n, to } = row as { readonly n?: number; readonly to?: number };
  return n ?? (to ?? 0) - 1;
}

function guildOf(row: unknown): string | undefined {
  const has = typeof row === 'object' && row !== null && 'guildId' in row;
  return has && typeof row.guildId === 'string' ? row.guildId : undefined;
}
