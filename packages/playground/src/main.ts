import { versionOf } from '@easel/stand-in-kit/command-line';
import { PlaygroundError, readArguments, UsageError, usage } from './command-line.js';

/** sysexits.h: the command was used wrongly. */
const exUsage = 64;

async function main(): Promise<number> {
  // The bot's database and log are among the written files.
  process.umask(0o077);
  const options = readArguments(process.argv.slice(2), process.env);
  if (options === 'help') {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  if (options === 'version') {
    process.stdout.write(`${versionOf(import.meta.url)}\n`);
    return 0;
  }
  const stopRequested = untilStopRequested();
  // Loaded only now: the stand-ins are large, and a mistyped flag should be reported at once.
  const { play } = await import('./run.js');
  return play(options, stopRequested);
}

/** Resolves with an exit code on a signal, or when the parent process is gone. */
function untilStopRequested(): Promise<number> {
  return new Promise((resolve) => {
    let isStopping = false;
    const tell = (code: number): void => {
      // A second signal exits at once; the bot does not outlive this process.
      if (isStopping) process.exit(code);
      isStopping = true;
      resolve(code);
    };
    for (const [signal, number] of Object.entries({ SIGHUP: 1, SIGINT: 2, SIGTERM: 15 }))
      process.on(signal, () => tell(128 + number));
    // npm passes a signal on to its shell, which exits without forwarding it.
    const parent = process.ppid;
    if (process.env.npm_lifecycle_event)
      setInterval(() => process.ppid !== parent && tell(128 + 15), 500).unref();
  });
}

/** Reports what went wrong; returns the exit code. */
function explain(error: unknown): number {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\nAll flags: npm run playground -- --help\n`);
    return exUsage;
  }
  const defect = error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${error instanceof PlaygroundError ? error.message : defect}\n`);
  return 1;
}

main()
  .catch(explain)
  .then((code) => process.exit(code));
