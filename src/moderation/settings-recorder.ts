import { StoreError, type Table } from '../store/store.js';
import type { Journal } from './journal.js';

/** Who changed which of a guild's settings when, as stored with the settings themselves. */
interface SettingsChange {
  readonly id: string;
  /** A user's id; anything else is no one. */
  readonly by: string;
  /** ms since the epoch. */
  readonly at: number;
  /** Paths that differ. */
  readonly fields: readonly string[];
}

/**
 * Puts the latest change of a guild's settings on record, once however often and by however many processes it is called.
 * @param latest reads that change.
 * @throws StoreError
 */
export type SettingsRecorder = (
  guildId: string,
  latest: () => Promise<SettingsChange | undefined>,
) => Promise<void>;

interface Deps {
  readonly table: Table<unknown>;
  readonly journal: Pick<Journal, 'noteWith'>;
}

/** Settings that say how much may be used. */
const ofQuota = /^(?:limits|shares|grants|override)\b/;
const mostAttempts = 200;
/** Which change was the last to be put on record: written together with its entry. */
const keyOf = (guildId: string) => `recorded:${guildId}`;

/**
 * Settings have a table of their own, and no write covers two tables. So a change is written with the settings, and
 * copied from there into the journal. If the process dies in between, the next change or the next start does it.
 */
export function createSettingsRecorder({ table, journal }: Deps): SettingsRecorder {
  return async (guildId, latest) => {
    for (let tries = 0; tries < mostAttempts; tries++) {
      const { value: recorded, version } = await table.read(keyOf(guildId));
      // Read after the row above: what another process has recorded, and changed again, meanwhile isn't taken for new.
      const change = await latest();
      if (!change || idIn(recorded) === change.id) return;
      const { id, by, at, fields } = change;
      const act = fields.every((field) => ofQuota.test(field)) ? 'quota' : 'settings';
      const entry = { guildId, act, at, ...(/^\d+$/.test(by) && { by }), details: { fields } } as const;
      if (await journal.noteWith(entry, [{ key: keyOf(guildId), version, value: { v: 1, id } }])) return;
    }
    throw new StoreError('failed', 'moderation', `guild ${guildId} was put on record again and again`);
  };
}

function idIn(row: unknown): unknown {
  return typeof row === 'object' && row !== null && 'id' in row ? row.id : undefined;
}
