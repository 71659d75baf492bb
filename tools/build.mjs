// Builds what a script is about to run: `node tools/build.mjs PART…` with those of build-parts.mjs. A part is built only if the
// content of its sources, its settings or its output differs from the last build, so a second start builds nothing.
// Reports on stderr what it does, because stdout belongs to the program that starts next. Exits as the compiler does.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, posix } from 'node:path';
import { argv, cwd, execPath, exit, kill, pid, stderr } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { common, partsOf } from './build-parts.mjs';

/** @typedef {import('./build-parts.mjs').Part} Part */
/** @typedef {Record<string, string>} Hashes by file */
/** @typedef {{ settings: Hashes, sources: Hashes, output: Hashes }} Build */

const tools = dirname(fileURLToPath(import.meta.url));

/** @param {string} file */
const hashOf = (file) => createHash('sha256').update(readFileSync(file)).digest('base64');

/**
 * @param {string} root
 * @param {readonly string[]} files those that don't exist are left out
 * @returns {Hashes}
 */
function hashFiles(root, files) {
  const present = files.filter((file) => existsSync(join(root, file)));
  return Object.fromEntries(present.map((file) => [file, hashOf(join(root, file))]));
}

/**
 * The files below a folder, sorted; not the notes of this program, nor what is in `apart`.
 * @param {string} root
 * @param {string} folder
 * @param {string} [apart]
 * @returns {string[]}
 */
function filesIn(root, folder, apart) {
  if (!existsSync(join(root, folder)) || folder === apart) return [];
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  return entries
    .filter(({ name }) => !name.startsWith('.build-'))
    .flatMap((entry) => {
      const path = posix.join(folder, entry.name);
      return entry.isDirectory() ? filesIn(root, path, apart) : [path];
    })
    .sort();
}

/**
 * @param {string} root
 * @param {Part} part
 */
const outputOf = (root, { output, apart }) => output.flatMap((folder) => filesIn(root, folder, apart));

/**
 * @param {string} root
 * @param {Part} part
 */
function readInputs(root, part) {
  const sources = part.sources.flatMap((folder) => filesIn(root, folder));
  return {
    settings: {
      ...hashFiles(root, [...common, ...part.settings]),
      ...hashFiles(tools, ['build.mjs', 'build-parts.mjs']),
    },
    sources: hashFiles(root, sources),
  };
}

/**
 * @param {Hashes} one
 * @param {Hashes} other
 */
function isSame(one, other) {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}

/**
 * @param {string} file
 * @returns {Build | undefined} undefined if nothing was built, or the last build failed
 */
function readNote(file) {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * How much has to be built. Everything, if the compiler could trust something that is no longer so: files of deleted
 * sources would stay, and missing output would not be written again.
 * @param {Part} part
 * @param {Build | undefined} last
 * @param {Build} now
 * @returns {'nothing' | 'changes' | 'everything'}
 */
export function extentOf(part, last, now) {
  if (!last || !isSame(last.settings, now.settings) || !isSame(last.output, now.output)) return 'everything';
  if (isSame(last.sources, now.sources)) return 'nothing';
  const hasLost = Object.keys(last.sources).some((name) => !(name in now.sources));
  return part.isIncremental && !hasLost ? 'changes' : 'everything';
}

/** @param {number} process */
function isRunning(process) {
  try {
    return kill(process, 0);
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/**
 * Lets one process at a time build a part: two would delete each other's output. The lock of a process that is gone counts
 * for nothing.
 * @param {string} file
 * @param {() => number} work
 */
async function alone(file, work) {
  for (let hasSaid = false; ; ) {
    try {
      writeFileSync(file, `${pid}`, { flag: 'wx' });
      break;
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    }
    const owner = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
    // An empty file belongs to a process that is about to write its number.
    if (owner > 0 && !isRunning(owner)) rmSync(file, { force: true });
    if (!hasSaid && owner > 0) stderr.write('Waiting for another build ...\n');
    hasSaid ||= owner > 0;
    await sleep(50);
  }
  try {
    return work();
  } finally {
    rmSync(file, { force: true });
  }
}

/**
 * Makes the compiler write everything, and marks what there is. The files stay until they are replaced, because a program
 * that was started before may still load them.
 * @param {string} root
 * @param {Part} part
 */
function makeStale(root, part) {
  for (const file of outputOf(root, part)) {
    if (file.endsWith('.tsbuildinfo')) rmSync(join(root, file));
    else utimesSync(join(root, file), 0, 0);
  }
}

/**
 * Removes what was marked and not written since: the output of deleted sources.
 * @param {string} root
 * @param {Part} part
 */
function removeStale(root, part) {
  for (const file of outputOf(root, part))
    if (statSync(join(root, file)).mtimeMs === 0) rmSync(join(root, file));
}

/**
 * Builds a part if necessary.
 * @param {string} root
 * @param {string} name
 * @param {Part} part
 * @returns {Promise<number>} the compiler's exit code
 */
export async function build(root, name, part) {
  // Beside the page, not in it: everything in that folder is served.
  const place = join(root, name === 'page' ? 'packages/playground/dist' : (part.output[0] ?? 'dist'));
  const note = join(place, `.build-${name}.json`);
  mkdirSync(place, { recursive: true });
  return alone(join(place, `.build-${name}.lock`), () => {
    const inputs = readInputs(root, part);
    const extent = extentOf(part, readNote(note), {
      ...inputs,
      output: hashFiles(root, outputOf(root, part)),
    });
    if (extent === 'nothing') return 0;
    stderr.write(`Building ${part.title}${extent === 'changes' ? ': what has changed' : ''} ...\n`);
    // Removed first: an interrupted build must not count as finished.
    rmSync(note, { force: true });
    if (extent === 'everything') makeStale(root, part);
    const { status } = spawnSync(execPath, part.command, {
      cwd: root,
      stdio: ['ignore', stderr.fd, stderr.fd],
    });
    if (status !== 0) return status ?? 1;
    removeStale(root, part);
    /** @type {Build} */
    const done = { ...inputs, output: hashFiles(root, outputOf(root, part)) };
    writeFileSync(`${note}.new`, JSON.stringify(done));
    renameSync(`${note}.new`, note);
    return 0;
  });
}

if (import.meta.url === pathToFileURL(argv[1] ?? '').href) {
  const parts = partsOf(cwd());
  for (const name of argv.slice(2)) {
    const part = parts[name];
    if (!part) {
      stderr.write(`${basename(argv[1] ?? '')}: ${name} is none of ${Object.keys(parts).join(', ')}\n`);
      exit(64);
    }
    const code = await build(cwd(), name, part);
    if (code !== 0) exit(code);
  }
}
