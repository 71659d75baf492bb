import { isDeepStrictEqual } from 'node:util';
import type { Log } from '../log.js';
import { StoreError, type Table } from '../store/store.js';
import { createOrder } from '../util/keyed-lock.js';
import { defaultSettings, type GuildSettings, readSettings, type SettingsChange } from './settings-schema.js';

export interface SettingsDeps {
  readonly table: Table<unknown>;
  readonly log: Log;
  readonly now: () => number;
  /**
   * Puts the latest change of a guild on record, once however often it is called. A row holds one change, so it is called
   * before the next one takes its place.
   * @param latest reads that change.
   * @throws StoreError
   */
  readonly record?: (guildId: string, latest: () => Promise<SettingsChange | undefined>) => Promise<void>;
}

interface Page extends Written {
  /** Version of the row it was read from. */
  readonly version: string | undefined;
  readonly understood: boolean;
}

interface Written {
  readonly settings: GuildSettings;
  /** The latest, which may not be on record yet. */
  readonly change?: SettingsChange;
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
export function createSettingsPages({ table, log, now, record }: SettingsDeps) {
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

  /** Puts the latest change on record, if it isn't. @throws StoreError */
  const settle = async (guildId: string) => record?.(guildId, async () => (await read(guildId)).change);

  /** Writes the result of `next`, if any; reads and tries again if the row was changed in between. */
  function swap(guildId: string, next: (page: Page) => Written | undefined): Promise<void> {
    return inOrder(guildId, async () => {
      for (let n = 0; n < mostAttempts; n++) {
        const page = await read(guildId);
        const written = next(page);
        if (!written) return;
        if (page.change && page.change !== written.change) await settle(guildId);
        if (!(await table.compareAndSet(guildId, page.version, rowOf(written)))) continue;
        pages.set(guildId, { version: notRead, understood: true, ...written });
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

  return { read, swap, settle, lastKnown, drop: (guildId: string) => void pages.delete(guildId) };
}

function rowOf({ settings, change }: Written) {
  const own = isDeepStrictEqual(settings, defaultSettings) ? emptyRow : settings;
  return change ? { ...own, change } : own;
}

function parsed(guildId: string, stored: unknown, log: Log): Omit<Page, 'version'> {
  if (stored === undefined) return { settings: defaultSettings, understood: true };
  const result = readSettings(stored);
  if ('settings' in result) return { ...result, understood: true };
  log.error(
    { guild: guildId, fields: result.broken },
    'guild settings are unreadable; using the defaults and leaving the record untouched',
  );
  return { settings: defaultSettings, understood: false };
}
