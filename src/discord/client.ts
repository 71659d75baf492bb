import {
  Client,
  Events,
  GatewayDispatchEvents,
  GatewayIntentBits,
  type GatewayMessageCreateDispatchData,
  type Interaction,
  Options,
} from 'discord.js';
import type { Log } from '../log.js';
import { type Heard, hear } from './heard.js';

/** Easel's end of Discord's gateway. */
export interface Gateway {
  /** Connects; resolves with the application's id once Discord is ready. @throws when the token is refused. */
  connect(): Promise<string>;
  /** Closes the connection; events that come after it are not seen. */
  close(): Promise<void>;
}

interface Deps {
  readonly token: string;
  /** DISCORD_API_URL */
  readonly apiUrl: string;
  readonly onInteraction: (interaction: Interaction) => Promise<void>;
  /** The bot was removed from a guild, or the guild is gone; not: it is out of reach for a while. Never rejects. */
  readonly onGuildGone: (guildId: string) => Promise<void>;
  /** Somebody mentioned Easel in a message. Never rejects. */
  readonly onMention: (heard: Heard) => Promise<void>;
  /** MESSAGE_CONTENT_INTENT */
  readonly messageContent: boolean;
  readonly log: Log;
}

/** Mentions are told of by the messages they are in. */
const intents = [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages, GatewayIntentBits.DirectMessages];
/** One unavailable guild must not hold up the others (discord.js waits 15 s by default). */
const waitForGuildsMs = 1_000;

export function createGateway(deps: Deps): Gateway {
  const { token, apiUrl, onInteraction, onGuildGone, onMention, messageContent, log } = deps;
  const client = new Client({
    intents: messageContent ? [...intents, GatewayIntentBits.MessageContent] : intents,
    rest: { api: apiUrl },
    waitGuildTimeout: waitForGuildsMs,
    // Tasks carry all they need; whole guilds in memory serve nothing.
    makeCache: Options.cacheWithLimits({
      ...Options.DefaultMakeCacheSettings,
      MessageManager: 0,
      GuildMemberManager: { maxSize: 1, keepOverLimit: (member) => member.id === member.client.user.id },
      UserManager: { maxSize: 1, keepOverLimit: (user) => user.id === user.client.user.id },
    }),
    allowedMentions: { parse: [] },
  });
  client.on(Events.InteractionCreate, (interaction) => void onInteraction(interaction));
  // As Discord sends it: discord.js keeps no messages, and so would lose the one that is replied to.
  client.ws.on(GatewayDispatchEvents.MessageCreate, (message: GatewayMessageCreateDispatchData) => {
    if (!client.isReady()) return;
    hear(client, message)
      .then((heard) => heard && onMention(heard))
      .catch((error: unknown) => log.warn({ event: message.id, err: error }, 'a message was not understood'));
  });
  // discord.js tells of guilds that are out of reach by another event (GuildUnavailable).
  client.on(Events.GuildDelete, ({ id }) => void onGuildGone(id));
  // discord.js turns a listener's rejection into this event; without a listener it would end the process.
  client.on(Events.Error, (error) => log.error({ err: error }, 'discord.js reported an error'));
  client.on(Events.Warn, (warning) => log.warn({ warning }, 'discord.js warned'));
  client.on(Events.ShardDisconnect, ({ code }, shard) =>
    log.error({ shard, code }, 'the gateway closed for good'),
  );
  client.on(Events.ShardReconnecting, (shard) => log.warn({ shard }, 'the gateway is reconnecting'));
  client.on(Events.ShardResume, (shard, replayed) => log.info({ shard, replayed }, 'the gateway resumed'));
  return {
    async connect() {
      const ready = new Promise<string>((resolve) =>
        client.once(Events.ClientReady, (on) => resolve(on.application.id)),
      );
      await client.login(token);
      return ready;
    },
    close: () => client.destroy(),
  };
}
