import { KeyvSqlite, type KeyvSqliteOptions } from '@keyv/sqlite';
import { Keyv } from 'keyv';
import { z } from 'zod';
import type { Log } from '../log.js';
import {
  type Backend,
  type Change,
  pageSize,
  plainJson,
  type Rows,
  type Versioned,
  valueIn,
} from './backend.js';
import { leaseTable, sqliteFence } from './fencing.js';
import { makePrivate } from './private-files.js';
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

interface Connection {
  readonly adapter: KeyvSqlite;
  readonly keyv: Keyv;
  /** Its writes are refused without the lease of this number, as soon as that is done. */
  fence: { readonly lease: string; readonly done: Promise<void> } | undefined;
}

const stored = z.array(z.object({ key: z.string(), value: z.string() }));
const written = z.array(z.object({ key: z.string() }));

interface Write {
  readonly key: string;
  readonly value: unknown;
  /** Only where the key is absent. */
  readonly absent: boolean;
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
    open: (table) => createSqliteRows({ path, table, options, close, lease: () => lease }),
    async tables() {
      const connection = await open({ path, table: 'probe', options, close }).catch((error: unknown) => {
        throw toStoreError(error, '–', 'unopenable');
      });
      try {
        const sql = "SELECT name AS key FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
        return written.parse(await connection.adapter.query(sql)).map(({ key }) => key);
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

/** Writes rows of different keys in one step; for each, whether it was written. */
async function writeRows(
  { adapter, keyv }: Connection,
  table: string,
  writes: readonly Write[],
): Promise<boolean[]> {
  const rows = await Promise.all(
    writes.map(async ({ key, value }) => ({ key, value: await keyv.serializeData({ value }) })),
  );
  const kept = writes.filter(({ absent }) => absent).map(({ key }) => key);
  const sql = `INSERT INTO ${table} (key, value)
    SELECT value ->> 'key', value ->> 'value' FROM json_each(?) WHERE true
    ON CONFLICT (key) DO UPDATE SET value = excluded.value
    WHERE excluded.key NOT IN (SELECT value FROM json_each(?)) RETURNING key`;
  const answer = written.parse(await adapter.query(sql, JSON.stringify(rows), JSON.stringify(kept)));
  const done = new Set(answer.map(({ key }) => key));
  return writes.map(({ key }) => done.has(key));
}

async function readMany<T>(
  { adapter }: Connection,
  table: string,
  keys: readonly string[],
): Promise<ReadonlyMap<string, T>> {
  const sql = `SELECT key, value FROM ${table} WHERE key IN (SELECT value FROM json_each(?))`;
  const rows = stored.parse(await adapter.query(sql, JSON.stringify(keys)));
  return new Map(rows.map(({ key, value }) => [key, valueIn(value) as T]));
}

async function readVersioned<T>({ adapter }: Connection, table: string, key: string): Promise<Versioned<T>> {
  const [row] = stored.parse(await adapter.query(`SELECT key, value FROM ${table} WHERE key = ?`, key));
  return { value: row && (valueIn(row.value) as T), version: row?.value };
}

/** Writes all rows or none, in one statement: no process can write between the comparison and the write. */
async function compareAndSet(
  { adapter, keyv }: Connection,
  table: string,
  changes: readonly Change<unknown>[],
): Promise<boolean> {
  const rows = await Promise.all(
    changes.map(async ({ key, version = null, value }) => ({
      key,
      version,
      value: await keyv.serializeData({ value }),
    })),
  );
  const sql = `INSERT INTO ${table} (key, value)
    SELECT value ->> 'key', value ->> 'value' FROM json_each(?1) WHERE NOT EXISTS (
      SELECT 1 FROM json_each(?1) AS change LEFT JOIN ${table} AS there ON there.key = change.value ->> 'key'
      WHERE there.value IS NOT change.value ->> 'version')
    ON CONFLICT (key) DO UPDATE SET value = excluded.value RETURNING key`;
  return written.parse(await adapter.query(sql, JSON.stringify(rows))).length > 0;
}

/** A page of rows by key, not by offset as Keyv's iterator does: a row deleted meanwhile makes none be skipped. */
async function readPage<T>({ adapter }: Connection, table: string, after: string): Promise<[string, T][]> {
  const sql = `SELECT key, value FROM ${table} WHERE key > ? ORDER BY key LIMIT ${pageSize}`;
  const rows = stored.parse(await adapter.query(sql, after));
  return rows.map(({ key, value }) => [key, valueIn(value) as T]);
}
