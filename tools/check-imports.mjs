// Checks the imports: `node tools/check-imports.mjs [directory]` prints a line for each problem and exits with 1.
// It asks the compiler itself (`tsc --explainFiles`), which lists every import, also type-only ones;
// TypeScript 7 has no API for tools to do better.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, posix, resolve, sep } from 'node:path';
import { argv, execPath, exit } from 'node:process';
import { pathToFileURL } from 'node:url';

/** @typedef {{ from: string, to: string, via?: string }} Import `via`: how it is written. */

/** From top to bottom: a part may import those below its own row, and itself. In the last row also its neighbours. */
export const rows = [
  ['main'],
  ['cli'],
  ['app'],
  ['commands', 'ops'],
  ['discord'],
  ['showcase'],
  ['tasks'],
  ['guilds', 'moderation', 'presets'],
  ['quota', 'mps', 'media'],
  ['cluster', 'store', 'locales', 'config', 'log', 'errors', 'util', 'ground'],
];

const kit = 'packages/stand-in-kit';
const wire = 'packages/playground/src/page/wire';
const strangers = 'the stand-ins do not know each other';

/**
 * The rooms of a part, from top to bottom, under the same rule: a room may import those below its own row, its neighbours
 * not. The rooms of a part that is not here may all know each other.
 * @type {Record<string, readonly (readonly string[])[]>}
 */
export const rooms = {
  discord: [
    ['services'],
    ['moderation'],
    ['review', 'showcase'],
    ['delivery', 'interactions'],
    ['views', 'gateway'],
    ['input'],
    ['access', 'rest'],
  ],
  tasks: [
    ['lifecycle'],
    ['sources'],
    ['queue'],
    ['delivery', 'accounting'],
    ['polling', 'ledger'],
    ['model'],
  ],
  mps: [
    ['api', 'parameters'],
    ['limits', 'catalogue'],
    ['wire', 'generation-request'],
  ],
  media: [
    ['results', 'sources'],
    ['clips'],
    ['resize'],
    ['cos', 'metadata'],
    ['decoding'],
    ['http'],
    ['storage'],
    ['files'],
    ['formats'],
  ],
};

/** The most files that a folder of `src` or `commands` holds at one level: more are not read, they are searched. */
const mostFiles = 16;

/**
 * The workspaces: only tests import them, and they know nothing of the bot. Stand-ins know the kit alone; the part of the
 * page that runs in the browser knows only the wire types. Parts of a package come before the package.
 * @type {Record<string, { knows: readonly string[], why: string }>}
 */
const workspaces = {
  [kit]: { knows: [], why: 'the kit knows no stand-in' },
  'packages/cos-stand-in': { knows: [kit], why: strangers },
  'packages/mps-stand-in': { knows: [kit], why: strangers },
  'packages/discord-stand-in': { knows: [kit], why: strangers },
  [wire]: { knows: [], why: 'what the page and its server say to each other rests on nothing' },
  'packages/playground/web': { knows: [wire], why: 'the browser knows only the wire' },
  'packages/playground': {
    knows: [kit, 'packages/cos-stand-in', 'packages/mps-stand-in', 'packages/discord-stand-in', wire],
    why: 'the server knows nothing of the browser',
  },
};

/** Packages that only some parts may know. */
const packages = [{ name: /^(discord\.js|@discordjs\/.*)$/, parts: ['commands', 'discord', 'test'] }];

/**
 * The part of the house a file belongs to: `src/mps/api/tc3-signature.ts` → mps, `commands/generate/imagine.ts` → commands. A lone file in
 * src that has no row of its own is ground for all; a package's tests are tests. Undefined: a folder this file does not
 * know.
 * @param {string} file
 */
export function partOf(file) {
  const path = file.replace(/\.tsx?$/, '');
  const [top = '', second = '', third = ''] = path.split('/');
  if (top === 'packages' && third === 'test') return third;
  if (top === 'packages') return Object.keys(workspaces).find((part) => `${path}/`.startsWith(`${part}/`));
  if (top !== 'src') return top;
  if (rows.flat().includes(second)) return second;
  return file.split('/').length === 2 ? 'ground' : undefined;
}

