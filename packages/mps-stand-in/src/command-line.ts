import { type Question, readCommandLine, refuseWords } from '@easel/stand-in-kit/command-line';
import type { MpsStandIn } from './stand-in.js';

export const usage = `Usage: npm run playground:mps -- [--port PORT] [--speed N] [--seed N] [--cos URL]

  --port PORT  where to listen (any free port)
  --speed N    how much faster than life pictures are made (40: about 3 s each)
  --seed N     makes the same keys, ids and pictures again
  --cos URL    the bucket stand-in to store results in (npm run playground:cos)
  --help       this text
  --version    its version`;

export interface Flags {
  readonly port: number;
  readonly speed: number;
  readonly seed: number | undefined;
  /** Where a bucket's stand-in is. */
  readonly cos?: string;
}

/** Reads the command line, and what npm kept of it in `env`. Throws an Error whose message is a sentence for the user who typed it. */
export function readFlags(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Flags | Question {
  const { values, positionals, question } = readCommandLine({
    argv,
    env,
    script: 'playground:mps',
    options: {
      port: { type: 'string' },
      speed: { type: 'string' },
      seed: { type: 'string' },
      cos: { type: 'string' },
    },
  });
  if (question) return question;
  refuseWords(positionals);
  const port = number(
    'port',
    values.port ?? '0',
    (value) => Number.isInteger(value) && value >= 0 && value < 65_536,
  );
  const speed = number('speed', values.speed ?? '40', (value) => value > 0 && Number.isFinite(value));
  const seed =
    values.seed === undefined
      ? undefined
      : number('seed', values.seed, (value) => Number.isSafeInteger(value));
  if (values.cos !== undefined && !/^http:\/\/(127\.0\.0\.1|localhost):\d+\/?$/.test(values.cos))
    throw new Error(`--cos must be where the bucket is, such as http://127.0.0.1:8082, not "${values.cos}".`);
  return { port, speed, seed, ...(values.cos !== undefined && { cos: values.cos.replace(/\/$/, '') }) };
}

const expected: Readonly<Record<string, string>> = {
  port: 'a whole number from 0 (any free port) to 65535',
  speed: 'a number above 0',
  seed: 'a whole number',
};

function number(name: string, text: string, isFine: (value: number) => boolean): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (isFine(value)) return value;
  throw new Error(`--${name} must be ${expected[name]}, not "${text}".`);
}

/** The lines that point a bot at the stand-in; keys the environment already has are not repeated. */
export function instructions(
  standIn: Pick<MpsStandIn, 'url' | 'secretId' | 'secretKey'>,
  env: NodeJS.ProcessEnv,
): string {
  const keys = { TENCENTCLOUD_SECRET_ID: standIn.secretId, TENCENTCLOUD_SECRET_KEY: standIn.secretKey };
  const made = Object.entries(keys).filter(([name]) => !env[name]);
  const settings = [['MPS_ENDPOINT', standIn.url], ...made].map(([name, value]) => `  ${name}=${value}`);
  return `MPS stand-in at ${standIn.url} (control: ${standIn.url}/_control/)\nSet for npm start:\n${settings.join('\n')}\n`;
}
