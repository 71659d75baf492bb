import { Client, Events, GatewayIntentBits, type Interaction, Options } from 'discord.js';
import type { Log } from '../log.js';

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
  readonly log: Log;
}

/** One unavailable guild must not hold up the others (discord.js waits 15 s by default). */
const waitForGuildsMs = 1_000;

export function createGateway({ token, apiUrl, onInteraction, log }: Deps): Gateway {
  const client = new Client({
    intents: [GatewayIntentBits.Guilds],
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
