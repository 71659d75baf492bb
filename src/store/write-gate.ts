import { leaseTable } from './fencing.js';
import { StoreError } from './store-error.js';

/** Whether this process may write: not before it holds its lease, and never again once it is lost. */
export interface Gate {
  /**
   * Runs a write of a table if allowed.
   * @throws StoreError `fenced`
   */
  pass<R>(table: string, write: () => Promise<R>): Promise<R>;
  /** A lease is held. @param onFenced once, after the first write that the database refused for another one's lease. */
  open(onFenced?: () => void): void;
  /** The lease is lost. */
  shut(): void;
  /** The lease is not held yet. */
  isWaiting(): boolean;
}

/** @param guarded whether a lease is needed from the beginning. */
export function createGate(guarded: boolean): Gate {
  let state: 'open' | 'waiting' | 'shut' = guarded ? 'waiting' : 'open';
  let tell: (() => void) | undefined;
  return {
    async pass(table, write) {
      if (table === leaseTable) return write();
      if (state === 'waiting') throw new StoreError('fenced', table, 'this process has no lease yet');
      if (state === 'shut') throw new StoreError('fenced', table, 'this process has lost its lease');
      try {
        return await write();
      } catch (error) {
        if (error instanceof StoreError && error.reason === 'fenced') {
          state = 'shut';
          const told = tell;
          tell = undefined;
          told?.();
        }
        throw error;
      }
    },
    open(onFenced) {
      state = 'open';
      tell = onFenced;
    },
    shut() {
      state = 'shut';
      tell = undefined;
    },
    isWaiting: () => state === 'waiting',
  };
}
