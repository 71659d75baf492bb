import { type Question, readCommandLine, refuseWords } from '@easel/stand-in-kit/command-line';
import type { CosStandIn, CosStandInOptions } from './stand-in.js';

export const usage = `Usage: npm run playground:cos -- [--port PORT] [--bucket NAME] [--region REGION] [--seed N]

  --port PORT      where to listen (any free port)
  --bucket NAME    the bucket's name, with the account's number (easel-1250000000)
  --region REGION  its region (ap-guangzhou)
  --seed N         makes the same keys again
  --help           this text
  --version        its version`;

export type Flags = Pick<CosStandInOptions, 'port' | 'bucket' | 'region' | 'seed'>;

/** Reads the command line, and what npm kept of it in `env`. Throws an Error whose message is a sentence for the user who typed it. */
export function readFlags(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Flags | Question {
  const { values, positionals, question } = readCommandLine({
    argv,
    env,
    script: 'playground:cos',
    options: {
      port: { type: 'string' },
      bucket: { type: 'string' },
      region: { type: 'string' },
      seed: { type: 'string' },
    },
  });
  if (question) return question;
  refuseWords(positionals);
  const { bucket, region } = values;
  const port = wholeNumber(values.port ?? '0');
  if (port === undefined || port > 65_535)
    throw new Error(`--port must be a whole number from 0 (any free port) to 65535, not "${values.port}".`);
  const seed = values.seed === undefined ? undefined : wholeNumber(values.seed);
  if (values.seed !== undefined && seed === undefined)
    throw new Error(`--seed must be a whole number, not "${values.seed}".`);
  if (bucket !== undefined && !/^[a-z0-9][a-z0-9-]{0,49}-\d{5,}$/.test(bucket))
    throw new Error(`--bucket must be a name such as easel-1250000000, not "${bucket}".`);
  if (region !== undefined && !/^[a-z]+(-[a-z0-9]+)+$/.test(region))
    throw new Error(`--region must be a region such as ap-guangzhou, not "${region}".`);
  return {
    port,
    ...(bucket !== undefined && { bucket }),
    ...(region !== undefined && { region }),
    ...(seed !== undefined && { seed }),
  };
}

function wholeNumber(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** The lines that point a bot at the stand-in; keys the environment already has are not repeated. */
export function instructions(
  standIn: Pick<CosStandIn, 'url' | 'bucket' | 'region' | 'secretId' | 'secretKey'>,
  env: NodeJS.ProcessEnv,
): string {
  const { url, bucket, region, secretId, secretKey } = standIn;
  const keys = { TENCENTCLOUD_SECRET_ID: secretId, TENCENTCLOUD_SECRET_KEY: secretKey };
  const settings = {
    COS_BUCKET: bucket,
    COS_REGION: region,
    COS_ENDPOINT: url,
    ...Object.fromEntries(Object.entries(keys).filter(([name]) => !env[name])),
  };
  const lines = Object.entries(settings).map(([name, value]) => `  ${name}=${value}\n`);
  return `COS stand-in at ${url} (control: ${url}/_control/)\nSet for npm start:\n${lines.join('')}`;
}
