import { fencedReply } from './fencing.js';

/**
 * Why a database fails. `locked` and `away` are temporary; `fenced`: another process has the lease now; the others
 * need the operator.
 */
export type Reason = 'unopenable' | 'corrupt' | 'readonly' | 'full' | 'locked' | 'failed' | 'away' | 'fenced';

/** A database operation failed. Nothing acknowledged earlier is lost. */
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

/** True if another process has taken the lease: this one must not answer anyone any more. */
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

/** Wraps `cause` in a StoreError; `otherwise` applies if its code isn't more specific. */
export function toStoreError(cause: unknown, table: string, otherwise: Reason): StoreError {
  if (cause instanceof StoreError) return cause;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  // SQLite puts the code before the words of a trigger.
  const words = cause instanceof Error ? cause.message.replace(/^SQLITE_CONSTRAINT: /, '') : '';
  const [word = ''] = words.split(' ', 1);
  // A row that isn't JSON wasn't written by Easel.
  const reason = cause instanceof SyntaxError ? 'corrupt' : (reasons[code] ?? replies[word] ?? otherwise);
  return new StoreError(reason, table, cause instanceof Error ? cause.message : String(cause), { cause });
}
