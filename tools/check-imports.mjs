// Checks who imports whom: `node tools/check-imports.mjs [directory]` prints a line for each thing wrong and ends 1.
// It asks the compiler itself (`tsc --explainFiles`), which knows of every import, also those of types alone;
// TypeScript 7 has no API for tools to do better.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, posix, resolve, sep } from 'node:path';
import { argv, execPath, exit } from 'node:process';
import { pathToFileURL } from 'node:url';

/** @typedef {{ from: string, to: string }} Import */

/** From top to bottom: a part may import those below its own row, and itself. In the last row also its neighbours. */
const rows = [
  ['main'],
  ['cli'],
  ['app'],
  ['commands', 'ops'],
  ['discord'],
  ['tasks'],
  ['guilds'],
  ['quota', 'mps', 'media'],
  ['cluster', 'store', 'locales', 'config', 'log', 'errors', 'util', 'ground'],
];

/**
 * A box of its own: nothing but tests looks in, and it looks out at nothing. Its stand-ins do not know each other; of its
 * page the part in the browser knows the rest by what is said between them alone.
 * @type {Record<string, { knows: readonly string[], why: string }>}
 */
const playground = {
  'playground/cos': { knows: ['playground'], why: 'the stand-ins do not know each other' },
  'playground/mps': { knows: ['playground'], why: 'the stand-ins do not know each other' },
  'playground/discord': { knows: ['playground'], why: 'the stand-ins do not know each other' },
  'playground/page/wire': { knows: [], why: 'what is said between the page and its server rests on nothing' },
  'playground/page/client': { knows: ['playground/page/wire'], why: 'the browser knows only the wire' },
};

/** Packages that only some parts may know. */
const packages = [{ name: /^(discord\.js|@discordjs\/.*)$/, parts: ['commands', 'discord', 'test'] }];

/**
 * The part of the house a file belongs to: `src/mps/api/tc3-signature.ts` → mps, `commands/generate/imagine.ts` → commands. A lone file in
 * src that has no row of its own is ground for all. Undefined: a folder this file does not know.
 * @param {string} file
 */
export function partOf(file) {
  const path = file.replace(/\.tsx?$/, '');
  const [top = '', second = ''] = path.split('/');
  if (top !== 'src') return top;
  if (second === 'playground')
    return Object.keys(playground).find((part) => `${path}/`.startsWith(`src/${part}/`)) ?? second;
  if (rows.flat().includes(second)) return second;
  return file.split('/').length === 2 ? 'ground' : undefined;
}

/**
 * Why `from` must not import `to`; undefined when it may.
 * @param {Import} edge
 */
export function objection({ from, to }) {
  const part = partOf(from);
  if (to.includes('node_modules/')) return part && objectionToPackage(part, packageOf(to));
  const wanted = partOf(to);
  if (!part || !wanted || part === 'test' || part === wanted) return undefined;
  if (wanted === 'test') return 'nothing imports a test';
  if (part.startsWith('playground')) {
    if (!wanted.startsWith('playground'))
      return 'the playground is a second opinion: it knows nothing of the bot';
    const rule = playground[part];
    return rule && !rule.knows.includes(wanted) ? rule.why : undefined;
  }
  if (wanted.startsWith('playground')) return 'nothing imports the playground';
  const [own, other] = [level(part), level(wanted)];
  if (own === other) return own === rows.length - 1 ? undefined : `${part} and ${wanted} are neighbours`;
  return own < other ? undefined : `${wanted} is above ${part}`;
}

/** @param {string} part */
function level(part) {
  return rows.findIndex((row) => row.includes(part));
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
const projects = ['tsconfig.json', 'tsconfig.page.json'];

/**
 * @param {string} directory
 * @param {string} project
 */
function explain(directory, project) {
  if (!existsSync(join(directory, project))) return '';
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
  const args = [tsc, '-p', join(directory, project), '--noEmit', '--explainFiles'];
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
    if (/^\S+\.(d\.)?[mc]?tsx?$/.test(line)) {
      to = posix.normalize(line);
      files.add(to);
    }
    const from = /^ +Imported via .+ from file '([^']+)'/.exec(line)?.[1];
    if (from && !from.includes('node_modules/')) imports.set(`${from} → ${to}`, { from, to });
  }
  return { files, imports: [...imports.values()] };
}

/**
 * What is wrong in the house at `directory`, a sentence each, and how much was looked at.
 * @param {string} directory
 */
export function inspect(directory) {
  const { files, imports } = readImports(directory);
  const own = ['src', 'commands'].flatMap((folder) => sources(directory, folder));
  const unseen = own.filter((file) => !files.has(file));
  const problems = [
    ...(own.length > 0 && imports.length > 0 ? [] : ['nothing was seen: this check checks nothing']),
    ...unseen.map((file) => `${file}: the compiler did not see it`),
    ...own
      .filter((file) => !partOf(file))
      .map((file) => `${file}: its folder has no row in tools/check-imports.mjs`),
    ...imports.flatMap((edge) => {
      const why = objection(edge);
      return why ? [`${edge.from} imports ${edge.to}: ${why}`] : [];
    }),
    ...circles(imports).map((group) => `a circle of imports: ${group.join(', ')}`),
  ];
  return { problems, files: own.length, imports: imports.length };
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
