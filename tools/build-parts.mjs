// The parts that tools/build.mjs builds.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {object} Part
 * @property {string} title what it is called in messages
 * @property {readonly string[]} command arguments for Node
 * @property {readonly string[]} sources folders
 * @property {readonly string[]} settings files that decide how everything is built
 * @property {readonly string[]} output folders that hold nothing else
 * @property {string} [apart] a folder inside `output` that another part writes
 * @property {boolean} isIncremental true if the compiler compares contents itself; `tsc -b` compares times
 */

const tsc = 'node_modules/typescript/bin/tsc';
const page = 'packages/playground/dist/web';

/** What decides about every part. npm writes the last one: it lists what is installed. */
export const common = [
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'node_modules/.package-lock.json',
];

/**
 * @param {string} root
 * @returns {Record<string, Part>}
 */
export function partsOf(root) {
  const folder = join(root, 'packages');
  const names = existsSync(folder)
    ? readdirSync(folder).filter((name) => existsSync(join(folder, name, 'package.json')))
    : [];
  /** @param {string} path */
  const each = (path) => names.map((name) => `packages/${name}/${path}`);
  return {
    bot: {
      title: 'Easel',
      command: [tsc, '-p', 'tsconfig.build.json'],
      sources: ['src', 'commands'],
      settings: ['tsconfig.build.json'],
      output: ['dist'],
      isIncremental: true,
    },
    packages: {
      title: 'the stand-ins',
      command: [tsc, '-b', 'packages/playground'],
      sources: each('src'),
      settings: ['packages/tsconfig.json', ...each('package.json'), ...each('tsconfig.json')],
      output: each('dist'),
      apart: page,
      isIncremental: false,
    },
    page: {
      title: 'the page',
      command: ['packages/playground/build.mjs'],
      sources: ['packages/playground/web', ...each('src')],
      settings: ['packages/playground/build.mjs', ...each('package.json')],
      output: [page],
      isIncremental: false,
    },
    bench: {
      title: 'the benchmarks',
      command: [tsc, '-p', 'tsconfig.bench.json'],
      sources: ['src', 'commands', 'test/bench', 'test/chaos', 'test/stress', 'test/support', ...each('src')],
      settings: ['tsconfig.build.json', 'tsconfig.bench.json', ...each('package.json')],
      output: ['dist-bench'],
      isIncremental: true,
    },
  };
}
