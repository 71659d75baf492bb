// The minimum that can acknowledge a command: discord.js receives it, @discordjs/rest answers, nothing is stored or checked.
import { Client, GatewayDispatchEvents, InteractionResponseType, Routes } from 'discord.js';
import { z } from 'zod';
import { readEnvironment } from '../../src/config/config.js';

const interaction = z.object({ id: z.string(), token: z.string() });
const { DISCORD_API_URL: api = '', DISCORD_TOKEN: token = '' } = readEnvironment();
const client = new Client({ intents: [], rest: { api, globalRequestsPerSecond: 100_000 } });

client.ws.on(GatewayDispatchEvents.InteractionCreate, (data: unknown) => {
  const { id, token: answer } = interaction.parse(data);
  const body = { type: InteractionResponseType.DeferredChannelMessageWithSource };
  void client.rest.post(Routes.interactionCallback(id, answer), { body, auth: false });
});
process.once('SIGTERM', () => void client.destroy().finally(() => process.exit(0)));
await client.login(token);
