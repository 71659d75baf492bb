import type { DiscordStandIn, DiscordStandInOptions } from '@easel/discord-stand-in';
import { createDiscordStandIn } from '@easel/discord-stand-in';
import { Client, type ClientOptions, Events, GatewayIntentBits, type Interaction } from 'discord.js';

/** A stand-in with real discord.js clients, and a function that closes both. */
export interface Stage {
  readonly discord: DiscordStandIn;
  /** Logs a client in and registers commands; answers once it is ready. */
  connect(options?: ConnectOptions): Promise<Client<true>>;
  /** Throws the first error of a handler, so that none is lost. */
  close(): Promise<void>;
}

export interface ConnectOptions extends Partial<ClientOptions> {
  readonly commands?: readonly object[];
  onInteraction?(interaction: Interaction): unknown;
}

export async function createStage(options: DiscordStandInOptions = {}): Promise<Stage> {
  const discord = await createDiscordStandIn(options);
  const clients: Client[] = [];
  const errors: Error[] = [];
  return {
    discord,
    async connect({ commands = [], onInteraction, ...clientOptions } = {}) {
      const client = new Client({
        intents: [GatewayIntentBits.Guilds],
        ...clientOptions,
        rest: { api: discord.apiUrl, ...clientOptions.rest },
      });
      clients.push(client);
      client.on(Events.Error, (error) => errors.push(error));
      const ready = new Promise<Client<true>>((resolve) => client.once(Events.ClientReady, resolve));
      await client.login(discord.token);
      const connected = await ready;
      if (onInteraction) client.on(Events.InteractionCreate, (interaction) => onInteraction(interaction));
      if (commands.length > 0)
        await connected.rest.put(`/applications/${discord.applicationId}/commands`, { body: commands });
      return connected;
    },
    async close() {
      for (const client of clients) await client.destroy();
      await discord.close();
      if (errors.length > 0) throw errors[0];
    },
  };
}

/** The first event of a kind that is as asked. */
export function next<T>(
  client: Client,
  event: string,
  matches: (value: T) => boolean = () => true,
): Promise<T> {
  return new Promise((resolve) => {
    const look = (value: T): void => {
      if (!matches(value)) return;
      client.off(event, look);
      resolve(value);
    };
    client.on(event, look);
  });
}

export const echo = {
  name: 'echo',
  description: 'Says it again',
  options: [
    { type: 3, name: 'text', description: 'What', required: true, max_length: 100 },
    { type: 3, name: 'style', description: 'How', choices: [{ name: 'Loud', value: 'loud' }] },
    { type: 3, name: 'model', description: 'Which', autocomplete: true },
    { type: 4, name: 'times', description: 'How often', min_value: 1, max_value: 3 },
    { type: 11, name: 'image', description: 'A picture' },
  ],
};
