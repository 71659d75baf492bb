import { open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KeyvSqlite } from '@keyv/sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Log } from '../../../src/log.js';
import { silentLog } from '../../../src/log.js';
import { createStore, type Store, type StoreError } from '../../../src/store/store.js';
import { storeContract } from '../../contract/store-contract.js';
import { quickFolder } from '../../support/quick-folder.js';

let directory: string;
let stores: Store[];
let adapters: Map<string, KeyvSqlite>;
let lines: string[];

const log: Log = {
  ...silentLog,
  info: (_, message) => void lines.push(`info: ${message}`),
  error: (_, message) => void lines.push(`error: ${message}`),
};

beforeEach(async () => {
  directory = await quickFolder('easel-store-');
  stores = [];
  adapters = new Map();
  lines = [];
});

afterEach(async () => {
  await Promise.all(stores.map((store) => store.close()));
  await rm(directory, { recursive: true, force: true });
});

storeContract('sqlite file', () =>
  createStore(`sqlite://${join(directory, 'a', 'b', 'easel.sqlite')}`, { log }),
);
storeContract('sqlite memory', () => createStore('sqlite::memory:', { log }));

const file = () => join(directory, 'easel.sqlite');

/** A store on a file with accessible connections, by table, so that a test can really break them. */
async function openStore(): Promise<Store> {
  const store = await createStore(`sqlite://${file()}`, {
    log,
    busyTimeout: 20,
    connect: (options) => {
      const adapter = new KeyvSqlite(options);
      adapters.set(String(options.table), adapter);
      return adapter;
    },
  });
  stores.push(store);
  return store;
}

/** Runs SQL on the connection the store itself uses for `table`. */
async function pragma(table: string, sql: string): Promise<unknown> {
  const rows: unknown[] = await adapters.get(table)?.query(`PRAGMA ${sql}`);
  return rows[0];
}

const failure = (asked: Promise<unknown>): Promise<StoreError> =>
  asked.then(
    () => Promise.reject(new Error('the fault is not real: the store did as asked')),
    (error: StoreError) => error,
  );

describe('the store', () => {
  it('keeps acknowledged writes for the next store on the file', async () => {
    const first = await openStore();
    await first.table<string>('tasks').set('a', 'kept');
    await first.close();
    expect(await (await openStore()).table<string>('tasks').get('a')).toBe('kept');
  });

  it('writes ahead, and syncs every write to the disk', async () => {
    await (await openStore()).table('tasks').get('a');
    expect(await pragma('tasks', 'journal_mode')).toEqual({ journal_mode: 'wal' });
    expect(await pragma('tasks', 'synchronous')).toEqual({ synchronous: 2 });
  });

  it('adds in one step, also against another process on the file', async () => {
    const [one, other] = [await openStore(), await openStore()];
    const tables = [one.table<number>('tasks'), other.table<number>('tasks')];
    const keys = Array.from({ length: 30 }, (_, n) => `task:${n}`);
    const won = await Promise.all(
      keys.map(async (key) =>
        (await Promise.all(tables.map((table, n) => addPatiently(table, key, n)))).filter(Boolean),
      ),
    );
    expect(won.map((wins) => wins.length)).toEqual(keys.map(() => 1));
  });

  it('refuses a URL of another kind and an invalid table name', async () => {
    await expect(createStore('mysql://localhost/easel', { log })).rejects.toThrow('sqlite://path');
    await expect(createStore('sqlite:', { log })).rejects.toThrow('sqlite://path');
    const store = await openStore();
    expect(() => store.table('guild-settings')).toThrow(RangeError);
  });
});

async function addPatiently(
  table: { add(key: string, value: number): Promise<boolean> },
  key: string,
  value: number,
) {
  for (;;) {
    const won = await table.add(key, value).catch((error: StoreError) => {
      if (error.reason !== 'locked') throw error;
      return undefined;
    });
    if (won !== undefined) return won;
  }
}

describe('a foreign row', () => {
  it.each(['{"value":{"a":', 'not JSON', 'null', '5', ''])(
    '%j does not stop a walk over its table',
    async (text) => {
      const store = await openStore();
      const table = store.table<unknown>('tasks');
      await table.set('a', { n: 1 });
      await table.set('b', { n: 2 });
      await adapters.get('tasks')?.query('UPDATE tasks SET value = ? WHERE key = ?', text, 'a');
      const found: unknown[] = [];
      for await (const row of table.entries()) found.push(row);
      expect(found).toEqual([
        ['a', text],
        ['b', { n: 2 }],
      ]);
      expect(await table.get('a')).toBe(text);
      expect(await table.add('a', { n: 3 })).toBe(false);
    },
  );
});