/**
 * Why `from` must not import `to`; undefined when it may.
 * @param {Import} edge
 */
export function objection({ from, to, via }) {
  const part = partOf(from);
  if (to.includes('node_modules/')) return part && objectionToPackage(part, packageOf(to));
  const wanted = partOf(to);
  if (via?.startsWith('.') && isElsewhere(from, to)) return 'a package is imported by its name';
  if (!part || !wanted || part === 'test') return undefined;
  if (part === wanted) return objectionOfRoom(part, from, to);
  if (wanted === 'test') return 'nothing imports a test';
  const workspace = workspaces[part];
  if (workspace) {
    if (!(wanted in workspaces)) return 'the packages are second opinions: they know nothing of the bot';
    return workspace.knows.includes(wanted) ? undefined : workspace.why;
  }
  if (wanted in workspaces) return 'only tests know the packages';
  const [own, other] = [level(part), level(wanted)];
  if (own === other) return own === rows.length - 1 ? undefined : `${part} and ${wanted} are neighbours`;
  return own < other ? undefined : `${wanted} is above ${part}`;
}

/**
 * Whether a package's file is imported from outside that package.
 * @param {string} from
 * @param {string} to
 */
function isElsewhere(from, to) {
  const own = /^packages\/[^/]+\//.exec(to)?.[0];
  return own !== undefined && !from.startsWith(own);
}

/** @param {string} part */
function level(part) {
  return rows.findIndex((row) => row.includes(part));
}

/**
 * The room of `part` that a file is in, and the row of that room: -1 if the part does not know it.
 * @param {string} part
 * @param {string} file
 */
function roomOf(part, file) {
  const room = (file.split('/')[2] ?? '').replace(/\.tsx?$/, '');
  return { room: `${part}/${room}`, row: rooms[part]?.findIndex((row) => row.includes(room)) ?? 0 };
}

/**
 * Why a file must not import another of the same part.
 * @param {string} part
 * @param {string} from
 * @param {string} to
 */
function objectionOfRoom(part, from, to) {
  if (!rooms[part]) return undefined;
  const [own, other] = [roomOf(part, from), roomOf(part, to)];
  if (own.room === other.room || own.row < other.row) return undefined;
  return own.row === other.row
    ? `${own.room} and ${other.room} are neighbours`
    : `${other.room} is above ${own.room}`;
}

/** @param {string} file */
function isHoused(file) {
  const part = partOf(file);
  return part !== undefined && (!rooms[part] || roomOf(part, file).row >= 0);
}

/**
 * Folders with more files at one level than a reader takes in, a sentence each.
 * @param {readonly string[]} files
 */
function overfull(files) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const file of files) counts.set(posix.dirname(file), (counts.get(posix.dirname(file)) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count > mostFiles)
    .map(([folder, count]) => `${folder}: ${count} files at one level, more than ${mostFiles}`);
}

/**
 * @param {string} part
 * @param {string} name
 */
function objectionToPackage(part, name) {
  const rule = packages.find((entry) => entry.name.test(name));
  return rule && !rule.parts.includes(part) ? `only ${rule.parts.join(', ')} may know ${name}` : undefined;
}

/**
 * `node_modules/@types/ws/index.d.ts` → ws
 * @param {string} file
 */
function packageOf(file) {
  const [scope = '', name = ''] = file
    .slice(file.lastIndexOf('node_modules/') + 'node_modules/'.length)
    .split('/');
  if (scope === '@types') return name;
  return scope.startsWith('@') ? `${scope}/${name}` : scope;
}

/**
 * All circles' worth of files: each group can be walked from any of its files to any other and back (Tarjan).
 * @param {readonly Import[]} imports
 */
