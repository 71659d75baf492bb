import type { GuildSettings } from './settings.js';

/** Whether a role or a channel of a guild is still there. */
export type IsThere = (id: string) => boolean;

/**
 * Settings without deleted roles and channels: a list of only deleted ones would lock everyone out for no visible
 * reason. An empty list lets everyone in, as before it was made.
 * @returns the same settings if nothing was deleted.
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
