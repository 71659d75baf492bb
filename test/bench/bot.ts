import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** Easel as a process of its own, so that what it does and what the stand-ins do share no thread. */
export interface Bot {
  /** When the process was begun, by `performance.now()`. */
  readonly begunAt: number;
  /** Bytes in memory, now and at most so far; undefined where the system has no /proc. */
  memory(): Promise<{ readonly now: number; readonly peak: number } | undefined>;
  /** Ends it as an operator does, and waits until it is gone. */
  stop(): Promise<void>;
}

export interface BotOptions {
  readonly env: Readonly<Record<string, string>>;
  /** A folder for CPU profiles of the process, if wanted. */
  readonly profiles?: string | undefined;
}

/** main.ts as `npm run build:bench` compiled it, seen from this file compiled beside it. */
const entry = fileURLToPath(new URL('../../src/main.js', import.meta.url));

/** Starts the bot. Its errors appear on stderr; it never outlives this process. */
export function startBot({ env, profiles }: BotOptions): Bot {
  const flags = profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profiles}`];
  const begunAt = performance.now();
  const child = spawn(process.execPath, [...flags, '--enable-source-maps', entry], {
    env: { PATH: process.env.PATH ?? '', LOG_LEVEL: 'error', ...env },
    stdio: ['ignore', 2, 2],
  });
  const kill = (): boolean => child.kill('SIGKILL');
  process.once('exit', kill);
  return {
    begunAt,
    memory: () => memoryOf(child),
    async stop() {
      if (child.exitCode !== null) throw new Error(`the bot ended by itself, with code ${child.exitCode}`);
      child.kill('SIGTERM');
      await once(child, 'exit');
      process.off('exit', kill);
    },
  };
}

async function memoryOf({ pid }: ChildProcess) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const read = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) * 1024;
  return status ? { now: read('VmRSS'), peak: read('VmHWM') } : undefined;
}
