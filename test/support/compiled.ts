import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '../..');

/** Easel as `npm start` runs it, in a folder of its own. */
export interface Compiled {
  readonly folder: string;
  /** A program's file: `main.js`. */
  entry(program: string): string;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Compiles Easel, which takes some seconds; into a separate folder, since other tests run the files in dist.
 * @param project the part to compile: for tsconfig.bench.json with the chaos bot, `dist/test/chaos/bot.js`.
 */
export async function compile(project = 'tsconfig.build.json'): Promise<Compiled> {
  const folder = await mkdtemp(join(tmpdir(), 'easel-compiled-'));
  for (const name of ['node_modules', 'package.json']) await symlink(join(root, name), join(folder, name));
  const flags = [
    '-p',
    project,
    '--outDir',
    join(folder, 'dist'),
    '--incremental',
    'false',
    '--tsBuildInfoFile',
    'null',
  ];
  await run([join(root, 'node_modules/typescript/bin/tsc'), ...flags]);
  return {
    folder,
    entry: (program) => join(folder, 'dist/src', program),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

/** Builds parts in place, which is fast if nothing has changed. */
export function build(...parts: readonly ('bot' | 'packages')[]): Promise<void> {
  return run([join(root, 'tools/build.mjs'), ...parts]);
}

/** The program of a package, once it is built. */
export function packageEntry(name: string): string {
  return join(root, 'packages', name, 'dist/main.js');
}

async function run(words: readonly string[]): Promise<void> {
  await promisify(execFile)(process.execPath, words, { cwd: root }).catch(
    (error: { stdout?: string; stderr?: string }) => {
      // Type errors are another check's business; the output is written all the same.
      if (!`${error.stdout}${error.stderr}`.includes('error TS')) throw error;
    },
  );
}
