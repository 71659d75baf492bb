import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** A separate process, so that the bot and the stand-ins share no thread. */
export interface Bot {
  /** The process's start, by `performance.now()`. */
  readonly begunAt: number;
  /** Its id, by which its children are found. */
  readonly pid: number | undefined;
  /** Bytes in memory, now and at most so far; undefined if the system has no /proc. */
  memory(): Promise<{ readonly now: number; readonly peak: number } | undefined>;
  /** ms of CPU it has used; undefined if the system has no /proc, and once it is gone. */
  cpuMs(): Promise<number | undefined>;
  /** Ends it as a crash does, and waits until it is gone. */
  kill(): Promise<void>;
  /** Ends it as an operator does, and waits until it is gone; once is enough. */
  stop(): Promise<void>;
  /** Resolves when it has ended by itself, as it should. */
  readonly ended: Promise<void>;
}

type Environment = Readonly<Record<string, string>>;

export interface BotOptions {
  readonly env: Environment;
  /** A folder for CPU profiles of the process, if wanted. */
  readonly profiles?: string | undefined;
}

/** Easel itself: main.ts as `npm run build:bench` compiled it. Its errors appear on stderr; it never outlives this process. */
export function startBot({ env, profiles }: BotOptions): Bot {
  const flags = profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${resolve(profiles)}`];
  return start('../../src/main.js', { LOG_LEVEL: 'error', ...env }, { flags });
}

/** Registers Easel's commands, as `npm run register` does. */
export function register(env: Environment): Promise<void> {
  return start('../../src/main.js', env, { args: ['register'] }).ended;
}

/** The least that can acknowledge commands: bare-bot.ts. */
export function startBareBot(env: Environment): Bot {
  return start('./bare-bot.js', env);
}

/** The guide's sample made a bot in the fewest steps: least-bot.ts. */
export function startLeastBot(env: Environment): Bot {
  return start('./least-bot.js', env);
}

/** The guide's sample with Easel's own client: sample.ts; or as the guide prints it: printed-sample.ts. */
export function startSample(
  env: Environment,
  args: readonly string[],
  which: 'sample' | 'printed-sample' = 'sample',
): Bot {
  return start(`./${which}.js`, env, { args });
}

/** Only the create step of Easel: doubt/creator.ts. */
export function startCreator(env: Environment, args: readonly string[]): Pick<Bot, 'kill' | 'ended'> {
  return start('./doubt/creator.js', env, { args });
}

/** Tasks through their lives, without a network: memory/soak.ts. What it prints. */
export function runSoak(count: number): Promise<string> {
  const entry = fileURLToPath(new URL('./memory/soak.js', import.meta.url));
  return promisify(execFile)(process.execPath, [entry, String(count)]).then(({ stdout }) => stdout);
}

/** One of several processes that share MPS's rates: fleet-share/sender.ts. */
export function startSender(env: Environment, args: readonly string[]): Pick<Bot, 'ended'> {
  return start('./fleet-share/sender.js', env, { args });
}

interface ProcessOptions {
  readonly flags?: readonly string[];
  readonly args?: readonly string[];
}

const leash = new URL('../support/leash.js', import.meta.url).href;

/** @param file beside this one, compiled. */
function start(file: string, env: Environment, { flags = [], args = [] }: ProcessOptions = {}): Bot {
  const begunAt = performance.now();
  const entry = fileURLToPath(new URL(file, import.meta.url));
  const held = [...flags, '--enable-source-maps', '--import', leash];
  // Here a `.env` of a developer's would be read, and measured.
  const folder = mkdtempSync(join(tmpdir(), 'easel-bot-'));
  const child = spawn(process.execPath, [...held, entry, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', ...env },
    // The first one is the leash: nothing is sent over it.
    stdio: ['pipe', 2, 2],
  });
  const kill = (): boolean => child.kill('SIGKILL');
  process.once('exit', kill);
  let stopping = false;
  const exit = once(child, 'exit').finally(() => {
    process.off('exit', kill);
    rmSync(folder, { recursive: true, force: true });
  });
  const ended = exit.then(() => {
    if (!stopping && child.exitCode !== 0) throw new Error(`${file} ended with code ${child.exitCode}`);
  });
  // Errors are reported there when it is stopped.
  ended.catch(() => {});
  return {
    begunAt,
    pid: child.pid,
    memory: () => memoryOf(child),
    cpuMs: () => cpuOf(child),
    async kill() {
      stopping = true;
      kill();
      await exit;
    },
    async stop() {
      if (!stopping && child.exitCode !== null)
        throw new Error(`${file} ended by itself, with code ${child.exitCode}`);
      stopping = true;
      child.kill('SIGTERM');
      await exit;
    },
    ended,
  };
}

/** Linux counts CPU in hundredths of a second, after the name in brackets: fields 14 and 15 (proc(5)). */
async function cpuOf({ pid }: ChildProcess): Promise<number | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return stat ? (Number(fields[11]) + Number(fields[12])) * 10 : undefined;
}

async function memoryOf({ pid }: ChildProcess) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const read = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) * 1024;
  return status ? { now: read('VmRSS'), peak: read('VmHWM') } : undefined;
}
