import { type APIChannel, type APIGuildForumChannel, ChannelFlags, ChannelType } from 'discord.js';
import type { Rests } from '../rest/clients.js';
import { isOpenToAll, readChannel } from '../rest/open-channels.js';

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
  const read = await readChannel(bot, channelId);
  const { channel, owner } = read;
  return {
    channelId,
    takes: takenBy(channel.type),
    ageRestricted: 'nsfw' in owner && owner.nsfw === true,
    isHidden: !(await isOpenToAll(bot, guildId, read)),
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
