import { createMemoryTable, type MemoryTable } from './table.js';

export interface MortalTable {
  readonly table: MemoryTable;
  isDead(): boolean;
}

/** A table whose process dies around its nth write: nothing that comes after is ever written, or answered. */
export function createMortalTable(
  rows: ReadonlyMap<string, unknown>,
  nth: number,
  instant: 'before' | 'after',
): MortalTable {
  const table = createMemoryTable();
  for (const [key, value] of rows) table.rows.set(key, value);
  const never = new Promise<never>(() => {});
  let written = 0;
  let dead = false;
  async function write<T>(act: () => Promise<T>): Promise<T> {
    written += 1;
    if (dead || (written === nth && instant === 'before')) {
      dead = true;
      return never;
    }
    const result = await act();
    dead = written >= nth;
    return dead ? never : result;
  }
  const mortal: MemoryTable = {
    ...table,
    set: (key, value) => write(() => table.set(key, value)),
    add: (key, value) => write(() => table.add(key, value)),
  };
  return { table: mortal, isDead: () => dead };
}
