import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CosStandIn, createCosStandIn } from '@easel/cos-stand-in';
import { createDiscordStandIn, type DiscordStandIn } from '@easel/discord-stand-in';
import { createMpsStandIn, type MpsStandIn } from '@easel/mps-stand-in';
import { standInEnvironment } from '../support/stand-in-environment.js';
import type { Story } from './story.js';

/** The parts that outlive the bot: both services, and its disk. */
export interface World {
  readonly discord: DiscordStandIn;
  readonly mps: MpsStandIn;
  /** The operator's private bucket, if there is one. */
  readonly cos?: CosStandIn;
  readonly storeUrl: string;
  /** The environment of every life. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

export interface WorldPlan {
  /** The store that processes share. @default an SQLite file */
  readonly redis?: string;
  /** Results go to a bucket. */
  readonly bucket?: boolean | undefined;
  /** Users are pinged by a message of its own when an order has taken more than a second. */
  readonly pings?: boolean | undefined;
}

export async function createWorld(
  seed: number,
  story: Story,
  { redis, bucket = false, pings = false }: WorldPlan = {},
): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'easel-chaos-'));
  const discord = await createDiscordStandIn({
    seed,
    identifyWindowMs: 0,
    now: spread(),
    ...(redis && { identifyConcurrency: 16 }),
  });
  const cos = bucket ? await createCosStandIn({ seed }) : undefined;
  const mps = await createMpsStandIn({
    seed,
    durations: { image: [0.3, 0.9], video: [0.5, 1.5] },
    ...(cos && { cos, secretId: cos.secretId, secretKey: cos.secretKey }),
  });
  const { world } = discord;
  for (const name of ['lost', 'shut']) world.addChannel('Foxglove', { name });
  world.addUser({ username: 'kim' });
  world.addMember('Foxglove', 'kim');
  listen(discord, story);
  const storeUrl = redis ?? `sqlite://${join(folder, 'easel.sqlite')}`;
  return {
    discord,
    mps,
    ...(cos && { cos }),
    storeUrl,
    env: {
      PATH: process.env.PATH ?? '',
      TMPDIR: folder,
      ...standInEnvironment({ discord, mps }),
      STORE_URL: storeUrl,
      ...(cos && { COS_BUCKET: cos.bucket, COS_REGION: cos.region, COS_ENDPOINT: cos.url }),
      POLL_INTERVAL_MS: '100',
      ...(pings && { NOTIFY_AFTER_SECONDS: '1' }),
      MAX_IMAGE_TASKS: '3',
      MAX_VIDEO_TASKS: '2',
    },
    async close() {
      await Promise.all([discord.close(), mps.close()]);
      await cos?.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A clock of which the first guilds get ids of different milliseconds, and so different shards. */
function spread(): () => number {
  let asked = 0;
  return () => Date.now() + Math.min(asked++, 100);
}

function listen({ events }: DiscordStandIn, story: Story): void {
  events.on('interactionCreated', ({ id, name }) => story.tell(`person   ${name ?? 'pressed a button'}`, id));
  events.on('interactionAcknowledged', ({ id }) => story.tell('discord  was answered', id));
  events.on('interactionFailed', ({ id }) => story.tell('discord  "The application did not respond"', id));
  events.on('messageCreated', ({ id, content, attachments, interactionId }) =>
    story.tell(`discord  new message ${id}: ${brief(content)} (${attachments.length} files)`, interactionId),
  );
  events.on('messageUpdated', ({ id, content, attachments, interactionId }) =>
    story.tell(`discord  message ${id} now: ${brief(content)} (${attachments.length} files)`, interactionId),
  );
  events.on('request', ({ method, path, status, code }) =>
    story.tell(`discord  ${method} ${path} → ${status || 'cut'}${code ? ` (${code})` : ''}`),
  );
}

function brief(content: string): string {
  return JSON.stringify(content.slice(0, 160));
}
