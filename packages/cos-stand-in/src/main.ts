import { unlistening } from '@easel/stand-in-kit';
import { versionOf } from '@easel/stand-in-kit/command-line';
import { type Flags, instructions, readFlags, usage } from './command-line.js';
import { createCosStandIn } from './index.js';

/** sysexits.h: the command was used wrongly. */
const exUsage = 64;

/** @throws Error where the port is taken. */
async function start(flags: Flags, env: NodeJS.ProcessEnv): Promise<void> {
  const standIn = await createCosStandIn({
    ...flags,
    ...(env.TENCENTCLOUD_SECRET_ID && { secretId: env.TENCENTCLOUD_SECRET_ID }),
    ...(env.TENCENTCLOUD_SECRET_KEY && { secretKey: env.TENCENTCLOUD_SECRET_KEY }),
    ...(env.TENCENTCLOUD_SESSION_TOKEN && { token: env.TENCENTCLOUD_SESSION_TOKEN }),
  });
  process.stdout.write(instructions(standIn, env));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void standIn.close());
}

function fail(exitCode: number, ...lines: string[]): void {
  process.stderr.write(`${lines.join('\n')}\n`);
  process.exitCode = exitCode;
}

try {
  const flags = readFlags(process.argv.slice(2), process.env);
  if (flags === 'help') process.stdout.write(`${usage}\n`);
  else if (flags === 'version') process.stdout.write(`${versionOf(import.meta.url)}\n`);
  else
    start(flags, process.env).catch((error: unknown) => {
      const sentence = unlistening('The stand-in', error, flags.port ?? 0);
      if (sentence === undefined) throw error;
      fail(1, sentence);
    });
} catch (error) {
  fail(exUsage, error instanceof Error ? error.message : String(error), usage);
}
