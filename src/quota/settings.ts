import { isDeepStrictEqual } from 'node:util';
import type { Log } from '../log.js';
import { createOrder } from '../store/order.js';
import { StoreError, type Table } from '../store.js';
import { defaultSettings, type GuildSettings, parseSettings, readSettings, tidy } from './record.js';

export { defaultSettings, type GuildSettings, zoneOf } from './record.js';

/** The book of what guilds have set. */
export interface Settings {
  /**
   * The guild's settings, from memory once read; the defaults where it never set anything, or where its record cannot
   * be understood (which is logged).
   * @throws StoreError while the store cannot be read: what is allowed is not known then.
   */
  get(guildId: string): Promise<GuildSettings>;
  /**
   * Changes settings in order with other changes of the guild. When it resolves they are written, and an audit line
   * with who and which fields is in the log.
   * @param by Id of the user who wants it; that they may is the caller's affair.
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
   * Takes back what was granted to this person, in every guild that is told of here. A record that cannot be understood is left alone.
   * @throws StoreError when the store cannot be read or does not take it.
   */
  forget(userId: string): Promise<void>;
}

interface Deps {
  readonly table: Table<unknown>;
  readonly log: Log;
  readonly now: () => number;
  /** Whether a guild is told of here: the settings of the others are another process's to change. All are unless told. */
  readonly holds?: (guildId: string) => boolean;
}

interface Page {
  readonly settings: GuildSettings;
  readonly understood: boolean;
}

export function createSettings({ table, log, now, holds = () => true }: Deps): Settings {
  const pages = new Map<string, Page>();
  const inOrder = createOrder();

  async function read(guildId: string): Promise<Page> {
    const page = pages.get(guildId) ?? toPage(guildId, await table.get(guildId));
    pages.set(guildId, page);
    return page;
  }

  function toPage(guildId: string, stored: unknown): Page {
    if (stored === undefined) return { settings: defaultSettings, understood: true };
    const result = readSettings(stored);
    if ('settings' in result) return { settings: result.settings, understood: true };
    log.error(
      { guild: guildId, fields: result.broken },
      'the settings of a guild cannot be understood: it gets the defaults, and its record is left alone',
    );
    return { settings: defaultSettings, understood: false };
  }

  /** A write that failed may have been done or not: the next look is at the store. */
  async function write(guildId: string, settings: GuildSettings): Promise<void> {
    pages.delete(guildId);
    if (isDeepStrictEqual(settings, defaultSettings)) await table.delete(guildId);
    else await table.set(guildId, settings);
    pages.set(guildId, { settings, understood: true });
  }

  return {
    get: async (guildId) =>
      pages.get(guildId)?.settings ?? inOrder(guildId, async () => (await read(guildId)).settings),
    change: (guildId, by, change) =>
      inOrder(guildId, async () => {
        const { settings, understood } = await read(guildId);
        if (!understood) throw new StoreError('corrupt', 'settings', `the record of guild ${guildId}`);
        const current = tidy(settings, now());
        const next = parseSettings(change(current));
        const fields = changedFields(current, next);
        if (fields.length === 0) return current;
        await write(guildId, next);
        log.info({ guild: guildId, by, fields }, 'the settings of a guild were changed');
        return next;
      }),
    async forget(userId) {
      const others = ({ grants }: GuildSettings) =>
        grants.filter(({ to }) => !('userId' in to && to.userId === userId));
      const naming: string[] = [];
      for await (const [guildId, stored] of table.entries()) {
        if (!holds(guildId)) continue;
        const { settings } = toPage(guildId, stored);
        if (others(settings).length < settings.grants.length) naming.push(guildId);
      }
      for (const guildId of naming)
        await inOrder(guildId, async () => {
          const { settings, understood } = await read(guildId);
          if (understood) await write(guildId, { ...settings, grants: others(settings) });
        });
    },
    remove: (guildId) =>
      inOrder(guildId, async () => {
        await write(guildId, lasting((await read(guildId)).settings));
        pages.delete(guildId);
      }),
    async guilds() {
      const found: string[] = [];
      for await (const [guildId, stored] of table.entries()) {
        const { settings, understood } = toPage(guildId, stored);
        if (!understood || !isDeepStrictEqual(settings, lasting(settings))) found.push(guildId);
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
