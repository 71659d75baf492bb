import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  Client,
  type ClientOptions,
  Events,
  GatewayDispatchEvents,
  GatewayIntentBits,
  type GatewayMessageCreateDispatchData,
  type GatewayMessageDeleteBulkDispatchData,
  type GatewayMessageDeleteDispatchData,
  type Interaction,
  Options,
  type WebSocketOptions,
} from 'discord.js';
import type { IdentifyTurns } from '../../cluster/identify-throttler.js';
import type { Shards } from '../../config/config.js';
import type { Log } from '../../log.js';
import { retry } from '../../util/retry.js';
import { type Mention, readMention } from '../input/mention.js';
import { isIntentRefused, isTokenRefused } from '../rest/errors.js';
import type { RestGuard } from '../rest/request-guard.js';
import { type ContentIntent, intentsDisallowed } from './content-intent.js';
import { followGuilds, type NamedGuilds } from './guild-tracker.js';
import { guardPackets } from './packet-guard.js';
import { followShards, type ShardState } from './shard-status.js';

/** Easel's end of Discord's gateway. */
export interface Gateway {
  /**
   * Connects; resolves with the application's id once Discord is ready. While Discord is unreachable it keeps trying.
   * @throws when Discord refuses the token or an intent, or the gateway is closed meanwhile.
   */
  connect(): Promise<string>;
  /** Each shard of this process as it stands now; none before the first attempt to connect. */
  shards(): readonly ShardState[];
  /** Closes the connection; events that come after it are not seen. */
  close(): Promise<void>;
}

interface Deps {
  readonly token: string;
  /** DISCORD_API_URL */
  readonly apiUrl: string;
  readonly onInteraction: (interaction: Interaction) => Promise<void>;
  /** The bot was removed from a guild, or the guild was deleted (not temporarily unavailable). Never rejects. */
  readonly onGuildGone: (guildId: string) => Promise<void>;
  /** Discord has named the guilds of all this process's shards, at the start or again. Never rejects. */
  readonly onGuildsNamed: (guilds: NamedGuilds) => Promise<void>;
  /** Messages of a guild were deleted by anyone. Never rejects. */
  readonly onMessagesGone: (guildId: string, messageIds: readonly string[]) => Promise<void>;
  /** A role or a channel of a guild was deleted. Never rejects. */
  readonly onPartGone: (guildId: string, id: string) => Promise<void>;
  /** Someone mentioned Easel in a message. Never rejects. */
  readonly onMention: (mention: Mention) => Promise<void>;
  /** Discord closed the connection permanently (close codes 4004, 4010–4014). */
  readonly onClosedForGood: (code: number) => void;
  /** The guard of all requests; it is notified when permissions may have changed. */
  readonly guard: Pick<RestGuard, 'makeRequest' | 'forget'>;
  /** Whether to ask for MESSAGE_CONTENT_INTENT. */
  readonly content: ContentIntent;
  /** SHARDS, or SHARD_IDS and SHARD_COUNT. */
  readonly shards: Shards;
  /**
   * Waits until a shard may identify.
   * @default counts only this process's shards
   */
  readonly identify?: IdentifyTurns | undefined;
  readonly log: Log;
  /** ms since the epoch. */
  readonly now?: () => number;
}

/** Mentions arrive with their messages. */
const intents = [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages, GatewayIntentBits.DirectMessages];
/** One unavailable guild must not hold up the others (discord.js waits 15 s by default). */
const waitForGuildsMs = 1_000;

/** Time for Discord's close handshake, ms. */
const goodbyeMs = 3_000;
/** First delay before reconnecting to Discord, ms; doubles up to a minute. */
const retryMs = 1_000;

