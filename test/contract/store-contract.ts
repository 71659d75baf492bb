import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../src/store.js';

/** What every store promises, run over each kind there is. `make` gives one with nothing in it. */
export function storeContract(name: string, make: () => Promise<Store>): void {
  describe(`store contract: ${name}`, () => {
    let store: Store;
    beforeEach(async () => {
      store = await make();
    });
    afterEach(() => store.close());

    it('gives back what was set, and undefined for what was not', async () => {
      const table = store.table<object>('tasks');
      const value = { text: 'a', list: [1, null, 'two', { deep: true }], none: null, zero: 0, no: false };
      await table.set('a', value);
      expect(await table.get('a')).toEqual(value);
      expect(await table.get('b')).toBeUndefined();
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

    it('keeps tables apart, and gives the same one for the same name', async () => {
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

    it('does what one key is asked in the order asked, awaited or not', async () => {
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

    it('lets one of many adds win, and leaves what is there alone', async () => {
      const table = store.table<number>('tasks');
      const won = await Promise.all(Array.from({ length: 50 }, (_, n) => table.add('a', n)));
      expect(won.filter(Boolean)).toHaveLength(1);
      expect(await table.get('a')).toBe(won.indexOf(true));
      await table.delete('a');
      expect(await table.add('a', 99)).toBe(true);
    });

    it('walks thousands of rows once each, also while rows are deleted on the way', async () => {
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

    it('finishes the writes on their way when it is closed, and refuses what comes after', async () => {
      const table = store.table<number>('tasks');
      const writing = Promise.all(Array.from({ length: 20 }, (_, n) => table.set('a', n)));
      await store.close();
      await expect(writing).resolves.toHaveLength(20);
      await expect(table.set('a', 1)).rejects.toThrow('closed');
      expect(await store.healthy()).toBe(false);
      store = await make();
    });

    it('is healthy, and knows of no fault', async () => {
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
