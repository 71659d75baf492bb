import { type Question, readCommandLine, refuseWords } from '@easel/stand-in-kit/command-line';
import type { DiscordStandIn, DiscordStandInOptions } from './stand-in.js';

export const usage = `Usage: npm run playground:discord -- [--port PORT] [--seed N] [--message-content]

  --port PORT        where to listen (any free port)
  --seed N           makes the same token and ids again
  --message-content  the application's Message Content Intent is switched on
  --help             this text
  --version          its version`;

export type Flags = Pick<DiscordStandInOptions, 'port' | 'seed' | 'messageContent'>;

/** Reads the command line, and what npm kept of it in `env`. Throws an Error whose message is a sentence for the user who typed it. */
export function readFlags(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Flags | Question {
  const { values, positionals, question } = readCommandLine({
    argv,
    env,
    script: 'playground:discord',
    options: {
      port: { type: 'string' },
      seed: { type: 'string' },
      'message-content': { type: 'boolean' },
    },
  });
  if (question) return question;
  refuseWords(positionals);
  const port = wholeNumber(values.port ?? '0');
  if (port === undefined || port > 65_535)
    throw new Error(`--port must be a whole number from 0 (any free port) to 65535, not "${values.port}".`);
  const seed = values.seed === undefined ? undefined : wholeNumber(values.seed);
  if (values.seed !== undefined && seed === undefined)
    throw new Error(`--seed must be a whole number, not "${values.seed}".`);
  return {
    port,
    ...(seed === undefined ? {} : { seed }),
    messageContent: values['message-content'] ?? false,
  };
}

function wholeNumber(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** The lines that point a bot at the stand-in; a token that the environment already has is not repeated. */
export function instructions(
  { apiUrl, origin, token }: Pick<DiscordStandIn, 'apiUrl' | 'origin' | 'token'>,
  env: NodeJS.ProcessEnv,
): string {
  const settings = [`DISCORD_API_URL=${apiUrl}`, ...(env.DISCORD_TOKEN ? [] : [`DISCORD_TOKEN=${token}`])];
  const lines = settings.map((line) => `  ${line}`).join('\n');
  return `Discord stand-in at ${origin} (control: ${origin}/_control/)\nSet for npm start:\n${lines}\n`;
}
