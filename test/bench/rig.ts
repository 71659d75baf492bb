import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDiscordStandIn, type DiscordStandIn, type Invocation } from '@easel/discord-stand-in';
import { createMpsStandIn, type MpsStandIn } from '@easel/mps-stand-in';
import { type Bot, register, startBot, startLeastBot } from './bot.js';

/** Discord and MPS in this process, Easel in another. */
export interface Rig {
  readonly discord: DiscordStandIn;
  readonly mps: MpsStandIn;
  readonly bot: Bot;
  /** ms from the start of Easel's process until Discord had it connected, commands and all. */
  readonly readyMs: number;
  /** So many pictures are ordered in the same instant, each by a prompt of its own. */
  order(count: number): Promise<readonly Invocation[]>;
}

export interface RigOptions {
  /** Makes prompts, durations and pictures the same each time. */
  readonly seed: number;
  readonly env?: Readonly<Record<string, string>>;
  /** How much faster than in reality MPS works. @default 40: 1.5 to 4.5 s a picture */
  readonly speed?: number;
  /** Seconds that a picture really takes, least and most. @default the stand-in's own */
  readonly pictures?: readonly [number, number];
  readonly profiles?: string | undefined;
  /** Readies the store before Easel starts. */
  readonly prepare?: (storeUrl: string) => Promise<void>;
  /** It was connected before: Discord has its commands. */
  readonly again?: boolean;
  /** Not Easel, but the least bot: its commands are Easel's. */
  readonly least?: boolean;
}

const people = ['ada', 'ben', 'mia', 'lin'] as const;
const channels = ['general', 'studio'] as const;

/** Builds a rig, runs `work` in it and tears it down, whatever happens. */
export async function withRig<T>(options: RigOptions, work: (rig: Rig) => Promise<T>): Promise<T> {
  const {
    seed,
    env: settings,
    speed = 40,
    pictures,
    profiles,
    prepare,
    again = false,
    least = false,
  } = options;
  const folder = await mkdtemp(join(tmpdir(), 'easel-bench-'));
  const storeUrl = `sqlite://${join(folder, 'easel.sqlite')}`;
  const discord = await createDiscordStandIn({ seed });
  const mps = await createMpsStandIn({ seed, speed, ...(pictures && { durations: { image: pictures } }) });
  await prepare?.(storeUrl);
  const env = {
    DISCORD_TOKEN: discord.token,
    DISCORD_API_URL: discord.apiUrl,
    MPS_ENDPOINT: mps.url,
    TENCENTCLOUD_SECRET_ID: mps.secretId,
    TENCENTCLOUD_SECRET_KEY: mps.secretKey,
    STORE_URL: storeUrl,
    ...settings,
  };
  if (again || least) await register(env);
  const bot = least ? startLeastBot(env) : startBot({ profiles, env });
  try {
    await discord.ready({ timeoutMs: 60_000 });
    const readyMs = performance.now() - bot.begunAt;
    return await work({ discord, mps, bot, readyMs, order: createOrder(discord, seed) });
  } finally {
    await bot.stop();
    await Promise.all([discord.close(), mps.close()]);
    await rm(folder, { recursive: true, force: true });
  }
}

function createOrder({ actor }: DiscordStandIn, seed: number): Rig['order'] {
  let ordered = 0;
  return (count) => {
    const all = Array.from({ length: count }, () => {
      const n = ordered++;
      const person = people[n % people.length] ?? people[0];
      const channel = channels[n % channels.length] ?? channels[0];
      return actor(person, channel).command('imagine', { prompt: `a red fox, number ${n} of ${seed}` });
    });
    return Promise.all(all);
  };
}
