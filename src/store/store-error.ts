import { fencedReply } from './fencing.js';

/**
 * What is the matter with a database. `locked` and `away` pass; `fenced`: what this process held is another's now; the
 * others want the operator.
 */
export type Reason = 'unopenable' | 'corrupt' | 'readonly' | 'full' | 'locked' | 'failed' | 'away' | 'fenced';

/** A database did not do what it was asked. Nothing acknowledged before is lost by it. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly reason: Reason;
  readonly table: string;

  constructor(reason: Reason, table: string, detail: string, options?: ErrorOptions) {
    super(`The database is ${reason} (table ${table}): ${detail}`, options);
    this.reason = reason;
    this.table = table;
  }
}

/** Whether an error comes of a lease that another process has now: then this one answers no one any more. */
export function isFenced(error: unknown): boolean {
  if (error instanceof StoreError) return error.reason === 'fenced';
  return error instanceof Error && error.cause !== undefined && isFenced(error.cause);
}

/** SQLite's result codes (sqlite.org/rescode.html) and the file system's, by what they mean for us. */
const reasons: Readonly<Record<string, Reason>> = {
  SQLITE_FULL: 'full',
  ENOSPC: 'full',
  EDQUOT: 'full',
  SQLITE_BUSY: 'locked',
  SQLITE_LOCKED: 'locked',
  SQLITE_READONLY: 'readonly',
  SQLITE_CORRUPT: 'corrupt',
  SQLITE_NOTADB: 'corrupt',
  SQLITE_CANTOPEN: 'unopenable',
};

/** Words that Redis's refusals begin with (redis.io/docs, RESP errors), by the same. */
const replies: Readonly<Record<string, Reason>> = {
  OOM: 'full',
  READONLY: 'readonly',
  MISCONF: 'readonly',
  LOADING: 'away',
  MASTERDOWN: 'away',
  NOAUTH: 'unopenable',
  WRONGPASS: 'unopenable',
  NOPERM: 'unopenable',
  WRONGTYPE: 'corrupt',
  [fencedReply]: 'fenced',
};

/** `cause` as a StoreError; `otherwise` where its code says nothing more exact. */
export function toStoreError(cause: unknown, table: string, otherwise: Reason): StoreError {
  if (cause instanceof StoreError) return cause;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  // SQLite puts the code before the words of a trigger.
  const words = cause instanceof Error ? cause.message.replace(/^SQLITE_CONSTRAINT: /, '') : '';
  const [word = ''] = words.split(' ', 1);
  // A row that is no JSON was written by no one here.
  const reason = cause instanceof SyntaxError ? 'corrupt' : (reasons[code] ?? replies[word] ?? otherwise);
  return new StoreError(reason, table, cause instanceof Error ? cause.message : String(cause), { cause });
}
