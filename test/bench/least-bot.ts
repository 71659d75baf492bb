// The guide's sample made a bot in the fewest steps: discord.js receives a command and shows a word and then the picture,
// three records say what was begun, and nothing is checked, counted, drawn or done again. What Easel costs beyond it is the
// price of what Easel promises.
import { KeyvSqlite } from '@keyv/sqlite';
import { Client, GatewayDispatchEvents, InteractionResponseType, Routes } from 'discord.js';
import { Keyv } from 'keyv';
import { z } from 'zod';
import { readEnvironment } from '../../src/config/config.js';
import { generateImage } from './printed-client.js';

const command = z.object({
  id: z.string(),
  token: z.string(),
  application_id: z.string(),
  data: z.object({ options: z.array(z.object({ value: z.string() })) }),
});
const { DISCORD_API_URL: api = '', DISCORD_TOKEN: token = '', STORE_URL: uri = '' } = readEnvironment();
const tasks = new Keyv({ store: new KeyvSqlite({ uri, table: 'least' }) });
const client = new Client({ intents: [], rest: { api, globalRequestsPerSecond: 100_000 } });

async function answer(given: unknown): Promise<void> {
  const { id, token: answerToken, application_id: application, data } = command.parse(given);
  const prompt = data.options[0]?.value ?? '';
  await tasks.set(id, { prompt, answerToken });
  const type = InteractionResponseType.ChannelMessageWithSource;
  const body = { type, data: { content: 'Painting ...' } };
  await client.rest.post(Routes.interactionCallback(id, answerToken), { body, auth: false });
  const created = (taskId?: string) => tasks.set(id, { prompt, answerToken, taskId });
  const [url = ''] = await generateImage(prompt, created);
  const picture = Buffer.from(await (await fetch(url)).arrayBuffer());
  await client.rest.patch(Routes.webhookMessage(application, answerToken, '@original'), {
    body: { content: '', attachments: [{ id: 0, description: prompt }] },
    files: [{ name: 'picture.png', data: picture, contentType: 'image/png' }],
    auth: false,
  });
  await tasks.set(id, { prompt, done: true });
}

client.ws.on(GatewayDispatchEvents.InteractionCreate, (given: unknown) => void answer(given));
process.once('SIGTERM', () => void client.destroy().finally(() => process.exit(0)));
await client.login(token);
