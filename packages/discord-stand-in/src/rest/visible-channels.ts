import { apiError } from '../api-errors.js';
import type { MessageRecord } from '../messages/messages.js';
import type { ChannelRecord } from '../types.js';
import { has } from '../world/permissions.js';
import { type Call, guildUploadLimit, param, type RestContext, visibleChannel } from './rest-context.js';

/** The channel that a route names. Throws ApiError if the bot does not see it. */
export function channelOf(context: RestContext, call: Call): ChannelRecord {
  return visibleChannel(context, param(call, 'channel'));
}

/** Throws ApiError 10008, for ephemeral messages too: by the bot's token no one finds them. */
export function messageOf({ messages }: RestContext, call: Call, channel: ChannelRecord): MessageRecord {
  const record = messages.find(param(call, 'message'));
  if (record?.channelId !== channel.id || record.visibleTo !== undefined) throw apiError('unknownMessage');
  return record;
}

/** Whether the bot can read earlier messages. */
export function readsHistory({ world }: RestContext, channel: ChannelRecord): boolean {
  return has(world.permissionsIn(channel, world.botId), 'ReadMessageHistory');
}

/** Bytes for each file that the bot sends to a channel. */
export function uploadLimitIn({ world, uploadLimit }: RestContext, { guildId }: ChannelRecord): number {
  return guildUploadLimit(world.findGuild(guildId), uploadLimit);
}
