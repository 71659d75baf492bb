import type { Guild } from 'discord.js';
import { type IsThere, withoutVanished } from '../../guilds/deleted-references.js';
import type { GuildSettings, Settings } from '../../guilds/settings.js';
import type { Log } from '../../log.js';

/** Roles and channels that are deleted leave what guilds have set. */
export interface DeletedTargets {
  /** Discord tells of a role or a channel that was deleted. Never rejects. */
  note(guildId: string, id: string): Promise<void>;
  /**
   * Settings as they count now, compared with what the guild has: what was deleted while nobody looked does not count, and
   * is taken out behind the caller's back.
   * @param guild as discord.js keeps it; settings are as they are where it keeps none.
   */
  leaveOut(guild: Guild | null | undefined, settings: GuildSettings): GuildSettings;
}

/** Who changes settings then, in the log. */
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
      // What is left is found at the next use.
      log.warn(
        { guild: guildId, err: error },
        'a deleted role or channel could not be removed from the settings yet',
      );
    }
  }

  return {
    note: (guildId, id) => takeOut(guildId, (one) => one !== id),
    leaveOut(guild, current) {
      // A guild that is out of reach for a while has no roles in memory; one that is there has at least @everyone.
      if (!guild?.available || guild.roles.cache.size === 0) return current;
      const isThere = (id: string) => guild.roles.cache.has(id) || guild.channels.cache.has(id);
      const kept = withoutVanished(current, isThere);
      if (kept !== current) void takeOut(guild.id, isThere);
      return kept;
    },
  };
}
