// Counts long functions: `node tools/check-functions.mjs [directory]` lists those over 40 lines, and ends 1 if there are
// more than 20. biome.json forbids those over 60. Biome counts here too, by tools/function-length.json.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { argv, execPath, exit } from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The most functions that may be long: few enough that each has its reason. */
export const mostLong = 20;

const folders = ['src', 'commands', 'packages', 'tools'];
const rule = 'complexity/noExcessiveLinesPerFunction';
const configuration = fileURLToPath(new URL('function-length.json', import.meta.url));

/**
 * Functions over 40 lines in `directory` outside its tests, blank lines not counted, the longest first.
 * @param {string} directory
 * @returns {{ place: string, lines: number }[]}
 */
export function longFunctions(directory) {
  const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome');
  const flags = [
    `--config-path=${configuration}`,
    `--only=${rule}`,
    '--reporter=json',
    '--max-diagnostics=none',
  ];
  const args = [biome, 'lint', ...flags, ...folders.filter((folder) => existsSync(join(directory, folder)))];
  const { stdout, stderr } = spawnSync(execPath, args, {
    cwd: directory,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (!stdout.startsWith('{')) throw new Error(`biome could not count: ${stderr}`);
  /** @type {{ diagnostics: { category: string, message: string, location: { path: string, start: { line: number } } }[] }} */
  const { diagnostics } = JSON.parse(stdout);
  return diagnostics
    .filter(({ category }) => category === `lint/${rule}`)
    .map(({ message, location: { path, start } }) => ({
      place: `${path}:${start.line}`,
      lines: Number(/\((\d+)\)/.exec(message)?.[1]),
    }))
    .sort((one, other) => other.lines - one.lines);
}

if (import.meta.url === pathToFileURL(argv[1] ?? '').href) {
  const long = longFunctions(resolve(argv[2] ?? '.'));
  const isBad = long.length > mostLong;
  for (const { place, lines } of isBad ? long : []) console.error(`${place}: ${lines} lines`);
  console.log(`functions: over 40 lines ${long.length}, allowed ${mostLong}`);
  exit(isBad ? 1 : 0);
}
