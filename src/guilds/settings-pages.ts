import { isDeepStrictEqual } from 'node:util';
import type { Log } from '../log.js';
import { StoreError, type Table } from '../store/store.js';
import { createOrder } from '../util/keyed-lock.js';
import { defaultSettings, type GuildSettings, readSettings } from './settings-schema.js';

export interface SettingsDeps {
  readonly table: Table<unknown>;
  readonly log: Log;
  readonly now: () => number;
  /**
   * Called when a change is persisted.
   * @param fields paths that differ, such as `limits.guild.image.day`
   */
  readonly onChanged?: (guildId: string, by: string, fields: readonly string[]) => Promise<void>;
}

interface Page {
  /** Version of the row it was read from. */
  readonly version: string | undefined;
  readonly settings: GuildSettings;
  readonly understood: boolean;
}

/** Marks a row that was written here and not read since; no row has this version. */
const notRead = '';
/** A row with only the defaults. */
const emptyRow = { v: 1 } as const;
/** Losing this many times in a row is no longer a race. */
const mostAttempts = 200;
/**
 * After a failed read, callers that must not wait don't retry for this long (ms): Discord waits three seconds for an
 * answer.
 */
const restMs = 5_000;

export type SettingsPages = ReturnType<typeof createSettingsPages>;

/** Rows of guilds as they are read and swapped. */
export function createSettingsPages({ table, log, now }: SettingsDeps) {
  /** By guild, as last read; parsed once per version. */
  const pages = new Map<string, Page>();
  const inOrder = createOrder();
  let failedAt = Number.NEGATIVE_INFINITY;

  async function read(guildId: string): Promise<Page> {
    try {
      const { value, version } = await table.read(guildId);
      const known = pages.get(guildId);
      if (known && known.version === version) return known;
      const page = { version, ...parsed(guildId, value, log) };
      pages.set(guildId, page);
      failedAt = Number.NEGATIVE_INFINITY;
      return page;
    } catch (error) {
      failedAt = now();
      throw error;
    }
  }

  /** Writes the result of `next`, if any; reads and tries again if the row was changed in between. */
  function swap(guildId: string, next: (page: Page) => GuildSettings | undefined): Promise<void> {
    return inOrder(guildId, async () => {
      for (let n = 0; n < mostAttempts; n++) {
        const page = await read(guildId);
        const settings = next(page);
        if (!settings) return;
        const row = isDeepStrictEqual(settings, defaultSettings) ? emptyRow : settings;
        if (!(await table.compareAndSet(guildId, page.version, row))) continue;
        pages.set(guildId, { version: notRead, settings, understood: true });
        return;
      }
      throw new StoreError(
        'failed',
        'settings',
        `the record of guild ${guildId} was changed again and again`,
      );
    });
  }

  const lastKnown = async (guildId: string) => {
    if (now() - failedAt >= restMs)
      await read(guildId).catch((error: unknown) =>
        log.warn(
          { guild: guildId, err: error },
          'guild settings could not be read; using the last known ones',
        ),
      );
    return pages.get(guildId)?.settings ?? defaultSettings;
  };

  return { read, swap, lastKnown, drop: (guildId: string) => void pages.delete(guildId) };
}

function parsed(guildId: string, stored: unknown, log: Log): Omit<Page, 'version'> {
  if (stored === undefined) return { settings: defaultSettings, understood: true };
  const result = readSettings(stored);
  if ('settings' in result) return { settings: result.settings, understood: true };
  log.error(
    { guild: guildId, fields: result.broken },
    'guild settings are unreadable; using the defaults and leaving the record untouched',
  );
  return { settings: defaultSettings, understood: false };
}
