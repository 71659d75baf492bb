import {
  ChannelType,
  type Guild,
  type GuildBasedChannel,
  GuildMember,
  PermissionFlagsBits,
} from 'discord.js';
import { circumstancesOf } from './guild-policy.js';
import { type AnswerableInteraction, guildOf } from './request-origin.js';

/** Whether a user may see what was posted in a channel. Never rejects: if in doubt, no. */
export type Sight = (channelId: string) => Promise<boolean>;

/** Most uncached channels fetched with a request each: archived threads, and deleted ones. */
const mostAsked = 5;

/**
 * What the user of an interaction may see of its guild, from discord.js's cache. As in Discord, results from
 * age-restricted channels are only shown in such channels. Where Easel isn't a member, users only see their own
 * results.
 */
export function sightOf(interaction: AnswerableInteraction): Sight {
  if (guildOf(interaction) === undefined) return async () => true;
  const known = new Map<string, Promise<boolean>>();
  let asked = 0;
  const fetched: Fetch = async (guild, id) => {
    asked += 1;
    return asked > mostAsked ? null : guild.channels.fetch(id).catch(() => null);
  };
  return (channelId) => {
    const answer = known.get(channelId) ?? maySee(interaction, channelId, fetched);
    known.set(channelId, answer);
    return answer;
  };
}

type Fetch = (guild: Guild, channelId: string) => Promise<GuildBasedChannel | null>;

const needed = [PermissionFlagsBits.ViewChannel, PermissionFlagsBits.ReadMessageHistory];

async function maySee(
  interaction: AnswerableInteraction,
  channelId: string,
  fetched: Fetch,
): Promise<boolean> {
  const { guild, member } = interaction;
  // Also in a private thread, where they are.
  if (channelId === interaction.channelId) return interaction.memberPermissions?.has(needed) ?? false;
  if (!guild || !(member instanceof GuildMember)) return false;
  const channel = guild.channels.cache.get(channelId) ?? (await fetched(guild, channelId));
  if (!channel) return false;
  const place = channel.isThread() ? channel.parent : channel;
  const isRestricted = place !== null && 'nsfw' in place && place.nsfw;
  if (isRestricted && !circumstancesOf(interaction).ageRestricted) return false;
  // Discord reveals members of a private thread only one by one; those who manage threads can see all of them.
  const more = channel.type === ChannelType.PrivateThread ? [PermissionFlagsBits.ManageThreads] : [];
  return channel.permissionsFor(member).has([...needed, ...more]);
}
