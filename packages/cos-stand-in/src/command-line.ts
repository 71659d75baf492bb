import {
  type Environment,
  printedSettings,
  type Question,
  readStandInFlags,
  UsageError,
} from '@easel/stand-in-kit/command-line';
import type { CosStandIn } from './stand-in.js';

export const usage = `Usage: npm run playground:cos -- [--port PORT] [--bucket NAME] [--region REGION] [--seed N]

  --port PORT      port to listen on (default: any free one)
  --bucket NAME    the bucket's name with its APPID (default: easel-1250000000)
  --region REGION  its region (default: ap-guangzhou)
  --seed N         generates the same keys each time
  --help           prints this text
  --version        prints the version`;

export interface Flags {
  readonly port: number;
  readonly bucket?: string;
  readonly region?: string;
  readonly seed?: number;
}

/**
 * Reads the command line, and the flags that npm kept in `env`.
 * @throws UsageError
 */
export function readFlags(argv: readonly string[], env: Environment = {}): Flags | Question {
  const flags = readStandInFlags({
    argv,
    env,
    script: 'playground:cos',
    options: { bucket: { type: 'string' }, region: { type: 'string' } },
  });
  if (typeof flags === 'string') return flags;
  const { values, ...common } = flags;
  const { bucket, region } = values;
  if (bucket !== undefined && !/^[a-z0-9][a-z0-9-]{0,49}-\d{5,}$/.test(bucket))
    throw new UsageError(`--bucket must be a name such as easel-1250000000, not "${bucket}".`);
  if (region !== undefined && !/^[a-z]+(-[a-z0-9]+)+$/.test(region))
    throw new UsageError(`--region must be a region such as ap-guangzhou, not "${region}".`);
  return { ...common, ...(bucket !== undefined && { bucket }), ...(region !== undefined && { region }) };
}

/** The lines that point a bot at the stand-in; keys that the environment already has are not repeated. */
export function instructions(
  standIn: Pick<CosStandIn, 'url' | 'bucket' | 'region' | 'secretId' | 'secretKey'>,
  env: Environment,
): string {
  return printedSettings('COS', standIn.url, {
    COS_BUCKET: standIn.bucket,
    COS_REGION: standIn.region,
    COS_ENDPOINT: standIn.url,
    ...(!env.TENCENTCLOUD_SECRET_ID && { TENCENTCLOUD_SECRET_ID: standIn.secretId }),
    ...(!env.TENCENTCLOUD_SECRET_KEY && { TENCENTCLOUD_SECRET_KEY: standIn.secretKey }),
  });
}
