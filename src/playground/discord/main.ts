import { type Flags, instructions, readFlags, usage } from './flags.js';
import { createDiscordStandIn } from './index.js';

/** sysexits.h: the command was used wrongly. */
const exUsage = 64;

/** @throws Error where the port is taken. */
async function start(flags: Flags, env: NodeJS.ProcessEnv): Promise<void> {
  const standIn = await createDiscordStandIn({
    ...flags,
    ...(env.DISCORD_TOKEN ? { token: env.DISCORD_TOKEN } : {}),
  });
  process.stdout.write(instructions(standIn, env));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void standIn.close());
}

function fail(exitCode: number, ...lines: string[]): void {
  process.stderr.write(`${lines.join('\n')}\n`);
  process.exitCode = exitCode;
}

try {
  const flags = readFlags(process.argv.slice(2));
  if (flags === 'help') process.stdout.write(`${usage}\n`);
  else
    start(flags, process.env).catch((error: unknown) => {
      fail(
        1,
        `The stand-in cannot listen on port ${flags.port}: ${String(error)}. Choose another with --port.`,
      );
    });
} catch (error) {
  fail(exUsage, error instanceof Error ? error.message : String(error), usage);
}
