import type { Log } from '../../log.js';
import type { Table } from '../../store/store.js';

/** What a user is told once, and not at every order. */
export interface Hints {
  /** Whether they are to be told now: true once, until they are forgotten. Never throws; in doubt they are told. */
  first(userId: string): Promise<boolean>;
  /** Of a user whose data is deleted. @throws StoreError */
  forget(userId: string): Promise<void>;
  /** Forgets whom was told before `before`, ms since the epoch. @throws StoreError */
  prune(before: number): Promise<void>;
}

interface Deps {
  /** When each was told, by user. */
  readonly table: Table<number>;
  readonly log: Log;
  readonly now: () => number;
}

export function createHints({ table, log, now }: Deps): Hints {
  return {
    async first(userId) {
      try {
        return await table.add(userId, now());
      } catch (error) {
        log.debug({ err: error }, 'a notice to a user could not be recorded');
        return true;
      }
    },
    async forget(userId) {
      await table.delete(userId);
    },
    async prune(before) {
      const old: string[] = [];
      for await (const [userId, at] of table.entries()) if (at < before) old.push(userId);
      for (const userId of old) await table.delete(userId);
    },
  };
}
