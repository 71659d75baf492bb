import type { GuildSettings } from './settings.js';

/** Whether a role or a channel of a guild is still there. */
export type IsThere = (id: string) => boolean;

/**
 * Settings without deleted roles and channels: a list of only deleted ones would lock everyone out for no visible
 * reason. An empty list lets everyone in, as before it was made.
 * @returns the same settings if nothing was deleted.
 */
export function withoutVanished(settings: GuildSettings, isThere: IsThere): GuildSettings {
  const { channels, roles, shares, grants, review, spoilerFor, ageLimit, showcase, ...others } = settings;
  const kept = {
    channels: channels.filter(isThere),
    roles: roles.filter(isThere),
    shares: Object.fromEntries(Object.entries(shares).filter(([id]) => isThere(id))),
    grants: grants.filter(({ to }) => 'userId' in to || isThere(to.roleId)),
    // Where moderators decide stays, also if it is gone: nothing is posted unseen for that.
    review: {
      ...review,
      channels: review.channels.filter(isThere),
      roles: review.roles.filter(isThere),
    },
    spoilerFor: {
      channels: spoilerFor.channels.filter(isThere),
      roles: spoilerFor.roles.filter(isThere),
    },
    ageLimit: { roles: ageLimit.roles.filter(isThere), except: ageLimit.except.filter(isThere) },
  };
  const isSame =
    kept.review.channels.length === review.channels.length &&
    kept.review.roles.length === review.roles.length &&
    kept.spoilerFor.channels.length === spoilerFor.channels.length &&
    kept.spoilerFor.roles.length === spoilerFor.roles.length &&
    kept.ageLimit.roles.length === ageLimit.roles.length &&
    kept.ageLimit.except.length === ageLimit.except.length &&
    kept.channels.length === channels.length &&
    kept.roles.length === roles.length &&
    kept.grants.length === grants.length &&
    Object.keys(kept.shares).length === Object.keys(shares).length;
  const isShown = showcase === undefined || isThere(showcase.channelId);
  if (isSame && isShown) return settings;
  return { ...others, ...kept, ...(showcase && isShown && { showcase }) };
}
