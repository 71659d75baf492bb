import type { Sentence } from '../../errors.js';

/** Where Easel is at work: ALLOWED_GUILD_IDS (none: everywhere), DMS_ENABLED, USER_INSTALLS_ENABLED. */
export interface Access {
  readonly guildIds: readonly string[];
  /** Direct messages, with Easel and among users. */
  readonly dms: boolean;
  /** Where Easel is no member and only a user brought it along. */
  readonly userInstalls: boolean;
}

/** Where someone asks. */
export interface Place {
  /** None in a direct message. */
  readonly guildId?: string | undefined;
  /** Easel is a member there, or it is its own conversation with the user. */
  readonly installed: boolean;
}

export const everywhere: Access = { guildIds: [], dms: true, userInstalls: true };

/**
 * Why nothing is begun in a place; undefined if it may be. The rule for every way in: admission asks it of every
 * order, and whoever answers users asks it before anything else. What was ordered before goes on, is delivered, and
 * can be cancelled, fetched and deleted.
 */
export function whyClosed(access: Access, { guildId, installed }: Place): Sentence | undefined {
  const { guildIds, dms, userInstalls } = access;
  if (guildId !== undefined && guildIds.length > 0 && !guildIds.includes(guildId))
    return { key: 'error.access.guild' };
  if (guildId === undefined && !dms) return { key: 'error.access.direct' };
  if (!installed && !userInstalls) return { key: 'error.access.userInstall' };
  return undefined;
}
