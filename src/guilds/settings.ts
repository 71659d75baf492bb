import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { StoreError } from '../store/store.js';
import { retry } from '../util/retry.js';
import { minute, second } from '../util/time.js';
import { createSettingsPages, type SettingsDeps, type SettingsPages } from './settings-pages.js';
import {
  defaultSettings,
  type GuildSettings,
  parseSettings,
  readSettings,
  type SettingsChange,
  tidy,
} from './settings-schema.js';

export {
  defaultSettings,
  type GuildSettings,
  mostResultsEver,
  mostThreshold,
  type SettingsChange,
  zoneOf,
} from './settings-schema.js';

/**
 * Settings of guilds. Any process may change any guild's row by compare-and-set on its version. Every `get` reads the
 * version from the store, so a change is effective in all processes as soon as it is acknowledged.
 */
export interface Settings {
  /**
   * The guild's settings from the store; the defaults if it never set anything or its record is unreadable (which is
   * logged).
   * @throws StoreError while the store can't be read, because the rules are unknown then.
   */
  get(guildId: string): Promise<GuildSettings>;
  /**
   * The settings as last read, or the defaults. For things that must not fail or wait with the store, such as the
   * language of an answer.
   */
  lastKnown(guildId: string): Promise<GuildSettings>;
  /**
   * Changes settings, in order with all other changes of the guild. When it resolves they are persisted, together with
   * who changed which fields, and the log has a line with both.
   * @param by Id of the user; the caller checks their permission.
   * @param change run again if another process was faster.
   * @throws StoreError if they can't be persisted, or the stored record is unreadable: it is left as it is.
   * @throws z.ZodError if a value is out of range.
   */
  change(
    guildId: string,
    by: string,
    change: (settings: GuildSettings) => GuildSettings,
  ): Promise<GuildSettings>;
  /**
   * Deletes the guild's settings, as when it removed the bot. Its time zone and the operator's override of its
   * ceiling stay, so that coming back gives no fresh quota. An unreadable record is deleted.
   * @throws StoreError if it can't be persisted.
   */
  remove(guildId: string): Promise<void>;
  /**
   * Guilds of which more is stored than `remove` leaves. Reads the whole store.
   * @throws StoreError while the store can't be read.
   */
  guilds(): Promise<readonly string[]>;
  /**
   * Puts on record what was changed by a process that died before it could. Reads the whole store.
   * @throws StoreError
   */
  settle(): Promise<void>;
  /**
   * Revokes this user's grants in every guild. Unreadable records are left alone.
   * @throws StoreError if the store can't be read or written.
   */
  forget(userId: string): Promise<void>;
}

export function createSettings(deps: SettingsDeps): Settings {
  const { table, log, now } = deps;
  const pages = createSettingsPages(deps);
  const { read, swap, lastKnown, drop } = pages;
  const recordLater = createRecording(pages.settle, log);
  return {
    get: async (guildId) => (await read(guildId)).settings,
    lastKnown,
    async change(guildId, by, change) {
      let fields: readonly string[] = [];
      let outcome = defaultSettings;
      const [id, at] = [randomUUID(), now()];
      await swap(guildId, ({ settings, understood }) => {
        if (!understood) throw new StoreError('corrupt', 'settings', `the record of guild ${guildId}`);
        const current = tidy(settings, at);
        outcome = parseSettings(change(current));
        fields = changedFields(current, outcome);
        return fields.length === 0 ? undefined : { settings: outcome, change: { id, by, at, fields } };
      });
      if (fields.length === 0) return outcome;
      log.info({ guild: guildId, by, fields }, 'guild settings changed');
      await recordLater(guildId);
      return outcome;
    },
    async settle() {
      for await (const [guildId, stored] of table.entries()) {
        const result = readSettings(stored);
        if ('change' in result) await pages.settle(guildId);
      }
    },
    forget: (userId) => forget(table, swap, userId),
    async remove(guildId) {
      await swap(guildId, ({ settings, change, understood }) => {
        const kept = lasting(settings);
        const isSame = understood && !change && isDeepStrictEqual(kept, settings);
        return isSame ? undefined : { settings: kept };
      });
      drop(guildId);
    },
    guilds: () => guildsIn(table),
  };
}

/** Puts a change on record at once, or a little later if the store fails: it is persisted already. */
function createRecording(settle: SettingsPages['settle'], log: SettingsDeps['log']) {
  const pace = { firstMs: second, maxMs: minute, tries: 20, ref: false };
  return async (guildId: string): Promise<void> => {
    try {
      await settle(guildId);
    } catch (error) {
      log.warn({ guild: guildId, err: error }, 'a change of settings is not on record yet');
      // The next change, or the next start, puts it on record otherwise.
      void retry(() => settle(guildId), pace).catch(() => {});
    }
  };
}

/** Takes a user out of the grants of every guild. */
async function forget(
  table: SettingsDeps['table'],
  swap: SettingsPages['swap'],
  userId: string,
): Promise<void> {
  const others = ({ grants }: GuildSettings) =>
    grants.filter(({ to }) => !('userId' in to && to.userId === userId));
  const naming: string[] = [];
  for await (const [guildId, stored] of table.entries()) {
    const result = readSettings(stored);
    if ('settings' in result && others(result.settings).length < result.settings.grants.length)
      naming.push(guildId);
  }
  for (const guildId of naming)
    await swap(guildId, ({ settings, change, understood }) =>
      understood
        ? { settings: { ...settings, grants: others(settings) }, ...(change && { change }) }
        : undefined,
    );
}

async function guildsIn(table: SettingsDeps['table']): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const [guildId, stored] of table.entries()) {
    const result = readSettings(stored);
    const isLasting =
      'settings' in result &&
      isOfOperator(result.change) &&
      isDeepStrictEqual(result.settings, lasting(result.settings));
    if (!isLasting) found.push(guildId);
  }
  return found;
}

/** What an operator has changed stays with what they have set. */
function isOfOperator(change: SettingsChange | undefined): boolean {
  return change?.fields.every((field) => field.startsWith('override')) ?? true;
}

/** Only the settings that keep a guild's account straight. */
function lasting({ zone, override }: GuildSettings): GuildSettings {
  return { ...defaultSettings, ...(zone && { zone }), override };
}

/** Paths that differ; lists and single values count as a whole: `limits.guild.image.day`. */
function changedFields(before: unknown, after: unknown, path = ''): string[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (!isRecord(before) || !isRecord(after)) return [path];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) => changedFields(before[key], after[key], path ? `${path}.${key}` : key));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
