import type { z } from 'zod';
import type { Log } from '../log.js';
import { type Change, StoreError, type Table } from '../store/store.js';

interface Deps<T> {
  readonly table: Table<unknown>;
  /** What the rows hold, for errors. */
  readonly name: string;
  /**
   * Begins the key of each row, in a table that is shared.
   * @default nothing
   */
  readonly prefix?: string;
  readonly schema: z.ZodType<T>;
  /** What applies while there is no row. */
  readonly empty: T;
  readonly log: Log;
}

/**
 * Rows that any process may change: each change is a compare-and-set on the row's version, and every read asks the
 * store, so a change is effective in all processes as soon as it is acknowledged.
 */
export interface StoredRows<T> {
  /** As stored; `empty` if there is none, or it is unreadable (which is logged). @throws StoreError */
  get(key: string): Promise<T>;
  /**
   * Changes a row, in order with all other changes of it. When it resolves the row is persisted.
   * @param change run again if another process was faster; what it throws is thrown.
   * @param commit writes the row together with others of its table: all or none, and then it returns false.
   * @throws StoreError if it can't be persisted, or the stored row is unreadable: it is left as it is.
   */
  change(key: string, change: (value: T) => T, commit?: Commit): Promise<T>;
  /** @throws StoreError */
  remove(key: string): Promise<void>;
  /** Keys of all rows. Reads the whole table. @throws StoreError */
  keys(): Promise<readonly string[]>;
}

type Commit = (changes: readonly Change<unknown>[]) => Promise<boolean>;

/** Losing this many times in a row is no longer a race. */
const mostAttempts = 200;

export function createStoredRows<T>(deps: Deps<T>): StoredRows<T> {
  const { table, name, prefix = '', schema, empty, log } = deps;
  function read(key: string, stored: unknown): { readonly value: T } | undefined {
    if (stored === undefined) return { value: empty };
    const { success, data, error } = schema.safeParse(stored);
    if (success) return { value: data };
    const fields = error.issues.map(({ path }) => path.join('.') || 'record');
    log.error({ table: name, row: key, fields }, 'a row is unreadable; it is left untouched');
    return undefined;
  }

  return {
    get: async (key) => read(key, await table.get(prefix + key))?.value ?? empty,
    async change(key, change, commit = table.compareAndSetAll) {
      for (let n = 0; n < mostAttempts; n++) {
        const { value: stored, version } = await table.read(prefix + key);
        const current = read(key, stored);
        if (!current) throw new StoreError('corrupt', name, `the row ${key}`);
        const value = schema.parse(change(current.value));
        if (await commit([{ key: prefix + key, version, value }])) return value;
      }
      throw new StoreError('failed', name, `the row ${key} kept being changed by other processes`);
    },
    async remove(key) {
      await table.delete(prefix + key);
    },
    async keys() {
      const found: string[] = [];
      for await (const [key] of table.entries())
        if (key.startsWith(prefix)) found.push(key.slice(prefix.length));
      return found;
    },
  };
}
