import type { Settings } from '../../guilds/settings.js';
import type { Log } from '../../log.js';
import type { Table } from '../../store/store.js';
import type { Ledger } from '../../tasks/ledger/ledger.js';
import { type NextAttempt, retry } from '../../util/retry.js';
import { hour } from '../../util/time.js';
import type { NamedGuilds } from '../gateway/guild-tracker.js';

interface Deps {
  /** A table of its own: whose members the known guilds had. */
  readonly table: Table<unknown>;
  readonly settings: Pick<Settings, 'guilds'>;
  readonly ledger: Pick<Ledger, 'guilds'>;
  /** See `DataDeletion.forgetGuild`. */
  readonly forgetGuild: (guildId: string) => Promise<void>;
  /** Aborts when Easel stops: who is still to be forgotten is found at the next start. */
  readonly signal: AbortSignal;
  readonly log: Log;
  /** First wait while the store is broken, ms; doubles. */
  readonly retryMs?: number;
}

const key = 'application';
const tries = 10;

/**
 * Forgets the guilds that have sent Easel away while it was off, or cut off: those that are known here, and that Discord
 * names no more. Only guilds that had it as a member are known: where a person brought it along, the person pays and
 * nothing is set. Never rejects.
 */
export function createDepartedGuilds({
  table,
  settings,
  ledger,
  forgetGuild,
  signal,
  log,
  retryMs = 1_000,
}: Deps) {
  /** With another bot's token all guilds would seem gone, and what they have set would be lost for good. */
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

  return async function lookForGone({ applicationId, isGone }: NamedGuilds): Promise<void> {
    const attempt = async () => {
      // Throws until the ledger was read: half of it would name half of the guilds.
      const known = new Set([...ledger.guilds(), ...(await settings.guilds())]);
      if (!(await isOurs(applicationId))) return;
      for (const guildId of known) if (isGone(guildId) && !signal.aborted) await forgetGuild(guildId);
    };
    const onFailure = (error: unknown, { left }: NextAttempt) => {
      log.warn({ err: error, left }, 'looking for guilds that removed Easel failed');
    };
    const pace = { firstMs: retryMs, maxMs: hour, jitter: false, ref: false, tries };
    await retry(attempt, { ...pace, signal, onFailure }).catch(() => {});
  };
}
