import { Client, type ClientOptions, GatewayIntentBits, Options, type WebSocketOptions } from 'discord.js';
import type { IdentifyTurns } from '../../cluster/identify-throttler.js';
import type { Shards } from '../../config/config.js';
import { userAgent } from '../../util/http.js';
import type { RestGuard } from '../rest/request-guard.js';

/** How discord.js is set up. */
export interface ClientSettings {
  /** DISCORD_API_URL */
  readonly apiUrl: string;
  /** The guard of all requests; it is notified when permissions may have changed. */
  readonly guard: Pick<RestGuard, 'makeRequest' | 'forget'>;
  /** SHARDS, or SHARD_IDS and SHARD_COUNT. */
  readonly shards: Shards;
  /**
   * Waits until a shard may identify.
   * @default counts only this process's shards
   */
  readonly identify?: IdentifyTurns | undefined;
}

/** Mentions arrive with their messages. */
const intents = [
  GatewayIntentBits.Guilds,
  GatewayIntentBits.GuildMessages,
  // Stars under results.
  GatewayIntentBits.GuildMessageReactions,
  GatewayIntentBits.DirectMessages,
];
/** One unavailable guild must not hold up the others (discord.js waits 15 s by default). */
const waitForGuildsMs = 1_000;

/** discord.js's client, as Easel uses it: it keeps channels and roles, and no messages, members or users. */
export function createClient(
  { apiUrl, guard, shards, identify }: ClientSettings,
  messageContent: boolean,
): Client {
  return new Client({
    intents: messageContent ? [...intents, GatewayIntentBits.MessageContent] : intents,
    rest: { api: apiUrl, makeRequest: guard.makeRequest, userAgentAppendix: userAgent },
    ...shardOptions(shards),
    ...(identify && { ws: { buildIdentifyThrottler: throttler(identify) } }),
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
