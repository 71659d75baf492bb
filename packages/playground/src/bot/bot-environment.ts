import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';

type Environment = Readonly<Record<string, string | undefined>>;

export interface StandIns {
  readonly discord: { readonly apiUrl: string; readonly token: string };
  readonly mps: { readonly url: string; readonly secretId: string; readonly secretKey: string };
  readonly cos?: { readonly url: string; readonly bucket: string; readonly region: string } | undefined;
}

export interface Chosen {
  readonly storeUrl: string;
  readonly speed: number;
  /** The address of the bot's health port. */
  readonly healthPort: number;
}

const ofTheRealWorld = [
  ...['SHARDS', 'SHARD_IDS', 'SHARD_COUNT', 'SOURCE_HOST', 'COS_BUCKET', 'COS_REGION', 'COS_OUTPUT_DIR'],
  ...['COS_ENDPOINT', 'OPERATOR_CHANNEL_ID', 'HEALTH_HOST'],
] as const;

/**
 * The bot's environment: the user's own, with keys and addresses of the stand-ins. Variables set here win over a `.env`
 * file, so that real keys in one stay out; an empty value means unset.
 */
export function botEnvironment(
  outside: Environment,
  { discord, mps, cos }: StandIns,
  { storeUrl, speed, healthPort }: Chosen,
): Record<string, string> {
  const chosen = {
    STORE_URL: outside.STORE_URL || storeUrl,
    POLL_INTERVAL_MS: outside.POLL_INTERVAL_MS || String(pollInterval(speed)),
  };
  const given = {
    DISCORD_TOKEN: discord.token,
    DISCORD_API_URL: discord.apiUrl,
    MPS_ENDPOINT: mps.url,
    TENCENTCLOUD_SECRET_ID: mps.secretId,
    TENCENTCLOUD_SECRET_KEY: mps.secretKey,
    TENCENTCLOUD_SESSION_TOKEN: '',
    // Variables of the real services in a `.env` file: buckets, channels, a shard range.
    ...Object.fromEntries(ofTheRealWorld.map((name) => [name, ''])),
    ...(cos && { COS_BUCKET: cos.bucket, COS_REGION: cos.region, COS_ENDPOINT: cos.url }),
    HEALTH_PORT: String(healthPort),
    // The health port then serves every task to the page.
    PLAYGROUND: '1',
    // Flags for the user's own Node (an inspector, a loader) are not meant for the bot.
    NODE_OPTIONS: '',
  };
  const kept = Object.entries(outside).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  return { ...Object.fromEntries(kept), ...chosen, ...given };
}

/**
 * Whether the application has the Message Content Intent switched on: unless MESSAGE_CONTENT_INTENT, outside or else in the
 * `.env` file here, is false.
 */
export function grantsContent(outside: Environment, folder = '.'): boolean {
  const wanted = outside.MESSAGE_CONTENT_INTENT || dotEnv(folder).MESSAGE_CONTENT_INTENT;
  return !/^\s*(false|0|no|off)\s*$/i.test(wanted ?? '');
}

function dotEnv(folder: string): Environment {
  try {
    return parseEnv(readFileSync(join(folder, '.env'), 'utf8'));
  } catch {
    // It is optional; the bot itself reports what is wrong with it.
    return {};
  }
}

/** ms between two polls of a task, in proportion to its duration; 5 s in reality. */
function pollInterval(speed: number): number {
  return Math.round(Math.min(5000, Math.max(50, 20_000 / speed)));
}
