/**
 * Puts the bot under all that strangers tried on it, in so much memory: `npm run stress -- [--memory 512] [--most 400]
 * [--requests 10000] [--interactions 3000] [--seed N]`. Ends 1 if it dies, leaves an answer out, or holds more than `--most` MB.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createDiscordStandIn } from '@easel/discord-stand-in';
import { createMpsStandIn } from '@easel/mps-stand-in';
import { type Bot, startBot } from './bot.js';
import { sendInteractions } from './interactions.js';
import { handInMedia } from './media.js';
import { createMemoryLimit } from './memory-limit.js';
import { sendRequests } from './requests.js';

const { values: flags } = parseArgs({
  options: {
    memory: { type: 'string', default: '512' },
    most: { type: 'string', default: '400' },
    requests: { type: 'string', default: '10000' },
    interactions: { type: 'string', default: '3000' },
    seed: { type: 'string', default: '1' },
  },
});
const seed = Number(flags.seed);
const megabyte = 1024 * 1024;
const say = (text: string) => process.stdout.write(`${text}\n`);

const limit = await createMemoryLimit(Number(flags.memory) * megabyte);
if (!limit)
  say(
    'This machine grants no memory limit (cgroup): the bot runs without one, and its memory is not judged.',
  );
const folder = await mkdtemp(join(tmpdir(), 'easel-stress-'));
// The three of them share two cores: three seconds by a slower clock are what they would be on a separate machine.
const begin = Date.now();
const discord = await createDiscordStandIn({
  seed,
  identifyWindowMs: 0,
  now: () => begin + (Date.now() - begin) / 10,
});
const mps = await createMpsStandIn({ seed, durations: { image: [0.05, 0.1], video: [0.05, 0.1] } });
const env = {
  PATH: process.env.PATH ?? '',
  TMPDIR: folder,
  HEALTH_PORT: '0',
  LOG_LEVEL: 'info',
  DISCORD_TOKEN: discord.token,
  DISCORD_API_URL: discord.apiUrl,
  MPS_ENDPOINT: mps.url,
  TENCENTCLOUD_SECRET_ID: mps.secretId,
  TENCENTCLOUD_SECRET_KEY: mps.secretKey,
  STORE_URL: `sqlite://${join(folder, 'easel.sqlite')}`,
  POLL_INTERVAL_MS: '100',
  MAX_IMAGE_TASKS: '20',
  MAX_VIDEO_TASKS: '10',
};

const complaints: string[] = [];
let bot: Bot | undefined;
try {
  bot = await startBot(env, limit);
  await discord.ready();
  const running = bot;
  const round = async (name: string, work: () => Promise<string[]>) => {
    if (running.ended()) return;
    const found = await work();
    complaints.push(...found);
    if (running.ended()) complaints.push(`the bot ended during the ${name}: ${running.ended()}`);
    const peak = running.peak();
    say(
      `${name}: ${found.length} without an answer${peak === undefined ? '' : `; peak ${toMegabytes(peak)} MB so far`}`,
    );
  };
  await round('hostile pictures', () => handInMedia(discord, seed));
  await round('malformed requests', async () => {
    await sendRequests(running.healthUrl, Number(flags.requests), seed);
    const response = await fetch(`${running.healthUrl}/livez`).catch(() => undefined);
    return response?.ok ? [] : ['/livez does not answer any more'];
  });
  await round('strange interactions', () => sendInteractions(discord, Number(flags.interactions), seed));
  const peak = toMegabytes(running.peak() ?? 0);
  if (peak > Number(flags.most)) complaints.push(`the bot held ${peak} MB, which is more than ${flags.most}`);
  const invalid = discord.invalidRequests();
  if (invalid >= 100) complaints.push(`Discord would count ${invalid} invalid requests`);
  if (running.ended()) say(running.last().join('\n'));
} finally {
  await bot?.stop();
  await Promise.all([discord.close(), mps.close()]);
  await limit?.close();
  await rm(folder, { recursive: true, force: true });
}
for (const complaint of complaints.slice(0, 40)) say(`- ${complaint}`);
say(complaints.length === 0 ? 'Nothing was wrong.' : `${complaints.length} things were wrong.`);
process.exitCode = complaints.length === 0 ? 0 : 1;

function toMegabytes(bytes: number): number {
  return Math.round(bytes / megabyte);
}
