import { isDeepStrictEqual } from 'node:util';
import type { Log } from '../log.js';
import { StoreError, type Table } from '../store/store.js';
import { createOrder } from '../util/keyed-lock.js';
import { defaultSettings, type GuildSettings, parseSettings, readSettings, tidy } from './settings-schema.js';

export { defaultSettings, type GuildSettings, zoneOf } from './settings-schema.js';

/**
 * What guilds have set. Any process may change any guild's row, by compare-and-set on its version; every `get` reads the
 * version from the store, so that a change binds in all processes from the moment it is acknowledged.
 */
export interface Settings {
  /**
   * The guild's settings as they are in the store; the defaults if it never set anything, or if its record cannot be
   * understood (which is logged).
   * @throws StoreError while the store cannot be read: what is allowed is not known then.
   */
  get(guildId: string): Promise<GuildSettings>;
  /**
   * The same for what must not fail or wait with the store, such as the language of an answer: the settings as they were
   * last read, or the defaults.
   */
  lastKnown(guildId: string): Promise<GuildSettings>;
  /**
   * Changes settings in order with all other changes of the guild. When it resolves they are written, and an audit line
   * with who and which fields is in the log.
   * @param by Id of the user who wants it; that they may is the caller's affair.
   * @param change run again if another process was faster.
   * @throws StoreError when the store does not take them, or the record there cannot be understood: it is left as it is.
   * @throws z.ZodError where the outcome is outside what a setting can be.
   */
  change(
    guildId: string,
    by: string,
    change: (settings: GuildSettings) => GuildSettings,
  ): Promise<GuildSettings>;
  /**
   * Forgets what the guild set, as when it has sent the bot away. What keeps its account straight stays: its time zone
   * and an operator's word on its ceiling; coming back gives no fresh quota. A record that cannot be understood goes.
   * @throws StoreError when the store does not take it.
   */
  remove(guildId: string): Promise<void>;
  /**
   * The guilds of which more is kept than `remove` leaves. Reads the whole store.
   * @throws StoreError while the store cannot be read.
   */
  guilds(): Promise<readonly string[]>;
  /**
   * Takes back what was granted to this user, in every guild. A record that cannot be understood is left alone.
   * @throws StoreError when the store cannot be read or does not take it.
   */
  forget(userId: string): Promise<void>;
}

interface Deps {
  readonly table: Table<unknown>;
  readonly log: Log;
  readonly now: () => number;
}

interface Page {
  /** Of the row that it was read from. */
  readonly version: string | undefined;
  readonly settings: GuildSettings;
  readonly understood: boolean;
}

/** The version of a row that was written here and not read since: that of no row. */
const notRead = '';
/** A row that holds nothing but the defaults. */
const emptyRow = { v: 1 } as const;
/** Losing so often in a row is no race any more. */
const mostAttempts = 200;
/** After a read failed, what must not wait does not try for so long, ms: Discord waits three seconds for an answer. */
const restMs = 5_000;

export function createSettings({ table, log, now }: Deps): Settings {
  /** As last read, by guild; parsed once for each version. */
  const pages = new Map<string, Page>();
  const inOrder = createOrder();
  let failedAt = Number.NEGATIVE_INFINITY;

  async function read(guildId: string): Promise<Page> {
    try {
      const { value, version } = await table.read(guildId);
      const known = pages.get(guildId);
      if (known && known.version === version) return known;
      const page = { version, ...parsed(guildId, value) };
      pages.set(guildId, page);
      failedAt = Number.NEGATIVE_INFINITY;
      return page;
    } catch (error) {
      failedAt = now();
      throw error;
    }
  }

  function parsed(guildId: string, stored: unknown): Omit<Page, 'version'> {
    if (stored === undefined) return { settings: defaultSettings, understood: true };
    const result = readSettings(stored);
    if ('settings' in result) return { settings: result.settings, understood: true };
    log.error(
      { guild: guildId, fields: result.broken },
      'guild settings are unreadable; using the defaults and leaving the record untouched',
    );
    return { settings: defaultSettings, understood: false };
  }

  /** Writes what `next` makes of the settings, if it makes anything of them; both anew if the row was written in between. */
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

  return {
    get: async (guildId) => (await read(guildId)).settings,
    lastKnown,
    async change(guildId, by, change) {
      let fields: readonly string[] = [];
      let outcome = defaultSettings;
      await swap(guildId, ({ settings, understood }) => {
        if (!understood) throw new StoreError('corrupt', 'settings', `the record of guild ${guildId}`);
        const current = tidy(settings, now());
        outcome = parseSettings(change(current));
        fields = changedFields(current, outcome);
        return fields.length === 0 ? undefined : outcome;
      });
      if (fields.length > 0) log.info({ guild: guildId, by, fields }, 'guild settings changed');
      return outcome;
    },
    async forget(userId) {
      const others = ({ grants }: GuildSettings) =>
        grants.filter(({ to }) => !('userId' in to && to.userId === userId));
      const naming: string[] = [];
      for await (const [guildId, stored] of table.entries()) {
        const result = readSettings(stored);
        if ('settings' in result && others(result.settings).length < result.settings.grants.length)
          naming.push(guildId);
      }
      for (const guildId of naming)
        await swap(guildId, ({ settings, understood }) =>
          understood ? { ...settings, grants: others(settings) } : undefined,
        );
    },
    async remove(guildId) {
      await swap(guildId, ({ settings, understood }) => {
        const kept = lasting(settings);
        return understood && isDeepStrictEqual(kept, settings) ? undefined : kept;
      });
      pages.delete(guildId);
    },
    async guilds() {
      const found: string[] = [];
      for await (const [guildId, stored] of table.entries()) {
        const result = readSettings(stored);
        const isLasting =
          'settings' in result && isDeepStrictEqual(result.settings, lasting(result.settings));
        if (!isLasting) found.push(guildId);
      }
      return found;
    },
  };
}

/** What keeps a guild's account straight, without all else it has set. */
function lasting({ zone, override }: GuildSettings): GuildSettings {
  return { ...defaultSettings, ...(zone && { zone }), override };
}

/** Paths of what differs, lists and single values taken as a whole: `limits.guild.image.day`. */
function changedFields(before: unknown, after: unknown, path = ''): string[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (!isRecord(before) || !isRecord(after)) return [path];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) => changedFields(before[key], after[key], path ? `${path}.${key}` : key));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