export function createGateway(deps: Deps): Gateway {
  const { token, log, now = Date.now } = deps;
  const closing = new AbortController();
  let client: Client | undefined;
  let shards: () => readonly ShardState[] = () => [];

  async function attempt(): Promise<string> {
    const messageContent = await deps.content.isWanted();
    const withdrawn = new AbortController();
    // A new one each time: after a failed login discord.js has destroyed the old one.
    const fresh = createClient(deps, messageContent, (code) => {
      if (code === intentsDisallowed && messageContent) withdrawn.abort();
      else deps.onClosedForGood(code);
    });
    client = fresh;
    shards = followShards(fresh, { log, now, closing: closing.signal });
    const ready = new Promise<string>((resolve) =>
      fresh.once(Events.ClientReady, (on) => resolve(on.application.id)),
    );
    // If the intent is refused now, this rejects.
    await fresh.login(token);
    const replaced = once(withdrawn.signal, 'abort').then(() => replace(fresh));
    replaced.catch(() => {});
    return Promise.race([ready, replaced]);
  }

  /** Connects again after the intent was switched off in the Developer Portal while Easel was connected with it. */
  async function replace(refused: Client): Promise<string> {
    try {
      closing.signal.throwIfAborted();
      if (!deps.content.giveUp()) throw new Error('The gateway refused the Message Content Intent.');
      await refused.destroy();
      return await connect();
    } catch (error) {
      if (!closing.signal.aborted) deps.onClosedForGood(intentsDisallowed);
      throw error;
    }
  }

  /** Once more without the intent if the gateway refuses it. */
  const attemptAsAllowed = () =>
    attempt().catch((error: unknown) => {
      if (isIntentRefused(error) && deps.content.giveUp()) return attempt();
      throw error;
    });

  const connect = () =>
    retry(attemptAsAllowed, {
      firstMs: retryMs,
      signal: closing.signal,
      onFailure(error, { againInMs }) {
        if (isTokenRefused(error) || isIntentRefused(error)) throw error;
        log.error({ err: error, againInMs }, 'Discord is unreachable');
      },
    });

  return {
    connect,
    shards: () => shards(),
    async close() {
      closing.abort(new Error('The gateway is closed.'));
      // Otherwise a silently dead connection would hold up the shutdown for half a minute.
      await Promise.race([client?.destroy(), sleep(goodbyeMs, undefined, { ref: false })]);
    },
  };
}

function createClient(deps: Deps, messageContent: boolean, onClosedForGood: Deps['onClosedForGood']): Client {
  const { apiUrl, onInteraction, onGuildGone, onMessagesGone, onMention, log } = deps;
  const client = new Client({
    intents: messageContent ? [...intents, GatewayIntentBits.MessageContent] : intents,
    rest: { api: apiUrl, makeRequest: deps.guard.makeRequest },
    ...shardOptions(deps.shards),
    ...(deps.identify && { ws: { buildIdentifyThrottler: throttler(deps.identify) } }),
    waitGuildTimeout: waitForGuildsMs,
    // Tasks carry all they need; caching whole guilds is useless.
    makeCache: Options.cacheWithLimits({
      ...Options.DefaultMakeCacheSettings,
      MessageManager: 0,
      GuildMemberManager: { maxSize: 1, keepOverLimit: (member) => member.id === member.client.user.id },
      UserManager: { maxSize: 1, keepOverLimit: (user) => user.id === user.client.user.id },
    }),
    allowedMentions: { parse: [] },
  });
  client.on(Events.InteractionCreate, (interaction) => void onInteraction(interaction));
  // The raw event: discord.js caches no messages here, so it would lose the one replied to.
  client.ws.on(GatewayDispatchEvents.MessageCreate, (message: GatewayMessageCreateDispatchData) => {
    if (!client.isReady()) return;
    if (message.guild_id === undefined) deps.guard.forget([message.channel_id]);
    readMention(client, message)
      .then((mention) => mention && onMention(mention))
      .catch((error: unknown) =>
        log.warn({ event: message.id, err: error }, 'a message could not be parsed'),
      );
  });
  // discord.js only reports the deletion of cached messages.
  client.ws.on(GatewayDispatchEvents.MessageDelete, (gone: GatewayMessageDeleteDispatchData) => {
    if (gone.guild_id) void onMessagesGone(gone.guild_id, [gone.id]);
  });
  client.ws.on(GatewayDispatchEvents.MessageDeleteBulk, (gone: GatewayMessageDeleteBulkDispatchData) => {
    if (gone.guild_id) void onMessagesGone(gone.guild_id, gone.ids);
  });
  // discord.js reports unavailable guilds by another event (GuildUnavailable).
  client.on(Events.GuildDelete, ({ id }) => void onGuildGone(id));
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
    onClosedForGood(code);
  });
  guardPackets(client, log);
  return client;
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

/** Discord's gateway says how many shards may identify at once. */
function throttler(turn: IdentifyTurns): NonNullable<WebSocketOptions['buildIdentifyThrottler']> {
  return async (manager) => {
    const { session_start_limit: limit } = await manager.fetchGatewayInformation();
    return { waitForIdentify: (shardId, signal) => turn(shardId, limit.max_concurrency, signal) };
  };
}

/**
 * Both are named in any case: discord.js would take what is left as it is by default from variables of the same names as
 * ours, even from empty ones, which to us mean unset. With `auto` it asks Discord, and the number counts for nothing.
 */
function shardOptions(shards: Shards): Pick<ClientOptions, 'shards' | 'shardCount'> {
  return shards === 'auto'
    ? { shards, shardCount: notTheDefault }
    : { shards: [...shards.ids], shardCount: shards.count };
}

const notTheDefault = 2;
