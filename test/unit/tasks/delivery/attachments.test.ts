import { symlinkSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FetchedFile } from '../../../../src/media/files.js';
import { annotate } from '../../../../src/media/metadata/metadata.js';
import type { Fitter } from '../../../../src/media/resize/fitter.js';
import { createSpool, type Spool } from '../../../../src/media/storage/spool.js';
import { createPacking } from '../../../../src/tasks/delivery/attachments.js';
import { aDecoder } from '../../../support/decoder.js';
import { noise, paint } from '../../../support/images.js';
import { type CollectingLog, createCollectingLog } from '../../../support/log.js';
import { aTask } from '../../../support/tasks.js';

const mebibyte = 1 << 20;
const notes = { model: 'Kling 3.0', madeAt: Date.UTC(2026, 0, 15, 12) };
const task = aTask();
const never = new AbortController().signal;

let folder: string;
let spool: Spool;
let log: CollectingLog;
/** Bytes that the disk has. */
let free: number;
/** Nothing can be written to the given paths. */
let isFull: boolean;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'easel-test-'));
  free = 1000 * mebibyte;
  isFull = false;
  spool = await createSpool({ folder: join(folder, 'spool'), free: async () => free });
  log = createCollectingLog();
});
afterEach(async () => {
  await spool.close();
  await rm(folder, { recursive: true });
});

const spooled = async () => (await readdir(dirname(spool.newPath()))).length;

/** A size that does not fit, with a label. */
async function large(): Promise<FetchedFile> {
  const bare = await small(await noise(200).png().toBuffer());
  const made = await annotate(bare, join(folder, 'labelled'), { label: '{"Label":"1"}' });
  if (!made) throw new Error('nothing was written');
  return made;
}

async function small(bytes?: Buffer): Promise<FetchedFile> {
  const path = join(folder, 'original');
  const content = bytes ?? (await paint().png().toBuffer());
  await writeFile(path, content);
  return { path, type: 'image/png', bytes: content.length, sha256: 'ab' };
}

/** Makes everything a small picture without a label. */
const fitter: Fitter = {
  async fit() {
    const path = spool.newPath();
    const bytes = await paint().png().toBuffer();
    await writeFile(path, bytes);
    return { path, type: 'image/png', bytes: bytes.length, how: 'smaller' };
  },
  adapt: async () => undefined,
};

function packing(withNotes = false) {
  const disk = {
    ...spool,
    newPath() {
      const path = spool.newPath();
      if (isFull) symlinkSync('/dev/full', path);
      return path;
    },
  };
  return createPacking({
    fitter,
    decoder: aDecoder(),
    spool: disk,
    log,
    rules: async () => (withNotes ? { notes } : {}),
  });
}

describe('files made for a task', () => {
  it('stay until they are removed, and are made once', async () => {
    const original = await large();
    const packs = packing(true);
    for (const _again of [1, 2]) {
      const [parcel] = await packs.pack(task, [original], 50_000, { signal: never });
      expect(parcel).toMatchObject({ how: 'smaller' });
    }
    expect(await spooled()).toBe(1);
    await packs.clear(task.id);
    expect(await spooled()).toBe(0);
  });

  it('are removed at once if the disk is full before the notes are written', async () => {
    isFull = true;
    const original = await small();
    const packs = packing(true);
    const [parcel] = await packs.pack(task, [original], 50_000, { signal: never });
    expect(parcel).toMatchObject({ how: 'whole', file: original });
    expect(log.lines).toMatchObject([{ level: 'warn', details: { err: { code: 'ENOSPC' } } }]);
    expect(await spooled()).toBe(0);
  });

  it('are removed at once, with their source, if the disk is full before the label is written', async () => {
    isFull = true;
    const packs = packing();
    const [parcel] = await packs.pack(task, [await large()], 50_000, { signal: never });
    expect(parcel).toMatchObject({ how: 'link' });
    expect(await spooled()).toBe(0);
  });

  it('are removed with their task at the latest, if not at once', async () => {
    isFull = true;
    const stubborn = spool.remove;
    let refusals = 1;
    spool = {
      ...spool,
      remove: (paths) => (refusals-- > 0 ? Promise.reject(new Error('busy')) : stubborn(paths)),
    };
    const packs = packing();
    await packs.pack(task, [await large()], 50_000, { signal: never });
    expect(await spooled()).toBe(2);
    await packs.clear(task.id);
    expect(await spooled()).toBe(0);
  });

  it('are not begun if the disk has no room', async () => {
    const original = await small();
    free = 64 * mebibyte + original.bytes;
    const [parcel] = await packing(true).pack(task, [original], 50_000, { signal: never });
    expect(parcel).toMatchObject({ how: 'whole', file: original });
    expect(log.lines).toMatchObject([{ level: 'warn', details: { err: { name: 'SpoolFullError' } } }]);
    expect(await spooled()).toBe(0);
  });

  it('leave the original in place', async () => {
    const original = await small();
    const packs = packing();
    await packs.pack(task, [original], 50_000, { signal: never });
    await packs.clear(task.id);
    expect(await readdir(folder)).toContain('original');
  });
});
