import {
  type Client,
  Events,
  GatewayDispatchEvents,
  type GatewayMessageCreateDispatchData,
  type GatewayMessageDeleteBulkDispatchData,
  type GatewayMessageDeleteDispatchData,
  type GatewayMessageReactionAddDispatchData,
  type GatewayMessageReactionRemoveDispatchData,
  type Guild,
  type Interaction,
} from 'discord.js';
import type { Log } from '../../log.js';
import { type Mention, readMention } from '../input/mention.js';
import type { RestGuard } from '../rest/request-guard.js';
import { followGuilds, type NamedGuilds } from './guild-tracker.js';
import { guardPackets } from './packet-guard.js';

/** What Easel does about Discord's events. */
export interface GatewayEvents {
  readonly onInteraction: (interaction: Interaction) => Promise<void>;
  /** The bot was removed from a guild, or the guild was deleted (not temporarily unavailable). Never rejects. */
  readonly onGuildGone: (guildId: string) => Promise<void>;
  /**
   * The bot has joined a guild: Discord hasn't named it since the connection began. Also when it comes back to one that
   * had removed it. Never rejects.
   */
  readonly onGuildJoined: (guild: Guild) => Promise<void>;
  /** Discord has named the guilds of all this process's shards, at the start or again. Never rejects. */
  readonly onGuildsNamed: (guilds: NamedGuilds) => Promise<void>;
  /** Messages of a guild were deleted by anyone. Never rejects. */
  readonly onMessagesGone: (guildId: string, messageIds: readonly string[]) => Promise<void>;
  /** Someone reacted to a message of a guild with an emoji, or took that back. Never rejects. */
  readonly onReaction: (message: Reacted) => Promise<void>;
  /** A role or a channel of a guild was deleted. Never rejects. */
  readonly onPartGone: (guildId: string, id: string) => Promise<void>;
  /** Someone mentioned Easel in a message. Never rejects. */
  readonly onMention: (mention: Mention) => Promise<void>;
  /** Discord closed the connection permanently (close codes 4004, 4010–4014). */
  readonly onClosedForGood: (code: number) => void;
}

/** A message of a guild, and the emoji of a reaction that was added to it or taken back. */
export interface Reacted {
  readonly guildId: string;
  readonly channelId: string;
  readonly messageId: string;
  /** Of a standard emoji its characters, else its name. */
  readonly emoji: string;
}

interface Deps extends GatewayEvents {
  readonly guard: Pick<RestGuard, 'forget'>;
  readonly log: Log;
}

/** Passes a client's events on. */
export function listen(client: Client, deps: Deps): void {
  const { log } = deps;
  client.on(Events.InteractionCreate, (interaction) => void deps.onInteraction(interaction));
  listenForMessages(client, deps);
  listenForReactions(client, deps);
  // discord.js reports guilds that READY named by another event (GuildAvailable).
  client.on(Events.GuildCreate, (guild) => void deps.onGuildJoined(guild));
  // discord.js reports unavailable guilds by another event (GuildUnavailable).
  client.on(Events.GuildDelete, ({ id }) => void deps.onGuildGone(id));
  client.on(Events.GuildRoleDelete, ({ id, guild }) => void deps.onPartGone(guild.id, id));
  client.on(Events.ChannelDelete, (channel) => {
    if (!channel.isDMBased()) void deps.onPartGone(channel.guildId, channel.id);
  });
  followPermissions(client, deps.guard);
  followGuilds(client, (guilds) => void deps.onGuildsNamed(guilds));
  // discord.js turns a listener's rejection into this event; without a listener it would end the process.
  client.on(Events.Error, (error) => log.error({ err: error }, 'discord.js reported an error'));
  client.on(Events.Warn, (warning) => log.warn({ warning }, 'discord.js warned'));
  client.on(Events.ShardDisconnect, ({ code }, shard) => {
    log.error({ shard, code }, 'gateway closed permanently');
    deps.onClosedForGood(code);
  });
  guardPackets(client, log);
}

/** As Discord sends them: discord.js keeps no messages, and so loses the one replied to and those deleted. */
function listenForMessages(client: Client, { onMention, onMessagesGone, guard, log }: Deps): void {
  client.ws.on(GatewayDispatchEvents.MessageCreate, (message: GatewayMessageCreateDispatchData) => {
    if (!client.isReady()) return;
    if (message.guild_id === undefined) guard.forget([message.channel_id]);
    readMention(client, message)
      .then((mention) => mention && onMention(mention))
      .catch((error: unknown) =>
        log.warn({ event: message.id, err: error }, 'a message could not be parsed'),
      );
  });
  client.ws.on(GatewayDispatchEvents.MessageDelete, (gone: GatewayMessageDeleteDispatchData) => {
    if (gone.guild_id) void onMessagesGone(gone.guild_id, [gone.id]);
  });
  client.ws.on(GatewayDispatchEvents.MessageDeleteBulk, (gone: GatewayMessageDeleteBulkDispatchData) => {
    if (gone.guild_id) void onMessagesGone(gone.guild_id, gone.ids);
  });
}

/** As Discord sends them: of messages that discord.js doesn't keep it reports no reactions. */
function listenForReactions(client: Client, { onReaction }: Pick<Deps, 'onReaction'>): void {
  type Data = GatewayMessageReactionAddDispatchData | GatewayMessageReactionRemoveDispatchData;
  const hear = ({
    guild_id: guildId,
    channel_id: channelId,
    message_id: messageId,
    emoji,
    user_id: by,
  }: Data) => {
    if (guildId && emoji.id === null && emoji.name !== null && by !== client.user?.id)
      void onReaction({ guildId, channelId, messageId, emoji: emoji.name });
  };
  client.ws.on(GatewayDispatchEvents.MessageReactionAdd, hear);
  client.ws.on(GatewayDispatchEvents.MessageReactionRemove, hear);
}

/** A missing permission may have been granted. */
function followPermissions(client: Client, { forget }: Pick<RestGuard, 'forget'>): void {
  const of = ({ id }: { readonly id: string }) => forget([id]);
  client.on(Events.ChannelUpdate, (_, channel) => {
    // Threads have the permissions of the channel they are in.
    const threads = 'threads' in channel ? [...channel.threads.cache.keys()] : [];
    forget([channel.id, ...threads]);
  });
  client.on(Events.ThreadUpdate, (_, thread) => of(thread));
  for (const event of [Events.GuildRoleUpdate, Events.GuildMemberUpdate, Events.GuildCreate] as const)
    client.on(event, () => forget());
  // A user who writes to Easel or presses its buttons can receive direct messages.
  client.on(Events.InteractionCreate, ({ guildId, channelId }) => {
    if (channelId && !guildId) forget([channelId]);
  });
}
