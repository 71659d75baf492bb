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

describe('the check of the house', () => {
  it('turns red on a circle and an upward import planted in a copy of the sources', {
    timeout: 60_000,
  }, async () => {
    for (const folder of ['src', 'commands'])
      await cp(join(root, folder), join(copy, folder), { recursive: true });
    await plant({
      'src/tasks/planted-a.ts': "import type { B } from './planted-b.js';\nexport type A = B | 1;\n",
      'src/tasks/planted-b.ts': "export type B = import('./planted-c.js').C | 2;\n",
      'src/tasks/planted-c.ts': "import type { A } from './planted-a.js';\nexport type C = A | 3;\n",
      'src/mps/planted-up.ts': "export type * from '../tasks/planted-a.js';\n",
      'src/quota/planted-discord.ts': "import type { Client } from 'discord.js';\nexport type X = Client;\n",
    });
    const { problems } = inspect(copy);
    expect(problems).toEqual(
      expect.arrayContaining([
        'a circle of imports: src/tasks/planted-a.ts, src/tasks/planted-b.ts, src/tasks/planted-c.ts',
        'src/mps/planted-up.ts imports src/tasks/planted-a.ts: tasks is above mps',
        expect.stringMatching(
          /^src\/quota\/planted-discord\.ts imports .*only commands, discord, test may know discord\.js$/,
        ),
      ]),
    );
  });

  it('is content with a house in order, and counts what it saw', async () => {
    await plant({
      'src/main.ts': "import { a } from './tasks/a.js';\nconsole.log(a);\n",
      'src/tasks/a.ts': "export { a } from './b.js';\n",
      'src/tasks/b.ts': 'export const a = 1;\n',
    });
    expect(inspect(copy)).toEqual({ problems: [], files: 3, imports: 2 });
  });

  it('is not content with nothing', async () => {
    const nothing = expect.stringContaining('nothing was seen');
    expect(inspect(copy).problems).toEqual([nothing]);
    await plant({ 'src/main.ts': 'console.log(1);\n' });
    expect(inspect(copy).problems).toEqual([nothing]);
    await writeFile(join(copy, 'tsconfig.json'), '{ "include": ["elsewhere"] }');
    expect(inspect(copy).problems).toEqual([nothing, 'src/main.ts: the compiler did not see it']);
  });

  it('ends 1 and names the fault when it is run', async () => {
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

describe('who may import whom', () => {
  it.each([
    ['src/main.ts', 'src/app/app.ts'],
    ['src/app/app.ts', 'commands/index.ts'],
    ['commands/generate/imagine.ts', 'src/discord/views/task-card.ts'],
    ['commands/generate/imagine.ts', 'node_modules/discord.js/typings/index.d.ts'],
    ['src/discord/delivery/discord-delivery.ts', 'src/tasks/model/task.ts'],
    ['src/tasks/ledger/ledger.ts', 'src/store/store.ts'],
    ['src/errors.ts', 'src/locales/index.ts'],
    ['src/playground/main.ts', 'src/playground/mps/server.ts'],
    ['src/playground/mps/server.ts', 'src/playground/control.ts'],
    ['src/playground/page/client/store.ts', 'src/playground/page/wire.ts'],
    ['src/playground/page/index.ts', 'src/playground/discord/index.ts'],
    ['test/integration/imagine.test.ts', 'src/playground/discord/world.ts'],
    ['test/integration/imagine.test.ts', 'node_modules/discord.js/typings/index.d.ts'],
  ])('%s may import %s', (from, to) => expect(objection({ from, to })).toBeUndefined());

  it.each([
    ['src/store/store.ts', 'src/tasks/model/task.ts', 'tasks is above store'],
    ['src/lock.ts', 'src/app/app.ts', 'app is above ground'],
    ['src/discord/views/task-card.ts', 'commands/index.ts', 'commands is above discord'],
    ['src/quota/usage.ts', 'src/mps/catalogue/catalogue.ts', 'quota and mps are neighbours'],
    ['src/app/app.ts', 'src/playground/control.ts', 'nothing imports the playground'],
    ['src/playground/mps/api.ts', 'src/mps/api/tc3-signature.ts', 'knows nothing of the bot'],
    ['src/playground/main.ts', 'src/log.ts', 'knows nothing of the bot'],
    ['src/playground/mps/api.ts', 'src/playground/discord/world.ts', 'do not know each other'],
    ['src/playground/page/client/store.ts', 'src/playground/control.ts', 'knows only the wire'],
    ['src/playground/page/wire.ts', 'src/playground/discord/view.ts', 'rests on nothing'],
    ['src/mps/api/tc3-signature.ts', 'test/unit/mps/vectors.ts', 'nothing imports a test'],
    [
      'src/media/results/result-fetcher.ts',
      '../main/node_modules/@discordjs/rest/dist/index.d.ts',
      'may know @discordjs/rest',
    ],
  ])('%s may not import %s', (from, to, why) => expect(objection({ from, to })).toContain(why));

  it('knows each folder of the house, and none besides', () => {
    expect(partOf('src/ops/health/health-server.ts')).toBe('ops');
    expect(partOf('src/playground/page/index.ts')).toBe('playground');
    expect(partOf('src/attic/box.ts')).toBeUndefined();
  });

  it('finds each circle once', () => {
    const edges = ['a b', 'b c', 'c a', 'c d', 'd e', 'e d', 'f a', 'f f'].map((edge) => edge.split(' '));
    const groups = circles(edges.map(([from = '', to = '']) => ({ from, to })));
    expect(groups.toSorted()).toEqual([
      ['a', 'b', 'c'],
      ['d', 'e'],
    ]);
  });
});
