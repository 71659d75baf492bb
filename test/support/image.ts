import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, cp, lstat, mkdir, readFile, symlink } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

const root = join(import.meta.dirname, '../..');

/** One line of a Dockerfile: `COPY`, `src ./src`. */
interface Instruction {
  readonly word: string;
  readonly rest: string;
}

/** The result of following an image's Dockerfile without an engine. */
export interface Image {
  /** Its root folder here: `/app` of the image is `app`. */
  readonly root: string;
  readonly workdir: string;
  readonly user: string;
  readonly env: Readonly<Record<string, string>>;
  readonly entrypoint: readonly string[];
}

const names = z.record(z.string(), z.string()).optional();
const locked = z.looseObject({ dependencies: names, optionalDependencies: names, peerDependencies: names });
const lock = z.object({ packages: z.record(z.string(), locked) });
const words = z.array(z.string());
/** Replaces the image's user `node` if tests run as root: `nobody`, who can write only where allowed. */
export const plainUser = process.getuid?.() === 0 ? 65_534 : undefined;

function readInstructions(dockerfile: string): readonly Instruction[] {
  const lines = dockerfile.split('\n').filter((line) => line.trim() !== '' && !/^\s*#/.test(line));
  const whole = lines.join('\n').replace(/\s*\\\n\s*/g, ' ');
  return whole.split('\n').map((line) => {
    const [, word = '', rest = ''] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
    return { word, rest };
  });
}

/** Files that .dockerignore includes: it excludes everything except the listed ones, and of those again the ones listed below. */
async function copyContext(to: string): Promise<void> {
  const rules = (await readFile(join(root, '.dockerignore'), 'utf8'))
    .split('\n')
    .filter((line) => /^[^#]/.test(line));
  if (rules[0] !== '*') throw new Error('.dockerignore is expected to keep everything away first');
  const away = rules.filter((rule) => !rule.startsWith('!')).map((rule) => join(root, rule));
  for (const rule of rules.filter((one) => one.startsWith('!')))
    await cp(join(root, rule.slice(1)), join(to, rule.slice(1)), {
      recursive: true,
      filter: (path) => !away.includes(path),
    });
}

/**
 * The folders that the program itself needs. npm omits the workspaces and their own dependencies from an image whose
 * context has no packages/.
 */
function productionPaths(packages: Readonly<Record<string, z.infer<typeof locked>>>): ReadonlySet<string> {
  const found = new Set<string>();
  function add(from: string, name: string): void {
    for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
      const path = `${at === '' ? '' : `${at}/`}node_modules/${name}`;
      if (packages[path]) visit(path);
      if (packages[path] || at === '') return;
    }
  }
  function visit(path: string): void {
    if (found.has(path)) return;
    if (path !== '') found.add(path);
    const { dependencies, optionalDependencies, peerDependencies } = packages[path] ?? {};
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies }))
      add(path, name);
  }
  visit('');
  return found;
}

/** Laid out as by `npm ci --omit=dev`: copies, so that what the image removes of them is gone only there. */
async function copyProduction(app: string): Promise<void> {
  const { packages } = lock.parse(JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')));
  const wanted = [...productionPaths(packages)]
    // A folder within another package comes with it; optional ones of other systems don't exist.
    .filter((path) => path.lastIndexOf('node_modules/') === 0 && existsSync(join(root, path)));
  for (const folder of new Set(wanted.map((path) => dirname(path)))) {
    const own = wanted.filter((path) => dirname(path) === folder);
    await mkdir(join(app, folder), { recursive: true });
    await copyAll(
      own.map((path) => join(root, path)),
      join(app, folder),
    );
  }
}

/** By the system’s own program, which is far faster with thousands of files. Link targets are copied. */
async function copyAll(sources: readonly string[], folder: string): Promise<void> {
  await promisify(execFile)('cp', ['-rL', ...sources, folder]);
}

/** Runs one command of a RUN in a folder; commands for the image's own system are skipped. */
async function run(command: string, folder: string): Promise<void> {
  if (/^(apt-get |rm -rf \/var\/lib\/apt\/)/.test(command)) return;
  if (command === 'npm ci --omit=dev') return copyProduction(folder);
  if (command === 'npm ci --ignore-scripts')
    return symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  const [, given] = /^chown node:node (\w+)$/.exec(command) ?? [];
  if (given) return plainUser === undefined ? undefined : chown(join(folder, given), plainUser, plainUser);
  if (/(^|\s)\/|\.\./.test(command)) throw new Error(`It would reach out of the image: ${command}`);
  const modules = await lstat(join(folder, 'node_modules')).catch(() => undefined);
  if (command.startsWith('rm ') && modules?.isSymbolicLink())
    throw new Error(`It would reach out: ${command}`);
  await promisify(execFile)('sh', ['-c', command], { cwd: folder });
}

interface Stage {
  readonly root: string;
  workdir: string;
  user: string;
  env: Record<string, string>;
  entrypoint: readonly string[];
}

/** COPY, between stages or from the files that .dockerignore includes. Folders copy their content. */
async function copy(rest: string, from: (stage: string | undefined) => string, { root: to, workdir }: Stage) {
  const [, stage, list = ''] = /^(?:--from=(\w+) )?(.*)$/.exec(rest) ?? [];
  const names = list.split(' ');
  const target = names.pop() ?? '';
  for (const name of names) {
    const source = join(from(stage), name);
    const isFolder = (await lstat(source)).isDirectory();
    const path = isFolder || !target.endsWith('/') ? target : posix.join(target, posix.basename(name));
    const there = join(to, posix.resolve(workdir, path));
    if (isFolder) await mkdir(there, { recursive: true });
    await copyAll([isFolder ? `${source}/.` : source], there);
  }
}

/** Follows the Dockerfile in an empty folder, step by step. @throws Error for an unknown instruction. */
export async function buildImage(folder: string): Promise<Image> {
  const context = join(folder, 'context');
  await copyContext(context);
  const stages = new Map<string, Stage>();
  const from = (name: string | undefined) =>
    name === undefined ? context : (stages.get(name)?.root ?? name);
  let stage: Stage | undefined;
  for (const { word, rest } of readInstructions(await readFile(join(root, 'Dockerfile'), 'utf8'))) {
    if (word === 'FROM') {
      const name = / AS (\w+)$/.exec(rest)?.[1] ?? 'last';
      stage = { root: join(folder, name), workdir: '/', user: 'root', env: {}, entrypoint: [] };
      stages.set(name, stage);
    } else if (stage) await follow({ word, rest }, stage, from);
  }
  if (!stage) throw new Error('There is no FROM.');
  return stage;
}

async function follow(
  { word, rest }: Instruction,
  stage: Stage,
  from: (stage: string | undefined) => string,
) {
  const here = () => join(stage.root, stage.workdir);
  switch (word) {
    case 'WORKDIR':
      stage.workdir = rest;
      await mkdir(here(), { recursive: true });
      break;
    case 'COPY':
      await copy(rest, from, stage);
      break;
    case 'RUN':
      for (const command of rest.split(/\s+&&\s+/)) await run(command, here());
      break;
    case 'ENV':
      for (const [, name = '', value = ''] of rest.matchAll(/(\w+)=(\S+)/g)) stage.env[name] = value;
      break;
    case 'USER':
      stage.user = rest;
      break;
    case 'ENTRYPOINT':
      stage.entrypoint = words.parse(JSON.parse(rest));
      break;
    case 'VOLUME':
    case 'HEALTHCHECK':
      break;
    default:
      throw new Error(`Nobody here knows how to follow ${word}.`);
  }
}
