import {
  type Environment,
  printedSettings,
  type Question,
  readNumber,
  readStandInFlags,
  UsageError,
} from '@easel/stand-in-kit/command-line';
import type { MpsStandIn } from './stand-in.js';

export const usage = `Usage: npm run playground:mps -- [--port PORT] [--speed N] [--seed N] [--cos URL]

  --port PORT  port to listen on (default: any free one)
  --speed N    how many times faster than in reality tasks run (default: 40, about 3 s for a picture)
  --seed N     generates the same keys, ids and pictures each time
  --cos URL    address of the bucket stand-in that stores results (npm run playground:cos)
  --help       prints this text
  --version    prints the version`;

export interface Flags {
  readonly port: number;
  /** How many times faster than MPS tasks run. */
  readonly speed: number;
  readonly seed?: number;
  /** URL of the bucket stand-in. */
  readonly cos?: string;
}

/**
 * Reads the command line, and the flags that npm kept in `env`.
 * @throws UsageError
 */
export function readFlags(argv: readonly string[], env: Environment = {}): Flags | Question {
  const flags = readStandInFlags({
    argv,
    env,
    script: 'playground:mps',
    options: { speed: { type: 'string' }, cos: { type: 'string' } },
  });
  if (typeof flags === 'string') return flags;
  const { values, ...common } = flags;
  const { cos } = values;
  const speed = readNumber('speed', values.speed ?? '40', 'a number above 0', (value) => value > 0);
  if (cos !== undefined && !/^http:\/\/(127\.0\.0\.1|localhost):\d+\/?$/.test(cos))
    throw new UsageError(`--cos must be the bucket's address, such as http://127.0.0.1:8082, not "${cos}".`);
  return { ...common, speed, ...(cos !== undefined && { cos: cos.replace(/\/$/, '') }) };
}

/** The lines that point a bot at the stand-in; keys that the environment already has are not repeated. */
export function instructions(
  { url, secretId, secretKey }: Pick<MpsStandIn, 'url' | 'secretId' | 'secretKey'>,
  env: Environment,
): string {
  return printedSettings('MPS', url, {
    MPS_ENDPOINT: url,
    ...(!env.TENCENTCLOUD_SECRET_ID && { TENCENTCLOUD_SECRET_ID: secretId }),
    ...(!env.TENCENTCLOUD_SECRET_KEY && { TENCENTCLOUD_SECRET_KEY: secretKey }),
  });
}
