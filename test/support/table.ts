import { type Change, StoreError, type Table } from '../../src/store/store.js';

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
  const versionOf = (key: string) => (rows.has(key) ? JSON.stringify(rows.get(key)) : undefined);
  async function compareAndSetAll(changes: readonly Change<unknown>[]): Promise<boolean> {
    if (changes.some(({ key, version }) => versionOf(key) !== version)) return false;
    for (const { key, value } of changes) write(key, value);
    return true;
  }
  return {
    rows,
    written,
    failWrites(times) {
      failing = times;
    },
    get: async (key) => rows.get(key),
    getMany: async (keys) =>
      new Map(keys.flatMap((key) => (rows.has(key) ? [[key, rows.get(key)] as const] : []))),
    set: async (key, value) => write(key, value),
    async add(key, value) {
      if (rows.has(key)) return false;
      write(key, value);
      return true;
    },
    delete: async (key) => rows.delete(key),
    read: async (key) => ({ value: rows.get(key), version: versionOf(key) }),
    compareAndSet: (key, version, value) => compareAndSetAll([{ key, version, value }]),
    compareAndSetAll,
    async update(key, change) {
      const value = change(rows.get(key));
      write(key, value);
      return value;
    },
    async *entries() {
      yield* [...rows];
    },
  };
}
