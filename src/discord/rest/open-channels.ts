import {
  type APIChannel,
  type APIRole,
  ChannelType,
  OverwriteType,
  PermissionFlagsBits,
  Routes,
} from 'discord.js';
import type { Rests } from './clients.js';

/** A channel; of a thread also the one it is in, whose permissions count for both. */
export interface ReadChannel {
  readonly channel: APIChannel;
  readonly owner: APIChannel;
}

/** @throws DiscordAPIError */
export async function readChannel(bot: Rests['bot'], channelId: string): Promise<ReadChannel> {
  const channel = (await bot.get(Routes.channel(channelId))) as APIChannel;
  const isThread = 'thread_metadata' in channel;
  const parentId = isThread && 'parent_id' in channel ? channel.parent_id : undefined;
  const owner = parentId ? ((await bot.get(Routes.channel(parentId))) as APIChannel) : channel;
  return { channel, owner };
}

/**
 * Whether everyone in the guild sees a channel. Discord docs: Permissions, "Permission Overwrites".
 * @throws DiscordAPIError
 */
export async function isOpenToAll(
  bot: Rests['bot'],
  guildId: string,
  { channel, owner }: ReadChannel,
): Promise<boolean> {
  if (channel.type === ChannelType.PrivateThread) return false;
  const overwrites = 'permission_overwrites' in owner ? (owner.permission_overwrites ?? []) : [];
  // The role of everyone has the guild's id.
  const own = overwrites.find(({ id, type }) => type === OverwriteType.Role && id === guildId);
  const names = (bits: string | undefined) => (BigInt(bits ?? 0) & PermissionFlagsBits.ViewChannel) !== 0n;
  if (names(own?.allow)) return true;
  if (names(own?.deny)) return false;
  const roles = (await bot.get(Routes.guildRoles(guildId))) as APIRole[];
  return names(roles.find(({ id }) => id === guildId)?.permissions);
}
