import { argv, env } from 'node:process';
import { readCommandLine, UsageError, usage } from './cli/command-line.js';

/** sysexits.h: wrong usage. */
const wrongUsage = 64;

// Easel's files hold tokens and prompts: no other user of this machine may read them.
process.umask(0o077);

/** Each part is loaded by now, not before: the bot is large, and a mistyped word is answered at once. */
async function main(): Promise<void> {
  const wanted = readCommandLine(argv.slice(2), env);
  switch (wanted.command) {
    case 'help':
      process.stdout.write(`${usage}\n`);
      return;
    case 'version': {
      const { version } = await import('./util/http.js');
      process.stdout.write(`easel ${version}\n`);
      return;
    }
    case 'doctor': {
      const { consult } = await import('./cli/doctor.js');
      return consult(wanted);
    }
    case 'backup': {
      const { backupTo } = await import('./cli/backup.js');
      return backupTo(wanted.file);
    }
    case 'store:copy': {
      const { copyAtDesk } = await import('./cli/store-copy.js');
      process.exitCode = await copyAtDesk(wanted.from, wanted.to, wanted.dryRun);
      return;
    }
    case 'register': {
      const { run } = await import('./cli/start.js');
      return run(wanted.remove ? 'unregister' : 'register', wanted.guildId);
    }
    case 'start': {
      const { run } = await import('./cli/start.js');
      return run('start');
    }
  }
}

try {
  await main();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n\n${usage}\n`);
  process.exitCode = wrongUsage;
}
