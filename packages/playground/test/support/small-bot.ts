import type { DiscordStandIn } from '@easel/discord-stand-in';
import { Client, GatewayIntentBits, type RepliableInteraction } from 'discord.js';

/** A bot with one command, whose handler a test provides. */
export interface SmallBot {
  readonly client: Client;
  /** Makes the bot do this at each command or button. */
  onInteraction(react: (interaction: RepliableInteraction) => Promise<unknown>): void;
}

/** Connects a bot that offers `/imagine prompt`. */
export async function startSmallBot(discord: DiscordStandIn): Promise<SmallBot> {
  const { Guilds, GuildMessages } = GatewayIntentBits;
  const client = new Client({ intents: [Guilds, GuildMessages], rest: { api: discord.apiUrl } });
  client.on('error', () => {});
  await client.login(discord.token);
  await discord.ready({ commands: false });
  await client.application?.commands.set([
    {
      name: 'imagine',
      description: 'Paints',
      descriptionLocalizations: { 'zh-CN': '画' },
      options: [
        { type: 3, name: 'prompt', description: 'What', required: true },
        { type: 6, name: 'who', description: 'For whom' },
      ],
    },
  ]);
  return {
    client,
    onInteraction(react) {
      client.on('interactionCreate', (interaction) => {
        if (interaction.isRepliable()) void react(interaction);
      });
    },
  };
}
