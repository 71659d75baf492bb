import { StoreError, type Table } from '../../src/store.js';

export interface MemoryTable extends Table<unknown> {
  readonly rows: Map<string, unknown>;
  /** The next `times` writes fail, as those of a full disk do. */
  failWrites(times: number): void;
  /** Every value set or added, in order. */
  readonly written: readonly unknown[];
}

/** A table in memory that fails on request; values go through JSON, as in a database. */
export function createMemoryTable(): MemoryTable {
  const rows = new Map<string, unknown>();
  const written: unknown[] = [];
  let failing = 0;
  const write = (key: string, value: unknown) => {
    if (failing > 0) {
      failing--;
      throw new StoreError('full', 'tasks', 'no room');
    }
    const stored: unknown = JSON.parse(JSON.stringify(value));
    rows.set(key, stored);
    written.push(stored);
  };
  return {
    rows,
    written,
    failWrites(times) {
      failing = times;
    },
    get: async (key) => rows.get(key),
    set: async (key, value) => write(key, value),
    async add(key, value) {
      if (rows.has(key)) return false;
      write(key, value);
      return true;
    },
    delete: async (key) => rows.delete(key),
    async *entries() {
      yield* [...rows];
    },
  };
}
