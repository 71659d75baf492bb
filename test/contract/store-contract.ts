import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../src/store/store.js';

/** The promises of every store, run over each kind. `make` gives an empty one. */
export function storeContract(name: string, make: () => Promise<Store>): void {
  describe(`store contract: ${name}`, () => {
    let store: Store;
    beforeEach(async () => {
      store = await make();
    });
    afterEach(() => store.close());

    it('returns what was set, and undefined for missing keys', async () => {
      const table = store.table<object>('tasks');
      const value = { text: 'a', list: [1, null, 'two', { deep: true }], none: null, zero: 0, no: false };
      await table.set('a', value);
      expect(await table.get('a')).toEqual(value);
      expect(await table.get('b')).toBeUndefined();
    });

    it('reads many rows at once, those that exist', async () => {
      const table = store.table<unknown>('many_rows');
      await Promise.all(['a', 'b', "it's"].map((key, n) => table.set(key, { n })));
      const found = await table.getMany(["it's", 'none', 'a']);
      expect(Object.fromEntries(found)).toEqual({ a: { n: 0 }, "it's": { n: 2 } });
      expect((await table.getMany([])).size).toBe(0);
    });

    it('replaces, deletes, and says whether there was something to delete', async () => {
      const table = store.table<number>('tasks');
      await table.set('a', 1);
      await table.set('a', 2);
      expect(await table.get('a')).toBe(2);
      expect(await table.delete('a')).toBe(true);
      expect(await table.delete('a')).toBe(false);
      expect(await table.get('a')).toBeUndefined();
    });

    it('keeps tables apart, and returns the same one for the same name', async () => {
      await store.table<number>('tasks').set('a', 1);
      await store.table<number>('guilds').set('a', 2);
      expect(await store.table<number>('tasks').get('a')).toBe(1);
      expect(await collect(store.table<number>('guilds').entries())).toEqual([['a', 2]]);
    });

    it('takes any key and any JSON as they are', async () => {
      const table = store.table<unknown>('tasks');
      const keys = fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme' });
      await fc.assert(
        fc.asyncProperty(keys, fc.jsonValue({ noUnicodeString: false }), async (key, value) => {
          const sent: unknown = JSON.parse(JSON.stringify(value));
          await table.set(key, sent);
          expect(await table.get(key)).toEqual(sent);
          expect(await collect(table.entries())).toEqual([[key, sent]]);
          await table.delete(key);
        }),
        {
          numRuns: 60,
          examples: [
            ['guild:1:task:2', ':base64:AAAA'],
            ['%_', ':'],
            ["a'b", { ':a': ':b' }],
          ],
        },
      );
    });

    it('processes operations on one key in order, awaited or not', async () => {
      const table = store.table<number>('tasks');
      const asked = [];
      for (let value = 0; value < 200; value++) asked.push(table.set('a', value), table.set('b', -value));
      const read = table.get('a');
      asked.push(table.delete('b'));
      expect(await read).toBe(199);
      await Promise.all(asked);
      expect(await table.get('a')).toBe(199);
      expect(await table.get('b')).toBeUndefined();
    });

    it('lets one of many adds win, and leaves existing rows alone', async () => {
      const table = store.table<number>('tasks');
      const won = await Promise.all(Array.from({ length: 50 }, (_, n) => table.add('a', n)));
      expect(won.filter(Boolean)).toHaveLength(1);
      expect(await table.get('a')).toBe(won.indexOf(true));
      await table.delete('a');
      expect(await table.add('a', 99)).toBe(true);
    });

    it('sets only while a row is as it was read, whichever process wrote it, and says whether it did', async () => {
      const table = store.table<{ n: number; words?: string }>('tasks');
      expect(await table.read('a')).toEqual({ value: undefined, version: undefined });
      expect(await table.compareAndSet('a', undefined, { n: 1, words: "it's 狐 \u0000 \ud800" })).toBe(true);
      expect(await table.compareAndSet('a', undefined, { n: 9 })).toBe(false);
      const first = await table.read('a');
      expect(first.value).toEqual({ n: 1, words: "it's 狐 \u0000 \ud800" });
      await table.set('a', { n: 2 });
      expect(await table.compareAndSet('a', first.version, { n: 9 })).toBe(false);
      expect(await table.compareAndSet('a', (await table.read('a')).version, { n: 3 })).toBe(true);
      expect(await table.get('a')).toEqual({ n: 3 });
      const { version } = await table.read('a');
      await table.delete('a');
      expect(await table.compareAndSet('a', version, { n: 9 })).toBe(false);
      expect(await collect(table.entries())).toEqual([]);
    });

    it('sets several rows together or none of them', async () => {
      const table = store.table<number>('tasks');
      await table.set('b', 1);
      const { version } = await table.read('b');
      const both = (at: string | undefined) => [
        { key: 'b', version: at, value: 2 },
        { key: 'a', version: undefined, value: 2 },
      ];
      expect(await table.compareAndSetAll(both('{"value":7}'))).toBe(false);
      expect(await collect(table.entries())).toEqual([['b', 1]]);
      expect(await table.compareAndSetAll(both(version))).toBe(true);
      expect(await table.compareAndSetAll(both(version))).toBe(false);
      expect(await collect(table.entries())).toEqual([
        ['a', 2],
        ['b', 2],
      ]);
      expect(await table.compareAndSetAll([])).toBe(true);
      expect(() => table.compareAndSetAll([...both(version), ...both(version)])).toThrow(RangeError);
    });

    it('updates a row concurrently without losing an update', async () => {
      const table = store.table<number>('tasks');
      const add = async () => {
        for (;;) {
          const { value = 0, version } = await table.read('a');
          if (await table.compareAndSet('a', version, value + 1)) return;
        }
      };
      await Promise.all([
        ...Array.from({ length: 15 }, () => table.update('a', (value = 0) => value + 1)),
        ...Array.from({ length: 15 }, add),
      ]);
      expect(await table.get('a')).toBe(30);
      const { version } = await table.read('a');
      expect(await table.update('a', (value = 0) => value)).toBe(30);
      expect((await table.read('a')).version).toBe(version);
      await expect(
        table.update('a', () => {
          throw new Error('no');
        }),
      ).rejects.toThrow('no');
    });

    it('walks thousands of rows once each, even if rows are deleted meanwhile', async () => {
      const table = store.table<number>('tasks');
      const keys = Array.from({ length: 2500 }, (_, n) => `guild:${n}`);
      await Promise.all(keys.map((key, n) => table.set(key, n)));
      const seen: string[] = [];
      for await (const [key] of table.entries()) {
        seen.push(key);
        await table.delete(key);
      }
      expect(seen.toSorted()).toEqual(keys.toSorted());
      expect(await collect(table.entries())).toEqual([]);
    });

    it('finishes writes in flight when it is closed, and refuses later ones', async () => {
      const table = store.table<number>('tasks');
      const writing = Promise.all(Array.from({ length: 20 }, (_, n) => table.set('a', n)));
      await store.close();
      await expect(writing).resolves.toHaveLength(20);
      await expect(table.set('a', 1)).rejects.toThrow('closed');
      expect(await store.healthy()).toBe(false);
      store = await make();
    });

    it('is healthy, and has no fault', async () => {
      expect(await store.healthy()).toBe(true);
      expect(store.fault()).toBeUndefined();
    });
  });
}

async function collect<T>(entries: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const entry of entries) all.push(entry);
  return all;
}
