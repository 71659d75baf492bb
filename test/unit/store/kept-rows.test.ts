import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { KeyvSqlite } from '@keyv/sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../../src/log.js';
import type { Rows } from '../../../src/store/backend.js';
import { keepRows } from '../../../src/store/kept-rows.js';
import { createStore, type Store } from '../../../src/store/store.js';
import { quickFolder } from '../../support/quick-folder.js';

let reads = 0;

describe('rows that are kept in memory', () => {
  const inner = {
    read: async () => ({ value: undefined, version: `{"value":${++reads}}` }),
    set: async () => {},
    delete: async () => {
      throw new Error('locked');
    },
  } as unknown as Rows;
  beforeEach(() => {
    reads = 0;
  });

  it('are read once while no other process can write them', async () => {
    let lease = '';
    const rows = keepRows(inner, () => lease);
    expect([await rows.get('b'), await rows.get('b')]).toEqual([1, 2]);
    lease = '1';
    expect([await rows.get('b'), await rows.get('b')]).toEqual([3, 3]);
    await rows.set('b', {});
    expect(await rows.get('b')).toBe(4);
    await expect(rows.delete('b')).rejects.toThrow('locked');
    expect(await rows.get('b')).toBe(5);
    lease = '2';
    expect(await rows.get('b')).toBe(6);
  });

  it('do not keep what was read beside a write', async () => {
    let finish = (_: { value: undefined; version: string }) => {};
    const slow = () =>
      new Promise<{ value: undefined; version: string }>((resolve) => {
        finish = resolve;
      });
    const rows = keepRows({ ...inner, read: slow } as Rows, () => '1');
    const reading = rows.get('a');
    await rows.set('b', {});
    finish({ value: undefined, version: '{"value":"old"}' });
    expect(await reading).toBe('old');
    const next = rows.get('a');
    finish({ value: undefined, version: '{"value":"new"}' });
    expect(await next).toBe('new');
  });
});

describe('a kept table of a store', () => {
  let folder: string;
  let store: Store;
  beforeEach(async () => {
    folder = await quickFolder('easel-kept-');
    store = await createStore(`sqlite://${join(folder, 'easel.sqlite')}`, {
      log: silentLog,
      connect(options) {
        const adapter = new KeyvSqlite(options);
        const query = adapter.query.bind(adapter);
        adapter.query = (sql, ...values) => {
          if (sql.includes('FROM rules WHERE key')) reads += 1;
          return query(sql, ...values);
        };
        return adapter;
      },
    });
  });
  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });

  it('is only read once under the lease, and shows each write from the moment it is acknowledged', async () => {
    await store.table('lease').set('bot', { number: 1 });
    store.fence('1');
    const table = store.table<{ n: number }>('rules', { kept: true });
    await table.set('a', { n: 1 });
    const value = await table.get('a');
    if (value) value.n = 100;
    reads = 0;
    for (let n = 0; n < 10; n++) expect(await table.get('a')).toEqual({ n: 1 });
    expect(reads).toBe(0);
    const { version } = await table.read('a');
    expect(await table.compareAndSet('a', version, { n: 2 })).toBe(true);
    expect(await table.get('a')).toEqual({ n: 2 });
    expect(await table.compareAndSet('a', version, { n: 3 })).toBe(false);
    await table.update('a', (row) => ({ n: (row?.n ?? 0) + 1 }));
    expect(await table.get('a')).toEqual({ n: 3 });
    await table.delete('a');
    expect(await table.get('a')).toBeUndefined();
    expect(await table.add('a', { n: 4 })).toBe(true);
    expect(await table.get('a')).toEqual({ n: 4 });
  });
});
