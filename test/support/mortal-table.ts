import type { MemoryTable } from './table.js';

/** The writes of a process that dies around one of them. */
export interface Mortality {
  /** Makes a write, unless the process is dead; then, or if it dies of it, nothing is ever answered. */
  write<T>(act: () => Promise<T>): Promise<T>;
  isDead(): boolean;
  /** How many writes were begun. */
  writes(): number;
}

/** @param nth the write around which the process dies, from 1 */
export function createMortality(nth: number, instant: 'before' | 'after'): Mortality {
  const never = new Promise<never>(() => {});
  let written = 0;
  let dead = false;
  return {
    isDead: () => dead,
    writes: () => written,
    async write(act) {
      written += 1;
      if (dead || (written === nth && instant === 'before')) {
        dead = true;
        return never;
      }
      const result = await act();
      dead = written >= nth;
      return dead ? never : result;
    },
  };
}

/** A table whose process dies around its nth write: nothing after it is ever written, or answered. */
export function mortal(table: MemoryTable, { write }: Mortality): MemoryTable {
  return {
    ...table,
    set: (key, value) => write(() => table.set(key, value)),
    add: (key, value) => write(() => table.add(key, value)),
    delete: (key) => write(() => table.delete(key)),
    update: (key, change) => write(() => table.update(key, change)),
    compareAndSet: (key, version, value) => write(() => table.compareAndSet(key, version, value)),
    compareAndSetAll: (changes) => write(() => table.compareAndSetAll(changes)),
  };
}
