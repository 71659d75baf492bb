import type { Settings } from '../../guilds/settings.js';
import type { Log } from '../../log.js';
import type { Table } from '../../store/store.js';
import type { Ledger } from '../../tasks/ledger/ledger.js';
import { type NextAttempt, retry } from '../../util/retry.js';
import { hour } from '../../util/time.js';
import type { NamedGuilds } from '../gateway/guild-tracker.js';

interface Deps {
  /** Its own table: the application whose guilds are known. */
  readonly table: Table<unknown>;
  readonly settings: Pick<Settings, 'guilds'>;
  /** Guilds of which something else is stored. @throws StoreError */
  readonly others: () => Promise<readonly string[]>;
  readonly ledger: Pick<Ledger, 'guilds'>;
  /** See `DataDeletion.forgetGuild`. */
  readonly forgetGuild: (guildId: string) => Promise<void>;
  /** Aborts when Easel stops; the rest is found at the next start. */
  readonly signal: AbortSignal;
  readonly log: Log;
  /** First delay while the store fails, ms; doubles. */
  readonly retryMs?: number;
}

const key = 'application';
const tries = 10;

/**
 * Deletes the data of guilds that removed Easel while it was offline: guilds with stored data that Discord no longer
 * lists. Only guilds that had Easel as a member have data: with a user install the user pays and there are no
 * settings. Never rejects.
 */
export function createDepartedGuilds({
  table,
  settings,
  others,
  ledger,
  forgetGuild,
  signal,
  log,
  retryMs = 1_000,
}: Deps) {
  /**
   * With another bot's token all guilds would seem to have removed Easel, and their settings would be lost
   * permanently.
   */
  async function isOurs(applicationId: string): Promise<boolean> {
    await table.add(key, applicationId);
    const ours = await table.get(key);
    if (ours === applicationId) return true;
    log.error(
      { ours, applicationId },
      'the store belongs to another Discord application: not looking for guilds that removed Easel',
    );
    return false;
  }

  return async function lookForGone({ applicationId, isGone }: Omit<NamedGuilds, 'ids'>): Promise<void> {
    const attempt = async () => {
      // Throws until the ledger is loaded: half of it would name half of the guilds.
      const known = new Set([...ledger.guilds(), ...(await settings.guilds()), ...(await others())]);
      if (!(await isOurs(applicationId))) return;
      for (const guildId of known) if (isGone(guildId) && !signal.aborted) await forgetGuild(guildId);
    };
    const onFailure = (error: unknown, { left }: NextAttempt) => {
      log.warn({ err: error, left }, 'looking for guilds that removed Easel failed');
    };
    const pace = { firstMs: retryMs, maxMs: hour, ref: false, tries };
    await retry(attempt, { ...pace, signal, onFailure }).catch(() => {});
  };
}
