import type { Log } from '../log.js';
import { type Reason, toStoreError } from './store-error.js';

/** Follows how writes end, and says it in the log when that changes: once, not for each of a thousand writes. */
export interface Watch {
  /** Hands `writing` through, and notes its end. */
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
        if (fault) log.info({ was: fault }, 'the database takes writes again');
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
  unopenable: 'the database cannot be opened: see that its folder exists and may be written',
  corrupt:
    'the database is damaged: put a backup in its place (sqlite3 FILE .recover may save what is in it)',
  readonly:
    'the database may only be read: see the rights of its file and folder, and how its disk is mounted',
  full: 'no room is left for the database: free some on its disk',
  locked: 'another process keeps the database locked: only one may use it',
  away: 'Redis is out of reach: see that it runs, and that STORE_URL leads to it',
  fenced: 'another process has taken over: this one writes nothing more',
  failed: 'the database did not do what it was asked',
};
