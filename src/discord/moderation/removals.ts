import type { Log } from '../../log.js';
import type { Journal } from '../../moderation/journal.js';
import { type RemovalRow, removalsIn } from '../../moderation/removal-rows.js';
import type { Table } from '../../store/store.js';
import type { Ledger } from '../../tasks/ledger/ledger.js';
import type { Posted, Task } from '../../tasks/model/task.js';
import { createMessageRemover, type RemoverDeps } from '../interactions/message-remover.js';
import type { Showcase } from '../showcase/showcase.js';
import { tasksIn } from './guild-tasks.js';

/** Removes all results of a member since a time. What was begun is finished after a restart. */
export interface Removals {
  /**
   * Persists what is to be removed, and removes it.
   * @param wanted `since` in ms since the epoch, `by` the moderator's id.
   * @returns how many results are gone, and how many can't be removed: Easel may not, or only their user sees them.
   * @throws StoreError
   */
  begin(guildId: string, wanted: Wanted): Promise<{ readonly removed: number; readonly failed: number }>;
  /** Continues what a restart interrupted in this process's guilds. Never rejects. */
  resume(): Promise<void>;
}

interface Wanted {
  readonly userId: string;
  readonly since: number;
  readonly by: string;
}

interface Deps extends RemoverDeps {
  readonly table: Table<unknown>;
  readonly journal: Pick<Journal, 'noteWith'>;
  readonly ledger: Pick<Ledger, 'since' | 'find' | 'markRemoved'>;
  readonly showcase: Pick<Showcase, 'gone'>;
  /** Whether this process serves a guild. */
  readonly serves: (guildId: string | undefined) => boolean;
  readonly log: Log;
  readonly now: () => number;
}

export function createRemovals(deps: Deps): Removals {
  const { table, journal, serves, log, now } = deps;
  const own = new Set<string>();

  async function run(key: string, row: RemovalRow) {
    const done = await work(deps, row);
    await table.delete(key);
    log.info({ guild: row.guildId, by: row.by, ...done }, 'results of a member were removed');
    return done;
  }

  return {
    async begin(guildId, { userId, since, by }) {
      const at = now();
      const row: RemovalRow = { v: 1, guildId, userId, since, by, at };
      const key = `removal:${guildId}:${userId}:${at}`;
      own.add(key);
      const entry = { guildId, act: 'removal' as const, at, by, about: userId, details: { since } };
      await journal.noteWith(entry, [{ key, version: undefined, value: row }]);
      return run(key, row);
    },
    async resume() {
      try {
        for (const [key, row] of await removalsIn(table))
          if (!own.has(key) && serves(row.guildId)) await run(key, row);
      } catch (error) {
        log.warn({ err: error }, 'removals of results could not be resumed');
      }
    },
  };
}

async function work(deps: Deps, { guildId, userId, since, at }: RemovalRow) {
  const remove = createMessageRemover(deps);
  const gone = new Map<string, boolean>();
  let [removed, failed] = [0, 0];
  for await (const tasks of tasksIn(deps.ledger, guildId, since, userId))
    for (const task of tasks) {
      const posted = resultOf(task, at);
      if (!posted) continue;
      // What only its user sees is out of reach, unless it was sent as a direct message.
      const isHidden = task.origin.private && posted.channelId === task.origin.channelId;
      const isGone = !isHidden && (gone.get(posted.messageId) ?? (await remove(posted)));
      gone.set(posted.messageId, isGone);
      // Before it is marked: what is marked is left out after a restart, and Discord may have told no one.
      if (isGone) await deps.showcase.gone([posted.messageId]);
      if (isGone) await deps.ledger.markRemoved(task.id);
      if (isGone) removed += 1;
      else failed += 1;
    }
  return { removed, failed };
}

/** Where its result is, if it was posted before the moderator asked. */
function resultOf({ state, removed, history }: Task, before: number): Posted | undefined {
  const isOld = (history.at(-1)?.at ?? 0) <= before;
  return state.name === 'delivered' && !removed && isOld ? state.posted : undefined;
}
