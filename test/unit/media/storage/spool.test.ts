import { spawn, spawnSync } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError } from '../../../../src/config/config.js';
import { createSpool, SpoolFullError } from '../../../../src/media/storage/spool.js';

let place: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'easel-test-'));
});
afterEach(() => rm(place, { recursive: true, force: true }));

/** A spool's folder with a file in it, as a process leaves it that had this number. */
async function leave(name: string, owner: object): Promise<void> {
  const spool = await createSpool({ folder: place });
  await writeFile(spool.newPath(), 'half a clip');
  const own = dirname(dirname(spool.newPath()));
  const folder = join(place, name);
  await cp(own, folder, { recursive: true });
  const file = join(folder, 'owner.json');
  await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), ...owner }));
  await spool.close();
}

const ended = () => spawnSync(process.execPath, ['-e', '']).pid;

describe('the spool', () => {
  it('gives every file a path of its own, and leaves nothing behind', async () => {
    const spool = await createSpool({ folder: place });
    const paths = [spool.newPath(), spool.newPath()];
    for (const path of paths) await writeFile(path, 'a picture');
    expect(new Set(paths).size).toBe(2);
    await spool.remove(paths.slice(0, 1));
    expect(await readdir(dirname(spool.newPath()))).toHaveLength(1);
    await spool.close();
    expect(await readdir(place)).toEqual([]);
  });

  it('is in the system’s temporary folder unless configured otherwise', async () => {
    const spool = await createSpool();
    expect(spool.newPath().startsWith(tmpdir())).toBe(true);
    await spool.close();
  });

  it('removes what a killed process left', async () => {
    await leave('spool-killed', { pid: ended() });
    const spool = await createSpool({ folder: place });
    expect(await readdir(place)).toHaveLength(1);
    await spool.close();
  });

  it('removes what a process left whose pid another one has now', async () => {
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await leave('spool-reborn', { pid: other.pid, startedAt: '1' });
    const spool = await createSpool({ folder: place });
    expect(await readdir(place)).toHaveLength(1);
    other.kill();
    await spool.close();
  });

  it('leaves files of a living process alone, in this one or another', async () => {
    const first = await createSpool({ folder: place });
    await writeFile(first.newPath(), 'a picture');
    // Elsewhere a number means nothing: as long as it shows signs of life it is left alone.
    await leave('spool-elsewhere', { space: 'another machine', pid: ended() });
    const second = await createSpool({ folder: place });
    expect(await readdir(place)).toHaveLength(3);
    await Promise.all([first.close(), second.close()]);
    expect(await readdir(place)).toEqual(['spool-elsewhere']);
  });

  it('removes files without a sign of life for long', async () => {
    await leave('spool-elsewhere', { space: 'another machine', pid: 1 });
    const old = new Date(Date.now() - 16 * 60_000);
    await utimes(join(place, 'spool-elsewhere', 'owner.json'), old, old);
    const spool = await createSpool({ folder: place });
    expect(await readdir(place)).toHaveLength(1);
    await spool.close();
  });

  it('touches nothing that is not a spool', async () => {
    await writeFile(join(place, 'notes.txt'), 'mine');
    const spool = await createSpool({ folder: place });
    await spool.close();
    expect(await readdir(place)).toEqual(['notes.txt']);
  });

  it("names SPOOL_DIR if it can't be used", async () => {
    await writeFile(join(place, 'file'), '');
    const opened = createSpool({ folder: join(place, 'file') });
    await expect(opened).rejects.toThrow(ConfigError);
    await expect(opened).rejects.toThrow(/SPOOL_DIR[\s\S]+EEXIST|SPOOL_DIR[\s\S]+ENOTDIR/);
  });
});

describe('what the spool keeps in memory', () => {
  const largest = Buffer.alloc(4 << 20);

  it('counts once if a download is begun again', async () => {
    const spool = await createSpool({ folder: place });
    for (let n = 0; n < 4; n++) {
      const path = spool.newPath();
      expect([spool.keep(path, largest), spool.keep(path, largest)]).toEqual([true, true]);
      await spool.remove([path]);
    }
    const paths = Array.from({ length: 4 }, () => spool.newPath());
    expect(paths.map((path) => spool.keep(path, largest))).toEqual([true, true, true, true]);
    await spool.close();
  });

  it('gives way to what is too large for it, and that is removed from the disk', async () => {
    const spool = await createSpool({ folder: place });
    const path = spool.newPath();
    spool.keep(path, largest);
    expect(spool.keep(path, Buffer.alloc(largest.length + 1))).toBe(false);
    await writeFile(path, 'the larger one');
    await spool.remove([path]);
    expect(await readdir(dirname(path))).toEqual([]);
    await spool.close();
  });
});

describe('room in the spool', () => {
  const mebibyte = 1 << 20;

  it('does not ask a disk with plenty of space for every file', async () => {
    let asked = 0;
    let free = 2 ** 50;
    let time = 0;
    const ask = async () => {
      asked += 1;
      return free;
    };
    const spool = await createSpool({ folder: place, free: ask, now: () => time });
    for (let n = 0; n < 5; n++) (await spool.hold(1000)).leave();
    expect(asked).toBe(1);
    time += 1000;
    // What is held counts at once.
    const room = await spool.hold(2 ** 50 - 2 ** 30);
    expect(asked).toBe(2);
    free = 64 * mebibyte;
    await expect(spool.hold(1000)).rejects.toThrow(SpoolFullError);
    expect(asked).toBe(3);
    room.leave();
    await spool.close();
  });

  it('is reserved for downloads in progress, and released', async () => {
    const spool = await createSpool({ folder: place, free: async () => 64 * mebibyte + 1000 });
    const first = await spool.hold(600);
    await expect(spool.hold(600)).rejects.toThrow(SpoolFullError);
    first.fill(300);
    const second = await spool.hold(600);
    first.leave();
    first.leave();
    second.leave();
    await expect(spool.hold(1001)).rejects.toThrow('has 1000 bytes left and needs 1001');
    (await spool.hold(1000)).leave();
    await spool.close();
  });

  it('is limited by the disk itself', async () => {
    const spool = await createSpool({ folder: place });
    (await spool.hold(1)).leave();
    await expect(spool.hold(2 ** 52)).rejects.toThrow(SpoolFullError);
    await spool.close();
  });
});
