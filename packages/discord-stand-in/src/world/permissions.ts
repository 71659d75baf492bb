import type { ChannelRecord, GuildRecord } from '../types.js';

/** Bits of the permissions that matter here. Discord docs: topics, Permissions. */
export const permissions = {
  Administrator: 1n << 3n,
  ManageChannels: 1n << 4n,
  ManageGuild: 1n << 5n,
  AddReactions: 1n << 6n,
  ViewChannel: 1n << 10n,
  SendMessages: 1n << 11n,
  SendTtsMessages: 1n << 12n,
  ManageMessages: 1n << 13n,
  EmbedLinks: 1n << 14n,
  AttachFiles: 1n << 15n,
  ReadMessageHistory: 1n << 16n,
  MentionEveryone: 1n << 17n,
  UseExternalEmojis: 1n << 18n,
  UseApplicationCommands: 1n << 31n,
  ManageThreads: 1n << 34n,
  CreatePublicThreads: 1n << 35n,
  SendMessagesInThreads: 1n << 38n,
  ModerateMembers: 1n << 40n,
  UseExternalApps: 1n << 50n,
} as const satisfies Record<string, bigint>;

export type PermissionName = keyof typeof permissions;

/** Everything, as owners and administrators have it. */
export const allPermissions = (1n << 53n) - 1n;

/** @everyone's permissions in a new guild, as far as they matter. */
export const memberPermissions = bits([
  'AddReactions',
  'ViewChannel',
  'SendMessages',
  'EmbedLinks',
  'AttachFiles',
  'ReadMessageHistory',
  'UseExternalEmojis',
  'UseApplicationCommands',
  'CreatePublicThreads',
  'SendMessagesInThreads',
  'UseExternalApps',
]);

/** The default permissions of the bot's invite link. */
export const botPermissions = bits([
  'ViewChannel',
  'SendMessages',
  'EmbedLinks',
  'AttachFiles',
  'ReadMessageHistory',
  'UseApplicationCommands',
  'SendMessagesInThreads',
]);

export function bits(names: readonly PermissionName[]): bigint {
  return names.reduce((sum, name) => sum | permissions[name], 0n);
}

export function has(held: bigint, name: PermissionName): boolean {
  return (held & permissions[name]) !== 0n;
}

/** A member's permissions in a guild. Discord docs: Permissions, "Permission hierarchy". */
export function guildPermissions(guild: GuildRecord, userId: string): bigint {
  if (guild.ownerId === userId) return allPermissions;
  const member = guild.members.get(userId);
  if (!member) return 0n;
  let held = guild.roles.get(guild.id)?.permissions ?? 0n;
  for (const id of member.roles) held |= guild.roles.get(id)?.permissions ?? 0n;
  return has(held, 'Administrator') ? allPermissions : held;
}

/** A member's permissions in one channel; all of them in their own DM. `parent` has a thread's overwrites. */
export function channelPermissions(
  guild: GuildRecord | undefined,
  channel: ChannelRecord,
  userId: string,
  parent: ChannelRecord = channel,
): bigint {
  if (!guild) return channel.recipients.includes(userId) ? directPermissions : 0n;
  const base = guildPermissions(guild, userId);
  const member = guild.members.get(userId);
  if (base === allPermissions || !member) return base;
  return implied(overwritten(base, guild.id, member.roles, userId, parent));
}

const directPermissions =
  memberPermissions & ~bits(['CreatePublicThreads', 'SendMessagesInThreads', 'UseExternalApps']);

function overwritten(
  base: bigint,
  everyone: string,
  roles: readonly string[],
  userId: string,
  channel: ChannelRecord,
): bigint {
  let held = base;
  const apply = (allow: bigint, deny: bigint): void => {
    held = (held & ~deny) | allow;
  };
  const ofRole = (id: string) => channel.overwrites.find((entry) => entry.type === 'role' && entry.id === id);
  const forEveryone = ofRole(everyone);
  if (forEveryone) apply(forEveryone.allow, forEveryone.deny);
  const forRoles = roles.map(ofRole).filter((entry) => entry !== undefined);
  apply(
    forRoles.reduce((sum, { allow }) => sum | allow, 0n),
    forRoles.reduce((sum, { deny }) => sum | deny, 0n),
  );
  const own = channel.overwrites.find(({ type, id }) => type === 'member' && id === userId);
  if (own) apply(own.allow, own.deny);
  return held;
}

/** Losing View Channel or Send Messages also removes the permissions that depend on it. Discord docs: "Implicit permissions". */
function implied(held: bigint): bigint {
  if (!has(held, 'ViewChannel')) return 0n;
  if (has(held, 'SendMessages') || has(held, 'SendMessagesInThreads')) return held;
  return held & ~bits(['MentionEveryone', 'SendTtsMessages', 'AttachFiles', 'EmbedLinks']);
}
