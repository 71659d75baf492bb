import type { Log } from '../log.js';
import { type Reason, toStoreError } from './store-error.js';

/** Tracks the result of writes and logs changes: once, not for each of a thousand writes. */
export interface Watch {
  /** Passes `writing` through and records its result. */
  write<R>(writing: Promise<R>): Promise<R>;
  /** Why the last write failed; undefined when it did not. */
  fault(): Reason | undefined;
}

export function createWatch(log: Log): Watch {
  let fault: Reason | undefined;
  return {
    fault: () => fault,
    async write(writing) {
      try {
        const result = await writing;
        if (fault) log.info({ was: fault }, 'the database accepts writes again');
        fault = undefined;
        return result;
      } catch (cause) {
        const error = toStoreError(cause, '?', 'failed');
        if (fault !== error.reason) log.error({ err: error, reason: error.reason }, advice[error.reason]);
        fault = error.reason;
        throw cause;
      }
    },
  };
}

const advice: Readonly<Record<Reason, string>> = {
  unopenable: 'the database cannot be opened: make sure its folder exists and is writable',
  corrupt: 'the database is damaged: restore a backup (sqlite3 FILE .recover may save what is in it)',
  readonly:
    'the database is read-only: check the permissions of its file and folder, and how its disk is mounted',
  full: 'no space is left for the database: free some on its disk',
  locked: 'another process keeps the database locked: only one may use it',
  away: 'Redis is unreachable: make sure it runs, and check STORE_URL',
  fenced: 'another process has taken over; this one stops writing',
  failed: 'the database failed',
};
