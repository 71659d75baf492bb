import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { backUp } from '../../../src/store/backup.js';
import { createStore } from '../../../src/store/store.js';
import { createCollectingLog } from '../../support/log.js';

let folder: string;
let log: ReturnType<typeof createCollectingLog>;
let umask: number;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'easel-private-'));
  log = createCollectingLog();
  umask = process.umask(0);
});
afterEach(async () => {
  process.umask(umask);
  await rm(folder, { recursive: true });
});

const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);
const modesIn = async (path: string) =>
  Object.fromEntries(
    await Promise.all(
      (await readdir(path)).map(async (name) => [name, await modeOf(join(path, name))] as const),
    ),
  );

describe.skipIf(process.platform === 'win32')('the files of a database', () => {
  it("are readable only by Easel's own user, with all companion files and new folders", async () => {
    const path = join(folder, 'a', 'b', 'easel.sqlite');
    const store = await createStore(`sqlite://${path}`, { log });
    await store.table('tasks').set('a', 'a token');
    expect(await modesIn(dirname(path))).toEqual({
      'easel.sqlite': '600',
      'easel.sqlite-shm': '600',
      'easel.sqlite-wal': '600',
    });
    expect([await modeOf(join(folder, 'a')), await modeOf(dirname(path))]).toEqual(['700', '700']);
    expect(log.lines).toEqual([]);
    const copy = join(folder, 'copy.sqlite');
    await backUp(`sqlite://${path}`, copy);
    expect(await modeOf(copy)).toBe('600');
    await store.close();
  });

  it('of earlier versions are made private at the start, which is logged once', async () => {
    const path = join(folder, 'easel.sqlite');
    const before = await createStore(`sqlite://${path}`, { log });
    await before.table('tasks').set('a', 'a token');
    for (const name of await readdir(folder)) await chmod(join(folder, name), 0o644);
    const after = await createStore(`sqlite://${path}`, { log });
    expect(await after.table('tasks').get('a')).toBe('a token');
    await after.table('settings').get('a');
    expect(new Set(Object.values(await modesIn(folder)))).toEqual(new Set(['600']));
    const said = log.lines.filter(({ message }) => message.includes('readable by other users'));
    expect(said).toHaveLength(1);
    expect(said[0]?.details).toMatchObject({ files: expect.arrayContaining([path, `${path}-wal`]) });
    await Promise.all([before.close(), after.close()]);
  });

  it('leave other files in the operator’s folder, and its permissions, alone', async () => {
    await chmod(folder, 0o755);
    await writeFile(join(folder, 'theirs'), '', { mode: 0o644 });
    await (await createStore(`sqlite://${join(folder, 'easel.sqlite')}`, { log })).close();
    expect([await modeOf(folder), await modeOf(join(folder, 'theirs'))]).toEqual(['755', '644']);
  });
});
