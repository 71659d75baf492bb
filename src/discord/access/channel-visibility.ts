import {
  ChannelType,
  type Guild,
  type GuildBasedChannel,
  GuildMember,
  PermissionFlagsBits,
} from 'discord.js';
import { circumstancesOf } from './guild-policy.js';
import { type AnswerableInteraction, guildOf } from './request-origin.js';

/** Whether someone may see what was posted in a channel. Never rejects: in doubt they may not. */
export type Sight = (channelId: string) => Promise<boolean>;

/** Channels that are not in memory and are asked for, each with a request: archived threads, and those that are gone. */
const mostAsked = 5;

/**
 * What the user behind an interaction may see of its guild, from discord.js's memory of channels and roles. Results
 * of age-restricted channels are seen in such channels alone, as Discord has it. Where Easel is no member no one but
 * the user themselves is shown anything, and that is theirs.
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
  if (channelId === interaction.channelId) return true;
  if (!guild || !(member instanceof GuildMember)) return false;
  const channel = guild.channels.cache.get(channelId) ?? (await fetched(guild, channelId));
  if (!channel) return false;
  const place = channel.isThread() ? channel.parent : channel;
  const isRestricted = place !== null && 'nsfw' in place && place.nsfw;
  if (isRestricted && !circumstancesOf(interaction).ageRestricted) return false;
  // Who is in a private thread Discord tells only when asked for each: those who manage threads are in all of them.
  const more = channel.type === ChannelType.PrivateThread ? [PermissionFlagsBits.ManageThreads] : [];
  return channel.permissionsFor(member).has([...needed, ...more]);
}
