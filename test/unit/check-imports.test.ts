import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { circles, inspect, objection, partOf } from '../../tools/check-imports.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
let copy: string;

beforeEach(async () => {
  copy = await mkdtemp(join(tmpdir(), 'easel-house-'));
  for (const file of ['package.json', 'tsconfig.json', 'biome.json'])
    await cp(join(root, file), join(copy, file));
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'), 'dir');
});
afterEach(() => rm(copy, { recursive: true }));

async function plant(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(copy, name)), { recursive: true });
    await writeFile(join(copy, name), text);
  }
}

describe('the import check', () => {
  it('fails on a circle, and on imports upward, beside and from where they are not allowed', async () => {
    const stub = 'export type Z = 1;\n';
    await plant({
      'src/main.ts': "export type * from './tasks/lifecycle/runner.js';\n",
      'src/tasks/lifecycle/runner.ts': stub,
      'src/discord/views/markdown.ts': stub,
      'src/mps/api/client.ts': stub,
      'src/mps/parameters/validation.ts': stub,
      'src/media/resize/fitter.ts': stub,
      'src/tasks/planted-a.ts': "import type { B } from './planted-b.js';\nexport type A = B | 1;\n",
      'src/tasks/planted-b.ts': "export type B = import('./planted-c.js').C | 2;\n",
      'src/tasks/planted-c.ts': "import type { A } from './planted-a.js';\nexport type C = A | 3;\n",
      'src/mps/planted-up.ts': "export type * from '../tasks/planted-a.js';\n",
      'src/discord/rest/planted-up.ts': "export type * from '../views/markdown.js';\n",
      'src/tasks/model/planted-up.ts': "export type * from '../lifecycle/runner.js';\n",
      'src/mps/limits/planted-up.ts': "export type * from '../api/client.js';\n",
      'src/media/formats/planted-up.ts': "export type * from '../resize/fitter.js';\n",
      'src/mps/api/planted-beside.ts': "export type * from '../parameters/validation.js';\n",
      'src/tasks/attic/planted-box.ts': 'export type X = 1;\n',
      ...Object.fromEntries(
        [...Array(17)].map((_, n) => [`commands/planted/${n}.ts`, 'export type X = 1;\n']),
      ),
      'src/quota/planted-discord.ts': "import type { Client } from 'discord.js';\nexport type X = Client;\n",
    });
    const { problems } = inspect(copy);
    expect(problems).toEqual(
      expect.arrayContaining([
        'a circle of imports: src/tasks/planted-a.ts, src/tasks/planted-b.ts, src/tasks/planted-c.ts',
        'src/mps/planted-up.ts imports src/tasks/planted-a.ts: tasks is above mps',
        'src/discord/rest/planted-up.ts imports src/discord/views/markdown.ts: discord/views is above discord/rest',
        'src/tasks/model/planted-up.ts imports src/tasks/lifecycle/runner.ts: tasks/lifecycle is above tasks/model',
        'src/mps/limits/planted-up.ts imports src/mps/api/client.ts: mps/api is above mps/limits',
        'src/media/formats/planted-up.ts imports src/media/resize/fitter.ts: media/resize is above media/formats',
        'src/mps/api/planted-beside.ts imports src/mps/parameters/validation.ts: mps/api and mps/parameters are neighbours',
        'src/tasks/attic/planted-box.ts: its folder has no row in tools/check-imports.mjs',
        'commands/planted: 17 files at one level, more than 16',
        expect.stringMatching(
          /^src\/quota\/planted-discord\.ts imports .*only commands, discord, test may know discord\.js$/,
        ),
      ]),
    );
  });

  it('passes on clean sources, and counts what it saw', async () => {
    await plant({
      'src/main.ts': "import { a } from './tasks/ledger/a.js';\nconsole.log(a);\n",
      'src/tasks/ledger/a.ts': "export { a } from '../model/b.js';\n",
      'src/tasks/model/b.ts': 'export const a = 1;\n',
    });
    expect(inspect(copy)).toEqual({ problems: [], files: 3, imports: 2 });
  });

  it('fails on packages that import what they must not', async () => {
    const wire = "import type { A } from '../src/page/wire.js';\nexport type B = A;\n";
    await plant({
      'src/main.ts': "import '../packages/stand-in-kit/src/index.js';\n",
      'src/log.ts': 'export {};\n',
      'packages/stand-in-kit/src/index.ts': 'export {};\n',
      'packages/mps-stand-in/src/index.ts': "import '../../../src/log.js';\n",
      'packages/playground/src/page/wire.ts': 'export type A = 1;\n',
      'packages/playground/web/store.ts': wire,
      'packages/playground/web/tsconfig.json': '{ "extends": "../../../tsconfig.json", "include": ["."] }',
      'packages/attic/src/box.ts': 'export {};\n',
    });
    expect(inspect(copy).problems).toEqual([
      'packages/attic/src/box.ts: its folder has no row in tools/check-imports.mjs',
      'packages/mps-stand-in/src/index.ts imports src/log.ts: the packages are second opinions: they know nothing of the bot',
      'src/main.ts imports packages/stand-in-kit/src/index.ts: a package is imported by its name',
    ]);
  });

  it('fails on an empty project', async () => {
    const nothing = expect.stringContaining('nothing was seen');
    expect(inspect(copy).problems).toEqual([nothing]);
    await plant({ 'src/main.ts': 'console.log(1);\n' });
    expect(inspect(copy).problems).toEqual([nothing]);
    await writeFile(join(copy, 'tsconfig.json'), '{ "include": ["elsewhere"] }');
    expect(inspect(copy).problems).toEqual([nothing, 'src/main.ts: the compiler did not see it']);
  });

  it('exits with 1 and names the problem', async () => {
    await plant({ 'src/store/store.ts': "import '../app/app.js';\n", 'src/app/app.ts': 'export {};\n' });
    const run = spawnSync(process.execPath, [join(root, 'tools/check-imports.mjs'), copy], {
      encoding: 'utf8',
    });
    expect(run).toMatchObject({ status: 1, stdout: 'house: files 2, imports 1, problems 1\n' });
    expect(run.stderr).toBe('src/store/store.ts imports src/app/app.ts: app is above store\n');
  });

  it('has the environment read in one place only, by the linter', async () => {
    await plant({
      'src/mps/a.ts': 'export const a = process.env.A;\n',
      'src/config/dotenv.ts': 'export const a = process.env.A;\n',
    });
    await writeFile(join(copy, '.gitignore'), 'node_modules');
    const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
    const args = [biome, 'lint', '--vcs-enabled=false', 'src'];
    const run = spawnSync(process.execPath, args, { cwd: copy, encoding: 'utf8' });
    expect(run.status).toBe(1);
    expect(run.stderr).toContain('src/mps/a.ts');
    expect(run.stderr).not.toContain('src/config/dotenv.ts');
  });
});

