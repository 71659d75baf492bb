import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { type Compiled, compile } from '../support/compiled.js';
import { standInEnvironment } from '../support/stand-in-environment.js';
import { createWorld, type World } from './world.js';

/** Begins a process that is number 1 in a namespace of its own, as in a container; --kill-child: it ends with its parent. */
export const unshare = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child'];
/** Whether this machine lets a test do so. */
export const hasNamespaces = spawnSync(unshare[0] ?? '', [...unshare.slice(1), 'true']).status === 0;

/** A process of `npm start`. */
export interface Run {
  readonly child: ChildProcess;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
  said(): string;
}

/** Stand-ins without a bot for each test, and a function that starts processes of Easel on one SQLite file. */
export function startedProcesses() {
  let easel: Compiled;
  let folder: string;
  let world: World;
  let runs: Run[];
  beforeAll(async () => {
    easel = await compile();
  });
  afterAll(() => easel[Symbol.asyncDispose]());
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'easel-one-'));
    world = await createWorld({ idle: true, mps: { durations: { image: [2, 2] } } });
    runs = [];
  });
  afterEach(async () => {
    for (const { child } of runs) child.kill('SIGKILL');
    await Promise.all(runs.map(({ ended }) => ended));
    await world.close();
    await rm(folder, { recursive: true });
  });

  return {
    world: () => world,
    folder: () => folder,
    compiled: () => easel,
    /**
     * @param around a command that wraps the process, such as `unshare`.
     * @param main the program, unless it is the compiled one.
     */
    start(
      env: Readonly<Record<string, string>> = {},
      around: readonly string[] = [],
      main = easel.entry('main.js'),
    ): Run {
      const [command = '', ...args] = [...around, process.execPath, main];
      const { discord, mps } = world;
      const child = spawn(command, args, {
        cwd: easel.folder,
        env: {
          PATH: process.env.PATH,
          ...standInEnvironment({ discord, mps }),
          STORE_URL: `sqlite://${join(folder, 'data/easel.sqlite')}`,
          POLL_INTERVAL_MS: '50',
          SPOOL_DIR: join(folder, 'spool'),
          ...env,
        },
      });
      let said = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk: Buffer) => {
          said += chunk.toString();
        });
      const ended = once(child, 'close').then(
        ([code, signal]: (number | NodeJS.Signals | null)[]) => code ?? signal ?? null,
      );
      const run: Run = { child, ended, said: () => said };
      runs.push(run);
      return run;
    },
  };
}