describe('a store with a fault', () => {
  it('throws if it is full, keeps acknowledged writes, and resumes when there is room again', async () => {
    const table = (await openStore()).table<string>('tasks');
    await table.set('before', 'kept');
    await pragma('tasks', 'max_page_count=1');
    const error = await failure(table.set('big', 'x'.repeat(100_000)));
    expect(error).toMatchObject({ name: 'StoreError', reason: 'full', cause: { code: 'SQLITE_FULL' } });
    expect(await table.get('before')).toBe('kept');
    await pragma('tasks', 'max_page_count=100000');
    await table.set('big', 'fits');
    expect(await table.get('big')).toBe('fits');
  });

  it('throws if it is locked by another connection, and resumes when the lock is gone', async () => {
    const store = await openStore();
    const table = store.table<string>('tasks');
    await table.set('before', 'kept');
    const other = new KeyvSqlite({ uri: `sqlite://${file()}`, table: 'other' });
    await other.query('BEGIN EXCLUSIVE');
    expect(await failure(table.set('a', 'x'))).toMatchObject({
      reason: 'locked',
      cause: { code: 'SQLITE_BUSY' },
    });
    expect(await store.healthy()).toBe(false);
    expect(store.fault()).toBe('locked');
    await other.query('COMMIT');
    await other.close();
    await table.set('a', 'y');
    expect([await table.get('before'), await table.get('a')]).toEqual(['kept', 'y']);
    expect(store.fault()).toBeUndefined();
  });

  it('throws on writing if it is read-only, still reads, and resumes by itself', async () => {
    const table = (await openStore()).table<string>('tasks');
    await table.set('before', 'kept');
    await pragma('tasks', 'query_only=1');
    expect(await failure(table.set('a', 'x'))).toMatchObject({
      reason: 'readonly',
      cause: { code: 'SQLITE_READONLY' },
    });
    expect(await table.get('before')).toBe('kept');
    await table.set('a', 'y');
    expect(await table.get('a')).toBe('y');
  });

  it('throws if it is damaged, and resumes when the file is whole again', async () => {
    const first = await openStore();
    await first.table<string>('tasks').set('before', 'kept');
    // Whether closing does so hangs on which of its connections is the last.
    await pragma('tasks', 'wal_checkpoint(TRUNCATE)');
    await first.close();
    const whole = await readFile(file());
    const handle = await open(file(), 'r+');
    await handle.write('this is no database at all', 0);
    await handle.close();

    const store = await openStore();
    const table = store.table<string>('tasks');
    expect(await failure(table.get('before'))).toMatchObject({
      reason: 'corrupt',
      cause: { code: 'SQLITE_NOTADB' },
    });
    expect(await failure(table.set('a', 'x'))).toMatchObject({ reason: 'corrupt' });
    await writeFile(file(), whole);
    expect(await table.get('before')).toBe('kept');
    expect(await store.healthy()).toBe(true);
  });

  it('is opened again at each use if it could not be opened', async () => {
    const folder = join(directory, 'later');
    await writeFile(folder, 'a file where a folder should be');
    const store = await createStore(`sqlite://${join(folder, 'easel.sqlite')}`, { log });
    stores.push(store);
    const table = store.table<string>('tasks');
    expect(await failure(table.set('a', 'x'))).toMatchObject({
      reason: 'unopenable',
      cause: { code: 'EEXIST' },
    });
    await rm(folder);
    await table.set('a', 'y');
    expect(await table.get('a')).toBe('y');
  });

  it('is logged once, and once more when it has recovered', async () => {
    const table = (await openStore()).table<string>('tasks');
    await table.set('before', 'kept');
    await pragma('tasks', 'max_page_count=1');
    for (const key of ['a', 'b', 'c']) await failure(table.set(key, 'x'.repeat(100_000)));
    await pragma('tasks', 'max_page_count=100000');
    await table.set('a', 'fits');
    expect(lines).toEqual([
      'error: no space is left for the database: free some on its disk',
      'info: the database accepts writes again',
    ]);
  });

  it('keeps its rows through a fault in memory', async () => {
    const store = await createStore('sqlite::memory:', {
      log,
      connect: (options) => {
        const adapter = new KeyvSqlite(options);
        adapters.set(String(options.table), adapter);
        return adapter;
      },
    });
    stores.push(store);
    const table = store.table<string>('tasks');
    await table.set('before', 'kept');
    await pragma('tasks', 'query_only=1');
    expect(await failure(table.set('a', 'x'))).toMatchObject({ reason: 'readonly' });
    await pragma('tasks', 'query_only=0');
    await table.set('a', 'y');
    expect([await table.get('before'), await table.get('a')]).toEqual(['kept', 'y']);
  });
});
