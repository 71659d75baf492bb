import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError } from '../../../../src/config/config.js';
import type { FetchedFile } from '../../../../src/media/files.js';
import { createArchivedFetcher } from '../../../../src/media/results/archived-fetcher.js';
import type { Fetcher } from '../../../../src/media/results/result-fetcher.js';
import { type Archive, createArchive } from '../../../../src/media/storage/archive.js';
import { hashOf } from '../../../../src/media/storage/sha256.js';
import { createCollectingLog } from '../../../support/log.js';

const taskId = '1146000000000000023:1';
let folder: string;
let archive: Archive;
let file: FetchedFile;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'easel-test-'));
  archive = await createArchive(join(folder, 'originals'));
  const path = join(folder, 'spooled');
  await writeFile(path, 'a picture');
  file = { path, type: 'image/png', bytes: 9, sha256: await hashOf(path) };
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the archive', () => {
  it('keeps originals when the spool removes them, under names that the operator can find', async () => {
    await archive.keep(taskId, [file]);
    await archive.keep(taskId, [file]);
    await rm(file.path);
    const found = await archive.find(taskId, 0, file);
    expect(found?.name).toBe('1146000000000000023-1/1.png');
    expect(await readFile(found?.file.path ?? '', 'utf8')).toBe('a picture');
    expect(await archive.find(taskId, 1, file)).toBeUndefined();
  });

  it('does not accept other content as an original', async () => {
    await archive.keep(taskId, [file]);
    expect(await archive.find(taskId, 0, { ...file, sha256: 'other' })).toBeUndefined();
    expect(await archive.find(taskId, 0, { ...file, type: '../../etc' })).toBeUndefined();
  });

  it('removes purged tasks and old files, and touches nothing else', async () => {
    await archive.keep(taskId, [file]);
    await archive.keep('1146000000000000024:1', [file]);
    await mkdir(join(folder, 'originals', 'notes'));
    await archive.remove(taskId);
    expect(await archive.find(taskId, 0, file)).toBeUndefined();
    const old = new Date(1000);
    for (const name of ['notes', '1146000000000000024-1'])
      await utimes(join(folder, 'originals', name), old, old);
    await archive.prune(2000);
    expect(await readdir(join(folder, 'originals'))).toEqual(['notes']);
  });

  it("names ARCHIVE_DIR if it can't be used", async () => {
    await expect(createArchive(file.path)).rejects.toThrow(ConfigError);
  });
});

describe('a fetcher with an archive', () => {
  const remove = async (paths: readonly string[]) => {
    for (const path of paths) await rm(path, { force: true });
  };
  const signal = new AbortController().signal;
  const results = { taskId, kind: 'image', urls: ['https://example.com/1.png'], until: 0 } as const;

  it('finds results there when their links have expired, and leaves the archive unchanged', async () => {
    let asked = 0;
    const fetcher: Fetcher = {
      async fetch() {
        if (++asked > 1) throw new Error('the link died');
        return [file];
      },
      discard: async (files) => {
        for (const { path } of files) await rm(path);
      },
    };
    let serial = 0;
    const spool = { newPath: () => join(folder, `again-${++serial}`), remove };
    const log = createCollectingLog();
    const archived = createArchivedFetcher({ fetcher, archive, spool, log });
    await archived.discard(await archived.fetch(results, { signal }));
    for (const _time of [1, 2]) {
      const [again] = await archived.fetch({ ...results, known: [file] }, { signal });
      expect(await readFile(again?.path ?? '', 'utf8')).toBe('a picture');
      if (again) await archived.discard([again]);
    }
    expect(asked).toBe(1);
  });

  it.each([
    [
      'one of several is there no more',
      async () => rm(join(folder, 'originals', '1146000000000000023-1', '2.png')),
    ],
    ['the disk takes but one of them', async () => mkdir(join(folder, 'again-2'))],
  ])('leaves nothing in the spool where %s', async (_, spoil) => {
    await archive.keep(taskId, [file, file]);
    await spoil();
    let serial = 0;
    const spool = {
      newPath: () => join(folder, `again-${++serial}`),
      async remove(paths: readonly string[]) {
        await remove(paths.filter((path) => !path.endsWith('-2')));
      },
    };
    const fetcher: Fetcher = { fetch: async () => [file, file], discard: async () => {} };
    const archived = createArchivedFetcher({ fetcher, archive, spool, log: createCollectingLog() });
    const found = await archived.fetch({ ...results, known: [file, file] }, { signal });
    expect(found).toEqual([file, file]);
    const left = (await readdir(folder)).filter((name) => name.startsWith('again'));
    expect(left.filter((name) => name !== 'again-2')).toEqual([]);
  });
});
