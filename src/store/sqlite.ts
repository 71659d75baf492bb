import { KeyvSqlite, type KeyvSqliteOptions } from '@keyv/sqlite';
import { Keyv } from 'keyv';
import type { Log } from '../log.js';
import { type Backend, pageSize, plainJson, type Rows } from './backend.js';
import { leaseTable, sqliteFence } from './fencing.js';
import { keepRows } from './kept-rows.js';
import { makePrivate } from './private-files.js';
import {
  compareAndSet,
  type Database,
  readMany,
  readPage,
  readTables,
  readVersioned,
  type Write,
  writeRows,
} from './sqlite-statements.js';
import { type Reason, StoreError, toStoreError } from './store-error.js';
import { memory } from './store-url.js';
import { createBatch } from './write-batch.js';

export interface SqliteOptions {
  /**
   * ms a statement waits for another connection's lock; below Discord's 3 s, so that the user still gets an answer.
   */
  readonly busyTimeout: number;
  /** Creates the adapter; tests replace it to break the connection for real. */
  readonly connect: (options: KeyvSqliteOptions) => KeyvSqlite;
}

interface Connection extends Database {
  /** Its writes are refused without the lease of this number, as soon as that is done. */
  fence: { readonly lease: string; readonly done: Promise<void> } | undefined;
}

/** The database in the file at `path`, or in memory. */
export function createSqliteBackend(path: string, log: Log, options: Partial<SqliteOptions> = {}): Backend {
  let lease = '';
  let isPrivate: Promise<void> | undefined;
  /** Once for all of its tables; again if it could not be done. */
  const close = () => {
    if (path !== memory)
      isPrivate ??= makePrivate(path, log).catch((error: unknown) => {
        isPrivate = undefined;
        throw error;
      });
    return isPrivate ?? Promise.resolve();
  };
  return {
    open(table, { kept = false } = {}) {
      const rows = createSqliteRows({ path, table, options, close, lease: () => lease });
      // The database accepts writes of the holder of the lease alone.
      return kept ? keepRows(rows, () => lease) : rows;
    },
    async tables() {
      const connection = await open({ path, table: 'probe', options, close }).catch((error: unknown) => {
        throw toStoreError(error, '–', 'unopenable');
      });
      try {
        return await readTables(connection);
      } finally {
        await connection.adapter.close();
      }
    },
    fence(given) {
      lease = given;
    },
    async close() {},
  };
}

interface Parts {
  readonly path: string;
  readonly table: string;
  readonly options: Partial<SqliteOptions>;
  /** Closes its files to other users. */
  readonly close: () => Promise<void>;
  readonly lease: () => string;
}

/** The table `table` of the file `path`, opened on first use and again after a fault that outlives a connection. */
function createSqliteRows({ path, table, options, close, lease }: Parts): Rows {
  let current: Promise<Connection> | undefined;
  let closed = false;

  async function use<R>(work: (connection: Connection) => Promise<R>): Promise<R> {
    if (closed) throw new StoreError('failed', table, 'the store is closed');
    current ??= open({ path, table, options, close });
    const mine = current;
    let otherwise: Reason = 'unopenable';
    try {
      const connection = await mine;
      otherwise = 'failed';
      return await work(connection);
    } catch (cause) {
      const error = toStoreError(cause, table, otherwise);
      if (current === mine && (otherwise === 'unopenable' || outlived(path, error))) {
        current = undefined;
        void mine.then(({ adapter }) => adapter.close()).catch(() => {});
      }
      throw error;
    }
  }

  /** A write: fenced, from the moment on that this process has a lease. */
  const change = <R>(work: (connection: Connection) => Promise<R>) =>
    use(async (connection) => {
      // No other process can reach a database in memory.
      if (path !== memory) await putUpFence(connection, table, lease());
      return work(connection);
    });

  const write = createBatch((writes: readonly Write[]) =>
    change((connection) => writeRows(connection, table, writes)),
  );

  return {
    get: async <T>(key: string) =>
      (await use((connection) => readVersioned<T>(connection, table, key))).value,
    getMany: <T>(keys: readonly string[]) => use((connection) => readMany<T>(connection, table, keys)),
    set: async (key, value) => void (await write({ key, value, absent: false })),
    add: (key, value) => write({ key, value, absent: true }),
    delete: (key) => change(({ keyv }) => keyv.delete(key)),
    read: <T>(key: string) => use((connection) => readVersioned<T>(connection, table, key)),
    compareAndSet: (changes) => change((connection) => compareAndSet(connection, table, changes)),
    entries: <T>() => walk<T>((after) => use((connection) => readPage<T>(connection, table, after))),
    close: async () => {
      closed = true;
      const connection = await current?.catch(() => undefined);
      current = undefined;
      await connection?.adapter.close();
    },
  };
}

/** All rows, page by page. @param next the page of rows after a key. */
async function* walk<T>(next: (after: string) => Promise<[string, T][]>): AsyncGenerator<[string, T]> {
  let after = '';
  for (;;) {
    const page = await next(after);
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < pageSize) return;
    after = last[0];
  }
}

/** A full or locked database needs no new connection, nor does a lost lease; one in memory would lose everything by it. */
function outlived(path: string, { reason }: StoreError): boolean {
  return path !== memory && reason !== 'full' && reason !== 'locked' && reason !== 'fenced';
}

/**
 * Opens and sets up a connection, and sees that it works: Keyv's adapter keeps a failure to open for good and lets it
 * go unhandled when no one asks. synchronous=FULL costs a sync to disk for each write, or for each batch of them, and
 * keeps what was acknowledged through a power cut as well as through a kill: a lost "submitting" could be paid for
 * twice.
 */
async function open({ path, table, options, close }: Omit<Parts, 'lease'>): Promise<Connection> {
  await close();
  const { busyTimeout = 2000, connect = (given) => new KeyvSqlite(given) } = options;
  const adapter = connect({ uri: `sqlite://${path}`, table, busyTimeout, iterationLimit: pageSize });
  adapter.on('error', () => {}); // Said by the query below as well.
  try {
    await adapter.query('PRAGMA journal_mode=WAL');
    await adapter.query('PRAGMA synchronous=FULL');
  } catch (error) {
    void adapter.close().catch(() => {});
    throw error;
  }
  return {
    adapter,
    fence: undefined,
    keyv: new Keyv({ store: adapter, throwOnErrors: true, useKeyPrefix: false, ...plainJson }),
  };
}

async function putUpFence(connection: Connection, table: string, lease: string): Promise<void> {
  if (table === leaseTable || lease === '') return;
  if (connection.fence?.lease !== lease) {
    const before = connection.fence?.done ?? Promise.resolve();
    connection.fence = { lease, done: before.then(putUp) };
    connection.fence.done.catch(() => {
      connection.fence = undefined;
    });
  }
  await connection.fence.done;

  async function putUp(): Promise<void> {
    for (const sql of sqliteFence(table, lease)) await connection.adapter.query(sql);
  }
}
