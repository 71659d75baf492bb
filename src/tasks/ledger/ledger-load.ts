import { isOver } from '../model/state-machine.js';
import type { Task } from '../model/task.js';
import type { LedgerState } from './ledger-state.js';
import { isolated } from './record-check.js';
import { readRow } from './record-schema.js';

/** Most unreadable records logged one by one. */
const mostNamed = 20;
const unreadable =
  'a record of the ledger cannot be read: it is left as it is, and nothing more is done about its order';

/** Reads every record: see `Ledger.load` and `Ledger.unreadable`. */
export function createLoading(state: LedgerState) {
  const { table, log, owns, live, index, listing } = state;
  const tellIndex = isolated(index ? [index.see] : [], log);
  let unread = 0;
  return {
    async load() {
      const found: Task[] = [];
      unread = 0;
      for await (const [id, stored] of table.entries()) {
        const { task, reason } = readRow(id, stored);
        if (task) tellIndex(task);
        if (task && owns(task)) {
          state.see(task);
          if (!isOver(task.state)) found.push(task);
        }
        if (!task && ++unread <= mostNamed) log.error({ record: id, reason }, unreadable);
      }
      if (unread > mostNamed) log.error({ records: unread }, unreadable);
      await index?.ready();
      await listing.ready();
      for (const task of found) live.set(task.id, task);
      state.markLoaded();
    },
    unreadable: () => unread,
  };
}
