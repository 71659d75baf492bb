import type { Log } from '../../log.js';
import type { Table } from '../../store/store.js';

/** Hints that a user sees once, not at every order. */
export interface Hints {
  /** True if the hint should be shown now: once, until it is cleared. Never throws; if in doubt it is shown. */
  first(userId: string): Promise<boolean>;
  /**
   * Clears the hints of a user whose data is deleted.
   * @throws StoreError
   */
  forget(userId: string): Promise<void>;
  /**
   * Drops entries from before `before`, ms since the epoch.
   * @throws StoreError
   */
  prune(before: number): Promise<void>;
}

interface Deps {
  /** When each hint was shown, by user. */
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