export function circles(imports) {
  /** @type {Map<string, string[]>} */
  const next = new Map();
  for (const { from, to } of imports) next.set(from, [...(next.get(from) ?? []), to]);
  /** @type {Map<string, number>} */
  const low = new Map();
  /** @type {string[]} */
  const stack = [];
  /** @type {string[][]} */
  const found = [];
  let count = 0;

  /** @param {string} file */
  function visit(file) {
    const mine = count++;
    let least = mine;
    low.set(file, mine);
    stack.push(file);
    for (const to of next.get(file) ?? []) {
      if (!low.has(to)) visit(to);
      least = Math.min(least, low.get(to) ?? least);
    }
    low.set(file, least);
    if (least < mine) return;
    const group = stack.splice(stack.indexOf(file));
    for (const member of group) low.set(member, Number.POSITIVE_INFINITY);
    if (group.length > 1) found.push(group.sort());
  }
  for (const file of next.keys()) if (!low.has(file)) visit(file);
  return found;
}

/** All that is compiled, for Node and for the browser. */
const projects = ['tsconfig.json', 'packages/playground/web/tsconfig.json'];

/**
 * @param {string} directory
 * @param {string} project
 */
function explain(directory, project) {
  if (!existsSync(join(directory, project))) return '';
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
  // Which file imports which needs no check of types, and that is nine tenths of the time.
  const args = [tsc, '-p', join(directory, project), '--noEmit', '--noCheck', '--explainFiles'];
  return spawnSync(execPath, args, { cwd: directory, encoding: 'utf8', maxBuffer: 2 ** 28 }).stdout;
}

/**
 * The compiler's word on which file of `directory` imports which.
 * @param {string} directory
 */
export function readImports(directory) {
  const stdout = projects.map((project) => explain(directory, project)).join('\n');
  /** @type {Map<string, Import>} */
  const imports = new Map();
  /** @type {Set<string>} */
  const files = new Set();
  let to = '';
  for (const line of stdout.split('\n')) {
    if (/^\S+\.((d\.)?[mc]?tsx?|[mc]?jsx?)$/.test(line)) {
      to = posix.normalize(line);
      files.add(to);
    }
    const [, via = '', from] = /^ +Imported via ['"]([^'"]+)['"] from file '([^']+)'/.exec(line) ?? [];
    if (from && !from.includes('node_modules/')) imports.set(`${from} → ${to}`, { from, to, via });
  }
  return { files, imports: [...imports.values()] };
}

/**
 * The problems in the sources at `directory`, a sentence each, and how much was checked.
 * @param {string} directory
 */
export function inspect(directory) {
  const { files, imports } = readImports(directory);
  const own = [
    ...['src', 'commands'].flatMap((folder) => sources(directory, folder)),
    ...ofPackages(directory),
  ];
  const unseen = own.filter((file) => !files.has(file));
  const problems = [
    ...(own.length > 0 && imports.length > 0 ? [] : ['nothing was seen: this check checks nothing']),
    ...unseen.map((file) => `${file}: the compiler did not see it`),
    ...own
      .filter((file) => !isHoused(file))
      .map((file) => `${file}: its folder has no row in tools/check-imports.mjs`),
    ...overfull(own),
    ...imports.flatMap((edge) => {
      const why = objection(edge);
      return why ? [`${edge.from} imports ${edge.to}: ${why}`] : [];
    }),
    ...circles(imports).map((group) => `a circle of imports: ${group.join(', ')}`),
  ];
  return { problems, files: own.length, imports: imports.length };
}

/**
 * The sources of packages, and the page's.
 * @param {string} directory
 */
function ofPackages(directory) {
  if (!existsSync(join(directory, 'packages'))) return [];
  return readdirSync(join(directory, 'packages'))
    .flatMap((name) => ['src', 'web'].map((folder) => `packages/${name}/${folder}`))
    .flatMap((folder) => sources(directory, folder));
}

/**
 * @param {string} directory
 * @param {string} folder
 */
function sources(directory, folder) {
  if (!existsSync(join(directory, folder))) return [];
  return readdirSync(join(directory, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => `${folder}/${file.split(sep).join('/')}`);
}

if (import.meta.url === pathToFileURL(argv[1] ?? '').href) {
  const { problems, files, imports } = inspect(resolve(argv[2] ?? '.'));
  for (const problem of problems) console.error(problem);
  console.log(`house: files ${files}, imports ${imports}, problems ${problems.length}`);
  exit(problems.length > 0 ? 1 : 0);
}
