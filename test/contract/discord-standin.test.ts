import {
  Client,
  type ClientOptions,
  Events,
  GatewayIntentBits,
  type Interaction,
  SlashCommandBuilder,
} from 'discord.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDiscordStandIn, type DiscordStandIn } from '../../src/playground/discord/index.js';

let discord: DiscordStandIn;
const clients: Client[] = [];

beforeEach(async () => {
  discord = await createDiscordStandIn();
});

afterEach(async () => {
  for (const client of clients.splice(0)) await client.destroy();
  await discord.close();
});

async function connect(options: Partial<ClientOptions> = {}): Promise<Client<true>> {
  const client = new Client({
    intents: [GatewayIntentBits.Guilds],
    rest: { api: discord.apiUrl },
    ...options,
  });
  clients.push(client);
  const ready = new Promise<Client<true>>((resolve) => client.once(Events.ClientReady, resolve));
  await client.login(discord.token);
  return ready;
}

const echo = new SlashCommandBuilder()
  .setName('echo')
  .setDescription('Says it again')
  .addStringOption((option) => option.setName('text').setDescription('What').setRequired(true))
  .addAttachmentOption((option) => option.setName('image').setDescription('A picture'));

test('a slash command is deferred, then edited with a file', async () => {
  const client = await connect();
  await client.application.commands.set([echo.toJSON()]);
  await discord.ready();
  client.on(Events.InteractionCreate, async (interaction: Interaction) => {
    if (!interaction.isChatInputCommand()) return;
    await interaction.deferReply();
    await interaction.editReply({
      content: interaction.options.getString('text', true),
      files: [{ attachment: Buffer.from('hello'), name: 'hello.txt', description: 'a greeting' }],
    });
  });
  const invocation = await discord.actor('ben').command('echo', { text: 'a red fox' });
  const message = await invocation.until(({ attachments }) => attachments.length === 1);
  expect(message.content).toBe('a red fox');
  expect(message.attachments[0]).toMatchObject({ filename: 'hello.txt', size: 5, description: 'a greeting' });
  expect((await discord.fetchAttachment(message.id)).toString()).toBe('hello');
  expect(discord.problems).toEqual([]);
});
