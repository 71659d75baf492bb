import { entryOfOrder, headKey, type LogHead, orderKey } from '../../moderation/log-rows.js';
import { receivedAt } from '../../tasks/model/task-record.js';
import type { Due, LogBookDeps } from './log-parts.js';
import { logToolsOf, postNext, readHead } from './log-posting.js';
import { redrawNext } from './log-redrawing.js';
import { settleNext } from './log-settling.js';

/** The messages of a log. All throw StoreError, and what Discord's REST API does. */
export function createLogMessages(deps: LogBookDeps) {
  const { table, journal, ledger } = deps;
  const tools = logToolsOf(deps);
  return {
    /** @returns whether a message was posted. */
    postNext: (guildId: string, due: Due) => postNext(tools, guildId, due),
    /** @returns whether there are more to draw again. */
    redrawNext: (guildId: string, due: Due) => redrawNext(tools, guildId, due),
    /** @returns whether there are more to look for or to clean. */
    settleNext: (guildId: string, due: Due) => settleNext(tools, guildId, due),
    /** Puts new orders into the journal, and finds the entries of those that are in it. */
    async enter(guildId: string, { since }: LogHead, due: Due): Promise<void> {
      for (const id of due.tasks) {
        const known = entryOfOrder(await table.get(orderKey(id)));
        const task = known ? undefined : await ledger.find(id);
        due.tasks.delete(id);
        if (known) due.entries.add(known.n);
        if (!task || receivedAt(task) < since) continue;
        const at = receivedAt(task);
        const entry = { guildId, act: 'order' as const, at, by: task.origin.userId, taskId: id };
        await journal.noteWith(entry, (n) => [
          { key: orderKey(id), version: undefined, value: { v: 1, guildId, n } },
        ]);
      }
    },
    /** The channel can't be written. */
    async silence(guildId: string, at: number): Promise<void> {
      const { value, version } = await readHead(tools, guildId);
      if (value) await table.compareAndSet(headKey(guildId), version, { ...value, silentSince: at });
    },
  };
}
