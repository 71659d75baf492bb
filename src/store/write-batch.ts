import { StoreError } from './store-error.js';

/** Most items of one write. */
const most = 500;

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Gathers what comes while a write is on its way, and writes it together: a sync to disk costs the same for one row
 * and for hundreds. `write` answers for each item, in order, and must do all or nothing.
 *
 * A database that is locked or away fails a write after its whole wait. What has gathered behind it fails with it: a
 * second wait would be too long for the users who stand there.
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
      // Where there is no room for all of them, there may be for some.
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
