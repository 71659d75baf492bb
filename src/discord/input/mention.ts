import {
  type APIMessage,
  type Client,
  type GatewayMessageCreateDispatchData,
  type Guild,
  MessageReferenceType,
  MessageType,
  PermissionFlagsBits,
  type PermissionsBitField,
  Routes,
} from 'discord.js';
import {
  defaultLocale,
  hasOwnScript,
  type Locale,
  languageByScript,
  nearestLocale,
} from '../../locales/index.js';
import type { Origin } from '../../tasks/model/task.js';
import type { Circumstances } from '../access/guild-policy.js';
import { limitOfTier } from '../rest/upload-limits.js';
import { isWithheld } from './message-images.js';
import { languagesOfTalk } from './small-talk.js';

/** A message that mentions Easel. It has no token: it is answered by a separate message. */
export interface Mention {
  readonly message: APIMessage;
  /** How Easel is addressed. */
  readonly address: Address;
  /** What was written, without the mention. */
  readonly words: string;
  /** The message replied to; `lost` if it no longer exists. */
  readonly repliedTo?: APIMessage | 'lost';
  readonly origin: Origin;
  /** The channel from discord.js's cache. */
  readonly guild?: Guild;
  /** Easel's permissions there; undefined in direct messages, if it may do everything needed. */
  readonly permissions?: Readonly<PermissionsBitField>;
  readonly inThread: boolean;
  /** True for a locked thread. */
  readonly locked: boolean;
  readonly circumstances: Circumstances;
}

/** By name; in its own conversation with the user, where no name is needed; or by a reply to one of its messages. */
export type Address = 'mention' | 'direct' | 'reply';

/** Parses a message that addresses Easel; undefined for any other. */
export async function readMention(
  client: Client<true>,
  message: GatewayMessageCreateDispatchData,
): Promise<Mention | undefined> {
  const botId = client.user.id;
  const isWritten = message.type === MessageType.Default || message.type === MessageType.Reply;
  if (!isWritten || message.author.bot || message.webhook_id) return undefined;
  const mention = new RegExp(`<@!?${botId}>`, 'g');
  const address = addressOf(message, mention, botId);
  if (!address) return undefined;
  const guild = message.guild_id === undefined ? undefined : client.guilds.cache.get(message.guild_id);
  if (message.guild_id !== undefined && !guild) return undefined;
  const place = guild && (await placeOf(client, guild, message.channel_id));
  const words = spokenOf(message.content.replace(mention, ' '), message);
  const repliedTo = await repliedToBy(client, message);
  return {
    message,
    address,
    words,
    ...(repliedTo && { repliedTo }),
    ...(guild && { guild }),
    origin: originOf(message, {
      applicationId: client.application.id,
      botId,
      locale: languageOf(words, guild, repliedTo !== undefined),
      sizeLimit: limitOfTier(guild?.premiumTier),
      mayReadHistory: place?.permissions?.has(PermissionFlagsBits.ReadMessageHistory) ?? !guild,
    }),
    ...(place?.permissions && { permissions: place.permissions }),
    inThread: place?.inThread ?? false,
    locked: place?.locked ?? false,
    circumstances: circumstancesOf(message, place),
  };
}

function addressOf(
  message: GatewayMessageCreateDispatchData,
  mention: RegExp,
  botId: string,
): Address | undefined {
  if (mention.test(message.content)) return 'mention';
  if (message.guild_id === undefined) return 'direct';
  // What Discord withholds can't be answered either.
  const isReply = message.referenced_message?.author.id === botId && message.content !== '';
  return isReply ? 'reply' : undefined;
}

async function placeOf(client: Client<true>, guild: Guild, channelId: string) {
  const channel = await client.channels.fetch(channelId).catch(() => null);
  const me = guild.members.me;
  if (!channel || channel.isDMBased() || !me) return undefined;
  const inThread = channel.isThread();
  const parent = inThread ? channel.parent : channel;
  return {
    permissions: channel.permissionsFor(me),
    inThread,
    locked: channel.isThread() && channel.locked === true,
    parentId: inThread ? channel.parentId : null,
    ageRestricted: parent !== null && 'nsfw' in parent && parent.nsfw,
  };
}

function circumstancesOf(
  { channel_id, guild_id, member }: GatewayMessageCreateDispatchData,
  place: Awaited<ReturnType<typeof placeOf>>,
): Circumstances {
  return {
    channels: [channel_id, ...(place?.parentId ? [place.parentId] : [])],
    roles: [...(member?.roles ?? []), ...(guild_id ? [guild_id] : [])],
    ageRestricted: place?.ageRestricted ?? false,
  };
}

interface Particulars {
  readonly applicationId: string;
  readonly botId: string;
  readonly locale: Locale;
  readonly sizeLimit: number;
  readonly mayReadHistory: boolean;
}

function originOf(
  message: GatewayMessageCreateDispatchData,
  { applicationId, botId, locale, sizeLimit, mayReadHistory }: Particulars,
): Origin {
  return {
    applicationId,
    eventId: message.id,
    ...(message.guild_id !== undefined && { guildId: message.guild_id }),
    channelId: message.channel_id,
    userId: message.author.id,
    locale,
    guildInstalled: message.guild_id !== undefined,
    roles: message.member?.roles ?? [],
    private: false,
    replyAs: botId,
    acknowledged: false,
    sizeLimit,
    mayPostLater: true,
    mayReadHistory,
  };
}

/** Discord includes it if the bot may see it; if Discord didn't look, we ask. */
async function repliedToBy(
  client: Client<true>,
  message: APIMessage,
): Promise<APIMessage | 'lost' | undefined> {
  const { referenced_message: known, message_reference: reference } = message;
  if (known && !isWithheld(known)) return known;
  const isReply = reference && reference.type !== MessageReferenceType.Forward;
  if (!isReply) return known ?? undefined;
  if (known === null || !reference.message_id) return 'lost';
  const route = Routes.channelMessage(reference.channel_id, reference.message_id);
  // REST shows what the portal grants, even if this connection didn't request the intent.
  return client.rest.get(route).then(
    (found) => found as APIMessage,
    () => known ?? 'lost',
  );
}

/** Readable text: `<@4>` becomes a name, `<:fox:7>` a fox. */
function spokenOf(content: string, { mentions }: APIMessage): string {
  const nameOf = (id: string) => mentions.find((one) => one.id === id);
  return content
    .replace(/<@!?(\d+)>/g, (_, id: string) => nameOf(id)?.global_name ?? nameOf(id)?.username ?? '')
    .replace(/<a?:(\w+):\d+>/g, '$1')
    .replace(/<(?:#|@&)\d+>/g, '')
    .trim();
}

/**
 * Messages don't carry their author's language: judge by the letters, then by what only one language says, else by the
 * server, if the text can be in its language.
 */
function languageOf(words: string, guild: Guild | undefined, isReply: boolean): Locale {
  const here = nearestLocale(guild?.preferredLocale);
  const [said, another] = languagesOfTalk(words, isReply);
  return (
    languageByScript(words) ??
    (another === undefined ? said : undefined) ??
    (words === '' || !hasOwnScript(here) ? here : defaultLocale)
  );
}
