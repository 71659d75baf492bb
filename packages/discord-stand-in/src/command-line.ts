import {
  type Environment,
  printedSettings,
  type Question,
  readStandInFlags,
} from '@easel/stand-in-kit/command-line';
import type { DiscordStandIn } from './stand-in.js';

export const usage = `Usage: npm run playground:discord -- [--port PORT] [--seed N] [--message-content]

  --port PORT        port to listen on (default: any free one)
  --seed N           generates the same token and ids each time
  --message-content  switches the application's Message Content Intent on
  --help             prints this text
  --version          prints the version`;

export interface Flags {
  readonly port: number;
  readonly seed?: number;
  readonly messageContent: boolean;
}

/**
 * Reads the command line, and the flags that npm kept in `env`.
 * @throws UsageError
 */
export function readFlags(argv: readonly string[], env: Environment = {}): Flags | Question {
  const flags = readStandInFlags({
    argv,
    env,
    script: 'playground:discord',
    options: { 'message-content': { type: 'boolean' } },
  });
  if (typeof flags === 'string') return flags;
  const { values, ...common } = flags;
  return { ...common, messageContent: values['message-content'] ?? false };
}

/** The lines that point a bot at the stand-in; a token that the environment already has is not repeated. */
export function instructions(
  { apiUrl, origin, token }: Pick<DiscordStandIn, 'apiUrl' | 'origin' | 'token'>,
  env: Environment,
): string {
  return printedSettings('Discord', origin, {
    DISCORD_API_URL: apiUrl,
    ...(!env.DISCORD_TOKEN && { DISCORD_TOKEN: token }),
  });
}
