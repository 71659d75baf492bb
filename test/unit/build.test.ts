import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it as plain } from 'vitest';
import { build } from '../../tools/build.mjs';
import { partsOf } from '../../tools/build-parts.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Like tsc: it writes only what has changed since its last run, deletes nothing, and notes in dist/.runs that it ran. */
const compiler = `
const { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } = require('node:fs');
const seen = existsSync('dist/.tsbuildinfo') ? JSON.parse(readFileSync('dist/.tsbuildinfo', 'utf8')) : {};
for (const name of readdirSync('src')) {
  const text = readFileSync('src/' + name, 'utf8');
  if (seen[name] !== text) writeFileSync('dist/' + name.replace('.ts', '.js'), text);
  seen[name] = text;
}
writeFileSync('dist/.tsbuildinfo', JSON.stringify(seen));
appendFileSync('runs', '.');
process.exit(readdirSync('src').includes('wrong.ts') ? 2 : 0);
`;

const it = plain.extend<{ workshop: Awaited<ReturnType<typeof openWorkshop>> }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads which fixtures are wanted from the pattern.
  workshop: async ({}, use) => {
    const workshop = await openWorkshop();
    await use(workshop);
    await rm(workshop.folder, { recursive: true });
  },
});

async function openWorkshop() {
  const folder = await mkdtemp(join(tmpdir(), 'easel-build-'));
  const part = { ...partsOf(folder).bot, command: ['compiler.cjs'] } as NonNullable<
    ReturnType<typeof partsOf>[string]
  >;
  const write = async (name: string, text: string) => {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  };
  await write('compiler.cjs', compiler);
  await write('package-lock.json', '{}');
  await write('src/a.ts', 'a');
  await write('src/b.ts', 'b');
  return {
    folder,
    write,
    build: (isIncremental = true) => build(folder, 'bot', { ...part, isIncremental }),
    remove: (name: string) => rm(join(folder, name)),
    read: (name: string) => readFile(join(folder, name), 'utf8'),
    output: async () => (await readdir(join(folder, 'dist'))).filter((name) => name.endsWith('.js')).sort(),
    /** How often the compiler ran. */
    runs: async () => (await readFile(join(folder, 'runs'), 'utf8')).length,
  };
}

it('a second build runs no compiler, whatever the files’ times are', async ({ workshop }) => {
  expect(await workshop.build()).toBe(0);
  expect(await workshop.output()).toEqual(['a.js', 'b.js']);
  for (const name of ['src/a.ts', 'dist/b.js'])
    await utimes(join(workshop.folder, name), new Date(), new Date());
  expect(await workshop.build()).toBe(0);
  expect(await workshop.runs()).toBe(1);
});

it.for([true, false])(
  'a changed source is compiled, even with an older time (incremental: %s)',
  async (kind, { workshop }) => {
    await workshop.build(kind);
    await workshop.write('src/a.ts', 'A');
    await utimes(join(workshop.folder, 'src/a.ts'), new Date(0), new Date(0));
    await workshop.build(kind);
    expect(await workshop.read('dist/a.js')).toBe('A');
    expect(await workshop.runs()).toBe(2);
  },
);

it('output that was deleted, changed or left over is replaced', async ({ workshop }) => {
  await workshop.build();
  await workshop.remove('dist/a.js');
  await workshop.build();
  expect(await workshop.output()).toEqual(['a.js', 'b.js']);
  await workshop.write('dist/a.js', 'x');
  await workshop.build();
  expect(await workshop.read('dist/a.js')).toBe('a');
  await workshop.write('dist/old.js', 'x');
  await workshop.build();
  expect(await workshop.output()).toEqual(['a.js', 'b.js']);
  expect(await workshop.runs()).toBe(4);
});

it('the output of a deleted source goes with it', async ({ workshop }) => {
  await workshop.build();
  await workshop.remove('src/b.ts');
  await workshop.build();
  expect(await workshop.output()).toEqual(['a.js']);
});

it.for(['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'])(
  '%s counts as well',
  async (name, { workshop }) => {
    await workshop.build();
    await workshop.write(name, '{ }');
    await workshop.build();
    expect(await workshop.runs()).toBe(2);
  },
);

it('a failed build ends with the compiler’s code, and is never taken for a finished one', async ({
  workshop,
}) => {
  await workshop.write('src/wrong.ts', '');
  expect(await workshop.build()).toBe(2);
  expect(await workshop.build()).toBe(2);
  expect(await workshop.runs()).toBe(2);
});

it('waits for another process’s build, but not for one that was killed', async ({ workshop }) => {
  await workshop.write('dist/.build-bot.lock', `${process.pid}`);
  const waiting = workshop.build();
  expect(await Promise.race([waiting, new Promise((resolve) => setImmediate(resolve, 'waits'))])).toBe(
    'waits',
  );
  await workshop.remove('dist/.build-bot.lock');
  expect(await waiting).toBe(0);
  // No process has this id: Linux and macOS stay below it.
  await workshop.write('dist/.build-bot.lock', '99999999');
  expect(await workshop.build()).toBe(0);
});

it('the page is no output of the packages, and each part keeps to its own folders', () => {
  const parts = partsOf(root);
  expect(Object.keys(parts)).toEqual(['bot', 'packages', 'page', 'bench']);
  expect(parts.packages?.apart).toBe(parts.page?.output[0]);
  expect(parts.packages?.sources).toContain('packages/mps-stand-in/src');
});

plain('npm says what it does while it compiles SQLite', async () => {
  const lines = (await readFile(join(root, '.npmrc'), 'utf8')).split('\n');
  expect(lines).toContain('foreground-scripts=true');
});
