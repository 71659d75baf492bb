import { unlistening } from '@easel/stand-in-kit';
import { versionOf } from '@easel/stand-in-kit/command-line';
import { type Flags, instructions, readFlags, usage } from './command-line.js';
import { NoBucket, openBucket } from './results/bucket-storage.js';
import { createMpsStandIn } from './stand-in.js';

/** sysexits.h: the command was used wrongly. */
const exUsage = 64;

/** @throws Error where the port is taken, or no bucket is where one was said to be. */
async function start({ seed, cos, ...flags }: Flags, env: NodeJS.ProcessEnv): Promise<void> {
  const standIn = await createMpsStandIn({
    ...flags,
    knobs: { clips: 'made' },
    ...(seed !== undefined && { seed }),
    ...(cos !== undefined && { cos: await openBucket(cos) }),
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
      const sentence =
        error instanceof NoBucket ? error.message : unlistening('The stand-in', error, flags.port);
      if (sentence === undefined) throw error;
      fail(1, sentence);
    });
} catch (error) {
  fail(exUsage, error instanceof Error ? error.message : String(error), usage);
}
