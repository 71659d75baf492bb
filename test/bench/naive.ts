import { createReadStream } from 'node:fs';
import { MessagePayload, REST, Routes } from 'discord.js';

/** The approach of most bots: pass discord.js a stream for each file, all at once. Prints its peak memory, bytes. */
const [apiUrl = '', token = '', channelId = '', path = '', count = '1'] = process.argv.slice(2);
const rest = new REST({ api: apiUrl, version: '10', timeout: 600_000 }).setToken(token);

async function post(number: number): Promise<void> {
  const attachment = createReadStream(path);
  const file = await MessagePayload.resolveFile({ attachment, name: `${number}.mp4` });
  await rest.post(Routes.channelMessages(channelId), { files: [file] });
}

await Promise.all(Array.from({ length: Number(count) }, (_, number) => post(number)));
process.stdout.write(String(process.resourceUsage().maxRSS * 1024));
