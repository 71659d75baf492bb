import { expect, it } from 'vitest';
import { StoreError } from '../../../src/store/store.js';
import { createBatch } from '../../../src/store/write-batch.js';
import { settled } from '../../support/until.js';

/** Writes that end when instructed, one at a time. */
function createDisk() {
  const writes: (readonly string[])[] = [];
  const ends: ((error?: Error) => void)[] = [];
  return {
    writes,
    write: (items: readonly string[]) => {
      writes.push(items);
      return new Promise<string[]>((resolve, reject) => {
        ends.push((error) => (error ? reject(error) : resolve(items.map((item) => `${item} written`))));
      });
    },
    async end(error?: Error): Promise<void> {
      ends.shift()?.(error);
      await settled();
    },
  };
}

const fault = (reason: 'full' | 'locked' | 'readonly') => new StoreError(reason, 'tasks', 'as told');

it('writes that come during another write are batched, and each is answered for itself', async () => {
  const { writes, write, end } = createDisk();
  const add = createBatch(write);
  const all = Promise.all(['a', 'b', 'c'].map(add));
  await end();
  await end();
  expect(await all).toEqual(['a written', 'b written', 'c written']);
  expect(writes).toEqual([['a'], ['b', 'c']]);
});

it("writes that don't fit together are tried one by one", async () => {
  const { writes, write, end } = createDisk();
  const add = createBatch(write);
  const all = Promise.allSettled(['a', 'b', 'c'].map(add));
  await end();
  await end(fault('full'));
  await end(fault('full'));
  await end();
  expect(writes).toEqual([['a'], ['b', 'c'], ['b'], ['c']]);
  expect((await all).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});

it('a write queued behind one that failed on a lock does not wait a second time', async () => {
  const { writes, write, end } = createDisk();
  const add = createBatch(write);
  const all = Promise.allSettled(['a', 'b', 'c'].map(add));
  await end(fault('locked'));
  expect((await all).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(writes).toEqual([['a']]);
});

it('any other fault fails the batch, and the next write is tried', async () => {
  const { writes, write, end } = createDisk();
  const add = createBatch(write);
  const all = Promise.allSettled(['a', 'b'].map(add));
  await end(fault('readonly'));
  await end();
  expect((await all).map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  expect(writes).toEqual([['a'], ['b']]);
});
