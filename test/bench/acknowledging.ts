import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fillLedger } from '../support/full-ledger.js';
import { startPatientMps } from '../support/patient-mps.js';
import { type Bot, startBareBot, startBot } from './bot.js';
import { type Figure, percentile, type Report, times } from './figures.js';
import type { BenchOptions, Measurement } from './measurement.js';
import { type Command, type QuickDiscord, startQuickDiscord } from './quick-discord.js';

/** From a command to "Easel is thinking…", with the highest load. Discord waits 3 s. */
export const acknowledging: readonly Measurement[] = [{ name: 'acknowledging', run }];

const commands = 500;
const inFlight = { images: 4_000, videos: 6_000 };
/** More commands than one second's come in at this rate. */
const atATime = 5;

async function run(options: BenchOptions): Promise<Report> {
  const discord = await startQuickDiscord(options.seed);
  try {
    const own = await withEasel(discord, options, async () => {
      // The questions about all that was found are in full swing.
      await sleep(5_000);
      const spread = await overOneSecond(discord);
      // Their orders are completed.
      await sleep(8_000);
      return { spread, atOnce: await timesOf(discord.imagine(prompts('at once', commands))) };
    });
    return { figures: figuresOf(own, await bare(discord)) };
  } finally {
    await discord.close();
  }
}

/** Easel under load: 10,000 tasks running at MPS. */
async function withEasel<T>(
  { apiUrl, token, ready }: QuickDiscord,
  { profiles }: BenchOptions,
  work: () => Promise<T>,
): Promise<T> {
  const patient = await startPatientMps();
  const folder = await mkdtemp(join(tmpdir(), 'easel-bench-'));
  const store = `sqlite://${join(folder, 'easel.sqlite')}`;
  await fillLedger(store, { over: 0, ...inFlight, queued: 0 }, Date.now());
  const env = {
    DISCORD_TOKEN: token,
    DISCORD_API_URL: apiUrl,
    STORE_URL: store,
    MPS_ENDPOINT: patient.url,
    TENCENTCLOUD_SECRET_ID: 'bench',
    TENCENTCLOUD_SECRET_KEY: 'bench',
    MAX_IMAGE_TASKS: '1000',
    MAX_VIDEO_TASKS: '1000',
  };
  const bot = startBot({ profiles, env });
  try {
    await ready();
    return await work();
  } finally {
    await bot.stop();
    await patient.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** ms until acknowledged, each of so many commands at one instant, by the least that can do so. */
async function bare(discord: QuickDiscord): Promise<number[]> {
  const bot: Bot = startBareBot({ DISCORD_API_URL: discord.apiUrl, DISCORD_TOKEN: discord.token });
  try {
    await discord.ready();
    return await timesOf(discord.imagine(prompts('bare', commands)));
  } finally {
    await bot.stop();
  }
}

async function overOneSecond(discord: QuickDiscord): Promise<number[]> {
  const sent: Command[] = [];
  const all = prompts('over a second', commands);
  const begun = performance.now();
  for (let n = 0; n < commands; n += atATime) {
    // By the clock, or the timer's lateness would add up to a slower pace.
    await sleep(Math.max(0, begun + (n / commands) * 1_000 - performance.now()));
    sent.push(...discord.imagine(all.slice(n, n + atATime)));
  }
  return timesOf(sent);
}

function figuresOf(own: Record<'spread' | 'atOnce', number[]>, alone: number[]): Figure[] {
  const { spread, atOnce } = own;
  const name = `${commands} commands, 10,000 tasks in flight`;
  return [
    ...times(`${name}: over a second, to acknowledged`, spread, 100),
    ...times(`${name}: at one instant, to acknowledged`, atOnce, 2 * (percentile(alone, 0.99) ?? 0)),
    {
      row: `${name}: at one instant, the last`,
      measured: Math.max(...atOnce),
      unit: 'ms',
      target: { atMost: 1_000 },
    },
    {
      row: `${name}: acknowledged`,
      measured: spread.length + atOnce.length,
      unit: '',
      target: { atLeast: 2 * commands },
    },
    ...times(`${commands} commands at one instant, bare @discordjs/rest`, alone),
  ];
}

function prompts(what: string, count: number): string[] {
  return Array.from({ length: count }, (_, n) => `a red fox ${what}, number ${n}`);
}

async function timesOf(sent: readonly Command[]): Promise<number[]> {
  const all = await Promise.all(sent.map(({ acknowledged }) => acknowledged));
  return all.filter((ms) => ms !== undefined);
}
