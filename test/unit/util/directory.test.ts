import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeFolder } from '../../../src/util/directory.js';

let place: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'easel-test-'));
});
afterEach(() => rm(place, { recursive: true, force: true }));

describe('a directory', () => {
  it('is created with all missing parents, and none is private unless asked', async () => {
    const deep = join(place, 'a/b/c');
    await Promise.all([makeFolder(deep, 0o700), makeFolder(deep, 0o700)]);
    expect((await stat(deep)).mode & 0o777).toBe(0o700);
  });

  it('that exists stays as it is', async () => {
    await chmod(place, 0o755);
    await makeFolder(place, 0o700);
    expect((await stat(place)).mode & 0o777).toBe(0o755);
  });

  it("can't be created below a file", async () => {
    await writeFile(join(place, 'file'), '');
    await expect(makeFolder(join(place, 'file/a/b'))).rejects.toMatchObject({ code: 'EEXIST' });
  });

  // Node's own `recursive` never answers there.
  it.skipIf(process.platform !== 'linux')(
    "can't be created where the system forbids it, and says so",
    async () => {
      await expect(makeFolder('/proc/easel')).rejects.toMatchObject({ code: 'ENOENT' });
    },
  );
});
