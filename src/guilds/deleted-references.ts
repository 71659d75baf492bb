import type { GuildSettings } from './settings.js';

/** Whether a role or a channel of a guild is still there. */
export type IsThere = (id: string) => boolean;

/**
 * Settings without roles and channels that are no more: a list that names only those would let nobody in, and nobody could
 * tell why. An empty list lets everybody in, as it did before it was made.
 * @returns the same settings where nothing is gone.
 */
export function withoutVanished(settings: GuildSettings, isThere: IsThere): GuildSettings {
  const { channels, roles, shares, grants } = settings;
  const kept = {
    channels: channels.filter(isThere),
    roles: roles.filter(isThere),
    shares: Object.fromEntries(Object.entries(shares).filter(([id]) => isThere(id))),
    grants: grants.filter(({ to }) => 'userId' in to || isThere(to.roleId)),
  };
  const isSame =
    kept.channels.length === channels.length &&
    kept.roles.length === roles.length &&
    kept.grants.length === grants.length &&
    Object.keys(kept.shares).length === Object.keys(shares).length;
  return isSame ? settings : { ...settings, ...kept };
}
