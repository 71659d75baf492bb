import { setTimeout as sleep } from 'node:timers/promises';
import type { Counts } from '../../cluster/peer-requests.js';
import type { Settings } from '../../guilds/settings.js';
import type { Log } from '../../log.js';
import { type Ledger, LedgerClosedError } from '../../tasks/ledger/ledger.js';
import type { RemoteTasks } from './remote-tasks.js';

/** Deletes what is kept of a user or a guild, except what keeps accounts straight until the month is over. */
export interface DataDeletion {
  /**
   * Deletes a user's data, in all processes.
   * @returns how many records are empty now, and how many tasks are unfinished: these are emptied when they end.
   * `isWhole`: every process answered; otherwise it has to be requested again.
   * @throws StoreError if the store does not take it.
   */
  forgetUser(userId: string): Promise<Counts & { readonly isWhole: boolean }>;
  /** The same in this process alone, and in its settings. @throws StoreError */
  forgetUserHere(userId: string): Promise<Counts>;
  /** Deletes the settings of a guild that removed Easel, and empties its records. Never throws. */
  forgetGuild(guildId: string): Promise<void>;
}

/** A table that also knows users. */
interface UserData {
  /** @throws StoreError */
  forget(userId: string): Promise<void>;
}

interface Deps {
  readonly settings: Pick<Settings, 'forget' | 'remove'>;
  readonly ledger: Pick<Ledger, 'purge' | 'unfinished'>;
  readonly remoteTasks: Pick<RemoteTasks, 'forget'>;
  /** Drafts, upload limits and hints, which all processes share. */
  readonly tables: readonly UserData[];
  readonly log: Log;
}

/** How often a guild's records are tried to be emptied while the store is broken; the wait doubles each time. */
const tries = 10;
const firstWaitMs = 1_000;

export function createDataDeletion({ settings, ledger, remoteTasks, tables, log }: Deps): DataDeletion {
  async function forgetUserHere(userId: string): Promise<Counts> {
    await settings.forget(userId);
    const counts = await ledger.purge({ userId });
    log.info({ ...counts }, 'the records of a user were emptied at their request');
    const open = ledger.unfinished().filter(({ origin }) => origin.userId === userId);
    return { emptied: counts.emptied, later: open.length };
  }

  return {
    async forgetUser(userId) {
      for (const table of tables) await table.forget(userId);
      const [here, there] = await Promise.all([forgetUserHere(userId), remoteTasks.forget(userId)]);
      const { isWhole } = there;
      return { emptied: here.emptied + there.emptied, later: here.later + there.later, isWhole };
    },
    forgetUserHere,
    async forgetGuild(guildId) {
      for (let wait = firstWaitMs, left = tries; left > 0; wait *= 2, left -= 1) {
        try {
          await settings.remove(guildId);
          const counts = await ledger.purge({ guildId });
          return log.info({ guild: guildId, ...counts }, 'a guild removed Easel and was forgotten');
        } catch (error) {
          // Whatever is left is found at the next start.
          if (error instanceof LedgerClosedError) return;
          log.error({ guild: guildId, err: error, left: left - 1 }, "a guild's data could not be deleted");
          await sleep(wait, undefined, { ref: false });
        }
      }
    },
  };
}
