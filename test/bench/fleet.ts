import { setTimeout as sleep } from 'node:timers/promises';
import { createDiscordStandIn, type DiscordStandIn } from '@easel/discord-stand-in';
import { createMpsStandIn, type MpsStandIn } from '@easel/mps-stand-in';
import { hasRedis, startRedis } from '../support/redis.js';
import { startBot } from './bot.js';
import { arrivalOf, createsOf } from './bursts.js';
import type { Figure } from './figures.js';
import type { BenchOptions, Measurement } from './measurement.js';

/** Several processes that share one account through a real Redis. */
export const fleet: readonly Measurement[] = [
  {
    name: 'fleet rate',
    run: async (options) => ({ figures: await sharing({ count: 400, slots: 400 }, options) }),
  },
  {
    // Slots limit or don't, at any speed: measured only if requested by name, as a test does.
    name: 'fleet slots',
    run: async (options) =>
      options.chosen ? { figures: await sharing({ count: 80, slots: 16 }, options) } : {},
  },
];

const processes = 4;
const shards = 16;
/** Seconds that the fastest picture takes in reality. */
const quickest = 60;
/** Pictures a second that are ordered: all of them at one instant would measure how soon that many are acknowledged. */
const ordered = 100;

interface Load {
  readonly count: number;
  /** MAX_IMAGE_TASKS */
  readonly slots: number;
}

/** Pictures of guilds on all shards: how much of MPS's rate is used, whether it is kept, and how many were open at once. */
export async function sharing(load: Load, options: BenchOptions): Promise<Figure[]> {
  if (!hasRedis) return [];
  const { count, slots } = load;
  const { seed } = options;
  const redis = await startRedis();
  const discord = await createDiscordStandIn({ seed, identifyConcurrency: shards, identifyWindowMs: 0 });
  // As in reality, all slots are used before the first picture is done.
  const mps = await createMpsStandIn({ seed, speed: quickest / (Math.min(count, slots) / 20 + 4) });
  const places = furnish(discord);
  const bots = startAll(discord, mps, { STORE_URL: redis.url(), MAX_IMAGE_TASKS: String(slots) });
  try {
    await discord.ready({ timeoutMs: 60_000 });
    const orders: Promise<[string, number][]>[] = [];
    for (let n = 0; n < count; n++) {
      const ben = discord.actor('ben', places[n % places.length] ?? '');
      const order = ben.command('imagine', { prompt: `a red fox, number ${n} of ${seed}` });
      orders.push(order.then((invocation) => arrivalOf({ discord }, invocation)));
      await sleep(1_000 / ordered);
    }
    const arrived = (await Promise.all(orders)).flat().length;
    const name = `${processes} processes on ${shards} shards, ${count} pictures, ${slots} slots`;
    return figuresOf(name, load, mps, arrived);
  } finally {
    await Promise.all(bots.map((bot) => bot.stop()));
    await Promise.all([discord.close(), mps.close(), redis.close()]);
  }
}

/** A guild on each shard, with a channel that ben can order in; their names. */
function furnish({ world }: DiscordStandIn): string[] {
  return Array.from({ length: shards }, (_, shard) => {
    const id = String((1n << 60n) | (BigInt(shard) << 22n));
    world.addGuild({ name: `Guild ${shard}`, id });
    world.addChannel(id, { name: `place-${shard}` });
    world.addMember(id, 'ben');
    return `place-${shard}`;
  });
}

function startAll(discord: DiscordStandIn, mps: MpsStandIn, settings: Record<string, string>) {
  const each = shards / processes;
  return Array.from({ length: processes }, (_, n) =>
    startBot({
      env: {
        DISCORD_TOKEN: discord.token,
        DISCORD_API_URL: discord.apiUrl,
        MPS_ENDPOINT: mps.url,
        TENCENTCLOUD_SECRET_ID: mps.secretId,
        TENCENTCLOUD_SECRET_KEY: mps.secretKey,
        SHARD_IDS: `${n * each}-${(n + 1) * each - 1}`,
        SHARD_COUNT: String(shards),
        ...settings,
      },
    }),
  );
}

function figuresOf(name: string, { count, slots }: Load, mps: MpsStandIn, arrived: number): Figure[] {
  const isBound = slots < count;
  const most = mostOpen(mps);
  return [
    ...(isBound ? [] : [{ ...createsOf(name, mps), target: { atLeast: 90 }, bound: 100 }]),
    { row: `${name}: arrived`, measured: arrived, unit: '', target: { atLeast: count } },
    { row: `${name}: rejected by MPS`, measured: mps.rejected, unit: '', target: { atMost: 0 } },
    { row: `${name}: open at MPS, at most`, measured: most, unit: '', target: { atMost: slots } },
  ];
}

/** The most tasks that were open at one moment: from their Create until they were reported done. */
function mostOpen({ tasks }: MpsStandIn): number {
  const changes = tasks.flatMap(({ createdAt, reportedAt = Number.POSITIVE_INFINITY }) => [
    { at: createdAt, by: 1 },
    { at: reportedAt, by: -1 },
  ]);
  changes.sort((a, b) => a.at - b.at || a.by - b.by);
  let [open, most] = [0, 0];
  for (const { by } of changes) {
    open += by;
    most = Math.max(most, open);
  }
  return most;
}
