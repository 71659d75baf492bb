import type { Guild } from 'discord.js';
import { type IsThere, withoutVanished } from '../../guilds/deleted-references.js';
import type { GuildSettings, Settings } from '../../guilds/settings.js';
import type { Log } from '../../log.js';

/** Removes deleted roles and channels from guild settings. */
export interface DeletedTargets {
  /** Handles the deletion of a role or a channel. Never rejects. */
  note(guildId: string, id: string): Promise<void>;
  /**
   * The effective settings: roles and channels that were deleted unnoticed don't count, and are removed in the
   * background.
   * @param guild as cached by discord.js; without it the settings are returned unchanged.
   */
  leaveOut(guild: Guild | null | undefined, settings: GuildSettings): GuildSettings;
}

/** The author of such changes in the log. */
const by = 'discord';

export function createDeletedTargets({
  settings,
  log,
}: {
  readonly settings: Pick<Settings, 'get' | 'change'>;
  readonly log: Log;
}): DeletedTargets {
  async function takeOut(guildId: string, isThere: IsThere): Promise<void> {
    try {
      const current = await settings.get(guildId);
      if (withoutVanished(current, isThere) === current) return;
      await settings.change(guildId, by, (latest) => withoutVanished(latest, isThere));
    } catch (error) {
      // The rest is found at the next use.
      log.warn(
        { guild: guildId, err: error },
        'a deleted role or channel could not be removed from the settings yet',
      );
    }
  }

  return {
    note: (guildId, id) => takeOut(guildId, (one) => one !== id),
    leaveOut(guild, current) {
      // A guild that is temporarily unavailable has no roles in the cache; an available one has at least @everyone.
      if (!guild?.available || guild.roles.cache.size === 0) return current;
      const isThere = (id: string) => guild.roles.cache.has(id) || guild.channels.cache.has(id);
      const kept = withoutVanished(current, isThere);
      if (kept !== current) void takeOut(guild.id, isThere);
      return kept;
    },
  };
}
