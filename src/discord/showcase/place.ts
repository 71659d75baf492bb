import {
  type APIChannel,
  type APIGuildForumChannel,
  type APIRole,
  ChannelFlags,
  ChannelType,
  OverwriteType,
  PermissionFlagsBits,
  Routes,
} from 'discord.js';
import type { Rests } from '../rest/clients.js';

/** A channel, as far as the showcase is concerned. */
export interface Place {
  readonly channelId: string;
  /** `posts`: a forum or media channel, in which every post is a thread. `none`: nothing can be posted there. */
  readonly takes: 'messages' | 'posts' | 'none';
  readonly ageRestricted: boolean;
  /** Not every member of the guild sees it. */
  readonly isHidden: boolean;
  /** The tag that a forum demands of each post. */
  readonly tag?: string | undefined;
}

/**
 * Reads a channel, and of a thread the channel it is in.
 * @throws DiscordAPIError
 */
export async function readPlace(bot: Rests['bot'], guildId: string, channelId: string): Promise<Place> {
  const channel = (await bot.get(Routes.channel(channelId))) as APIChannel;
  const isThread = 'thread_metadata' in channel;
  const parentId = isThread && 'parent_id' in channel ? channel.parent_id : undefined;
  const owner = parentId ? ((await bot.get(Routes.channel(parentId))) as APIChannel) : channel;
  const isPrivateThread = channel.type === ChannelType.PrivateThread;
  return {
    channelId,
    takes: takenBy(channel.type),
    ageRestricted: 'nsfw' in owner && owner.nsfw === true,
    isHidden: isPrivateThread || !(await isOpen(bot, guildId, owner)),
    tag: tagOf(channel),
  };
}

function takenBy(type: ChannelType): Place['takes'] {
  if (type === ChannelType.GuildForum || type === ChannelType.GuildMedia) return 'posts';
  const isText = type === ChannelType.GuildText || type === ChannelType.GuildAnnouncement;
  return isText || type === ChannelType.PublicThread ? 'messages' : 'none';
}

/** Discord docs: Channel, "Channel Flags": REQUIRE_TAG. */
function tagOf(channel: APIChannel): string | undefined {
  if (channel.type !== ChannelType.GuildForum && channel.type !== ChannelType.GuildMedia) return undefined;
  const { flags = 0, available_tags: tags } = channel as APIGuildForumChannel;
  return (flags & ChannelFlags.RequireTag) !== 0 ? tags?.[0]?.id : undefined;
}

/** Whether everyone in the guild sees a channel. Discord docs: Permissions, "Permission Overwrites". */
async function isOpen(bot: Rests['bot'], guildId: string, channel: APIChannel): Promise<boolean> {
  const overwrites = 'permission_overwrites' in channel ? (channel.permission_overwrites ?? []) : [];
  // The role of everyone has the guild's id.
  const own = overwrites.find(({ id, type }) => type === OverwriteType.Role && id === guildId);
  const names = (bits: string | undefined) => (BigInt(bits ?? 0) & PermissionFlagsBits.ViewChannel) !== 0n;
  if (names(own?.allow)) return true;
  if (names(own?.deny)) return false;
  const roles = (await bot.get(Routes.guildRoles(guildId))) as APIRole[];
  return names(roles.find(({ id }) => id === guildId)?.permissions);
}