describe('allowed imports', () => {
  it.each([
    ['src/main.ts', 'src/app/app.ts'],
    ['src/app/app.ts', 'commands/index.ts'],
    ['commands/generate/imagine.ts', 'src/discord/views/task-card.ts'],
    ['commands/generate/imagine.ts', 'node_modules/discord.js/typings/index.d.ts'],
    ['src/discord/delivery/discord-delivery.ts', 'src/tasks/model/task.ts'],
    ['src/tasks/ledger/ledger.ts', 'src/store/store.ts'],
    ['src/errors.ts', 'src/locales/index.ts'],
    ['packages/playground/src/main.ts', 'packages/mps-stand-in/src/index.ts'],
    ['packages/mps-stand-in/src/server.ts', 'packages/stand-in-kit/src/index.ts'],
    ['packages/playground/web/store.ts', 'packages/playground/src/page/wire.ts'],
    ['packages/playground/src/page/index.ts', 'packages/playground/src/page/wire.ts'],
    ['packages/playground/test/page/page.test.ts', 'packages/playground/src/page/index.ts'],
    ['test/integration/imagine.test.ts', 'packages/discord-stand-in/src/index.ts'],
    ['src/tasks/lifecycle/runner.ts', 'src/tasks/queue/slot-queue.ts'],
    ['src/mps/api/create-task.ts', 'src/mps/wire.ts'],
    ['test/integration/imagine.test.ts', 'node_modules/discord.js/typings/index.d.ts'],
  ])('%s may import %s', (from, to) => expect(objection({ from, to })).toBeUndefined());

  it.each([
    ['src/store/store.ts', 'src/tasks/model/task.ts', 'tasks is above store'],
    ['src/lock.ts', 'src/app/app.ts', 'app is above ground'],
    ['src/discord/views/task-card.ts', 'commands/index.ts', 'commands is above discord'],
    ['src/quota/usage.ts', 'src/mps/catalogue/catalogue.ts', 'quota and mps are neighbours'],
    ['src/app/app.ts', 'packages/stand-in-kit/src/index.ts', 'only tests know the packages'],
    ['tools/check-imports.mjs', 'packages/mps-stand-in/src/index.ts', 'only tests know the packages'],
    ['packages/mps-stand-in/src/server.ts', 'src/mps/api/tc3-signature.ts', 'know nothing of the bot'],
    ['packages/playground/src/main.ts', 'src/log.ts', 'know nothing of the bot'],
    ['packages/playground/src/main.ts', 'commands/index.ts', 'know nothing of the bot'],
    ['packages/mps-stand-in/src/server.ts', 'packages/discord-stand-in/src/index.ts', 'not know each other'],
    ['packages/stand-in-kit/src/index.ts', 'packages/cos-stand-in/src/index.ts', 'the kit knows no stand-in'],
    ['packages/cos-stand-in/src/index.ts', 'packages/playground/src/page/index.ts', 'not know each other'],
    ['packages/playground/web/store.ts', 'packages/stand-in-kit/src/index.ts', 'knows only the wire'],
    ['packages/playground/web/store.ts', 'packages/playground/src/page/relay.ts', 'knows only the wire'],
    ['packages/playground/src/page/wire.ts', 'packages/discord-stand-in/src/index.ts', 'rests on nothing'],
    ['packages/playground/src/page/index.ts', 'packages/playground/web/texts.ts', 'nothing of the browser'],
    ['src/mps/api/tc3-signature.ts', 'test/unit/mps/vectors.ts', 'nothing imports a test'],
    [
      'src/media/results/result-fetcher.ts',
      '../main/node_modules/@discordjs/rest/dist/index.d.ts',
      'may know @discordjs/rest',
    ],
  ])('%s may not import %s', (from, to, why) => expect(objection({ from, to })).toContain(why));

  it('require packages to be imported by their names, also by tests', () => {
    const to = 'packages/mps-stand-in/src/index.ts';
    const from = 'test/integration/world.ts';
    expect(objection({ from, to, via: '@easel/mps-stand-in' })).toBeUndefined();
    expect(objection({ from, to, via: '../../packages/mps-stand-in/src/index.js' })).toContain('by its name');
    expect(
      objection({ from: 'packages/mps-stand-in/test/a.test.ts', to, via: '../src/index.js' }),
    ).toBeUndefined();
  });

  it('cover each folder of the sources, and no others', () => {
    expect(partOf('src/ops/health/health-server.ts')).toBe('ops');
    expect(partOf('packages/playground/src/page/index.ts')).toBe('packages/playground');
    expect(partOf('packages/playground/test/page/page.test.ts')).toBe('test');
    expect(partOf('packages/attic/src/box.ts')).toBeUndefined();
    expect(partOf('src/attic/box.ts')).toBeUndefined();
  });

  it('report each circle once', () => {
    const edges = ['a b', 'b c', 'c a', 'c d', 'd e', 'e d', 'f a', 'f f'].map((edge) => edge.split(' '));
    const groups = circles(edges.map(([from = '', to = '']) => ({ from, to })));
    expect(groups.toSorted()).toEqual([
      ['a', 'b', 'c'],
      ['d', 'e'],
    ]);
  });
});
