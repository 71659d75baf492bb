import { StoreError } from './store-error.js';

/** Most items of one write. */
const most = 500;

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Batches items that arrive while a write is in flight: a sync to disk costs the same for one row and for hundreds.
 * `write` returns a result per item, in order, and must do all or nothing. A locked or unavailable database fails a
 * write after its full time-out; the items batched behind it fail with it, because a second time-out would be too
 * long for waiting users.
 */
export function createBatch<Item, Result>(
  write: (items: readonly Item[]) => Promise<readonly Result[]>,
): (item: Item) => Promise<Result> {
  const waiting: Waiting<Item, Result>[] = [];
  let writing = false;

  async function writeAll(): Promise<void> {
    writing = true;
    while (waiting.length > 0) await writeTogether(waiting.splice(0, most));
    writing = false;
  }

  async function writeTogether(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await write(batch.map(({ item }) => item));
      for (const [n, { resolve, reject }] of batch.entries()) {
        const result = results[n];
        if (result === undefined) reject(new Error('a write reported nothing for one of its items'));
        else resolve(result);
      }
    } catch (error) {
      const reason = error instanceof StoreError ? error.reason : undefined;
      // If there is no space for all of them, there may be for some.
      if (reason === 'full' && batch.length > 1) for (const each of batch) await writeTogether([each]);
      else {
        const failed = reason === 'locked' || reason === 'away' ? [...batch, ...waiting.splice(0)] : batch;
        for (const { reject } of failed) reject(error);
      }
    }
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!writing) void writeAll();
    });
}
