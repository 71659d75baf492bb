import { isAlive } from '../model/state-machine.js';
import type { Task } from '../model/task.js';
import { lastChange } from '../model/task-record.js';
import { eventOf } from '../model/task-set.js';
import type { LedgerState } from './ledger-state.js';
import type { Owner } from './owner-index.js';
import { readRow } from './record-schema.js';
import { type RecordWrites, tidied } from './record-writes.js';

/** Empties and removes records: see `Ledger.purge` and `Ledger.prune`. */
export function createRetention(state: LedgerState, { rewrite }: Pick<RecordWrites, 'rewrite'>) {
  const { table, live, listing, closing, index, owns } = state;
  return {
    async purge(owner: Owner) {
      state.requireLoaded();
      const purged: Task[] = [];
      for (const id of listing.ids(owner)) {
        closing.signal.throwIfAborted();
        // Redacted immediately if it is over, otherwise marked for it.
        const task = await rewrite(id, (kept) =>
          kept.purge === undefined ? tidied({ ...kept, purge: 'wanted' }) : undefined,
        );
        if (task) purged.push(task);
      }
      const done = purged.filter(({ purge }) => purge === 'done').length;
      return { emptied: done, later: purged.length - done };
    },
    async prune(before: number) {
      // Collected first: rows must not be deleted while iterating (docs/library-notes.md#keyvsqlite-and-keyv).
      const over: Task[] = [];
      // A set goes as a whole: its lead is what keeps an event from being ordered again.
      const kept = new Set<string>();
      for await (const [id, stored] of table.entries()) {
        const { task } = readRow(id, stored);
        if (!task || !owns(task)) continue;
        if (!isAlive(task.state) && lastChange(task) < before) over.push(task);
        else kept.add(eventOf(id));
      }
      const old = over.filter(({ id, set }) => !(set && kept.has(eventOf(id))));
      await index?.drop(old);
      for (const { id } of old) {
        live.delete(id);
        await table.delete(id);
        listing.remove(id);
      }
      return old.length;
    },
  };
}
