import type { Sentence } from '../../errors.js';

/** Where Easel takes orders: ALLOWED_GUILD_IDS (none: everywhere), DMS_ENABLED, USER_INSTALLS_ENABLED. */
export interface Access {
  readonly guildIds: readonly string[];
  /** Direct messages, with Easel and among users. */
  readonly dms: boolean;
  /** Where Easel isn't a member: user installs. */
  readonly userInstalls: boolean;
}

/** Where a user orders. */
export interface Place {
  /** None in a direct message. */
  readonly guildId?: string | undefined;
  /** Easel is a member there, or it is its direct conversation with the user. */
  readonly installed: boolean;
}

export const everywhere: Access = { guildIds: [], dms: true, userInstalls: true };

/**
 * Why orders are refused in a place; undefined if they are accepted. Checked on every path: by admission for each
 * order, and by everything that answers users before anything else. Earlier orders continue, are delivered, and can
 * be cancelled, collected and deleted.
 */
export function whyClosed(access: Access, { guildId, installed }: Place): Sentence | undefined {
  const { guildIds, dms, userInstalls } = access;
  if (guildId !== undefined && guildIds.length > 0 && !guildIds.includes(guildId))
    return { key: 'error.access.guild' };
  if (guildId === undefined && !dms) return { key: 'error.access.direct' };
  if (!installed && !userInstalls) return { key: 'error.access.userInstall' };
  return undefined;
}
