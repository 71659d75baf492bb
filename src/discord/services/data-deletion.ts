import { setTimeout as sleep } from 'node:timers/promises';
import type { Counts } from '../../cluster/peer-requests.js';
import type { Settings } from '../../guilds/settings.js';
import type { Log } from '../../log.js';
import { type Ledger, LedgerClosedError } from '../../tasks/ledger/ledger.js';
import type { Runner } from '../../tasks/lifecycle/runner.js';
import type { Task } from '../../tasks/model/task.js';
import type { RemoteTasks } from './remote-tasks.js';

/** Deletes the stored data of a user or a guild, except what keeps accounts straight until the month is over. */
export interface DataDeletion {
  /**
   * Deletes a user's data in all processes.
   * @returns how many records were redacted, and how many tasks are unfinished and will be redacted when they end.
   * `isWhole`: every process answered; otherwise it has to be requested again.
   * @throws StoreError if it can't be persisted.
   */
  forgetUser(userId: string): Promise<Counts & { readonly isWhole: boolean }>;
  /**
   * The same in this process only, including settings.
   * @throws StoreError
   */
  forgetUserHere(userId: string): Promise<Counts>;
  /** Deletes the settings of a guild that removed Easel and redacts its records. Never throws. */
  forgetGuild(guildId: string): Promise<void>;
}

/** Another table with data about users. */
export interface UserData {
  /** @throws StoreError */
  forget(userId: string): Promise<void>;
}

/** Another table with data of guilds. */
interface GuildData {
  /** @throws StoreError */
  remove(guildId: string): Promise<void>;
}

interface Deps {
  readonly settings: Pick<Settings, 'forget' | 'remove'>;
  readonly ledger: Pick<Ledger, 'purge' | 'unfinished'>;
  readonly remoteTasks: Pick<RemoteTasks, 'forget'>;
  /** Drafts, upload limits and hints, shared by all processes. */
  readonly tables: readonly UserData[];
  /** What else is kept of a guild. */
  readonly guildTables: readonly GuildData[];
  /** Moderators need not decide any more about what is to go. @default nothing is under review */
  readonly recheck?: Runner['recheck'];
  /** What was drawn of a user's data here has to be drawn again. */
  readonly onForgotten?: () => void;
  readonly log: Log;
}

/** How often redacting a guild's records is tried while the store fails; the delay doubles each time. */
const tries = 10;
const firstWaitMs = 1_000;

const isToGo = ({ purge }: Task) => purge !== undefined;

export function createDataDeletion({
  settings,
  ledger,
  remoteTasks,
  tables,
  guildTables,
  recheck = () => {},
  onForgotten = () => {},
  log,
}: Deps): DataDeletion {
  async function forgetUserHere(userId: string): Promise<Counts> {
    await settings.forget(userId);
    const counts = await ledger.purge({ userId });
    recheck(isToGo);
    log.info({ ...counts }, 'the records of a user were emptied at their request');
    onForgotten();
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
          for (const table of guildTables) await table.remove(guildId);
          const counts = await ledger.purge({ guildId });
          recheck(isToGo);
          return log.info({ guild: guildId, ...counts }, 'a guild removed Easel and was forgotten');
        } catch (error) {
          // The rest is found at the next start.
          if (error instanceof LedgerClosedError) return;
          log.error({ guild: guildId, err: error, left: left - 1 }, "a guild's data could not be deleted");
          await sleep(wait, undefined, { ref: false });
        }
      }
    },
  };
}
