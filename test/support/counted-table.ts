import type { Table } from '../../src/store/store.js';
import { createMemoryTable } from './table.js';

/** A table in memory that counts the rows that are read of it: also in vain, and all of a walk. */
export interface CountedTable extends Table<unknown> {
  readonly rows: Map<string, unknown>;
  /** Rows read since it was asked last. */
  reads(): number;
}

export function createCountedTable(): CountedTable {
  const table = createMemoryTable();
  let count = 0;
  return {
    ...table,
    reads() {
      const since = count;
      count = 0;
      return since;
    },
    get(key) {
      count += 1;
      return table.get(key);
    },
    getMany(keys) {
      count += keys.length;
      return table.getMany(keys);
    },
    read(key) {
      count += 1;
      return table.read(key);
    },
    async *entries() {
      for await (const entry of table.entries()) {
        count += 1;
        yield entry;
      }
    },
  };
}
