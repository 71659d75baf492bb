import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClipRule } from '../../../../src/media/clips/clip-types.js';
import { createClips } from '../../../../src/media/clips/clips.js';
import { createMemory } from '../../../../src/media/storage/memory-budget.js';
import { createSpool, type Spool } from '../../../../src/media/storage/spool.js';
import { type Handmade, handmade } from '../../../support/boxes.js';

const rule: ClipRule = { maxBytes: 50_000_000, minSide: 256, maxSide: 5_760, minSeconds: 3, maxSeconds: 10 };
const { signal } = new AbortController();

let folder = '';
let spool: Spool;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'easel-clips-'));
  spool = await createSpool();
});
afterAll(async () => {
  await spool.close();
  await rm(folder, { recursive: true });
});

const without = () => createClips({ spool, memory: createMemory(128e6) });

async function file(options: Handmade) {
  const [path, bytes] = [join(folder, 'clip.mp4'), handmade(options)];
  await writeFile(path, bytes);
  return { path, bytes: bytes.length };
}

describe('without ffmpeg', () => {
  it.each<[string, Handmade]>([
    ['a plain clip', {}],
    ['moov last', { isHeaderLast: true }],
    ['a clip on its side', { turn: [0, 1] }],
    [
      'a variable frame rate',
      {
        times: [
          [60, 10],
          [40, 60],
          [1, 10],
        ],
      },
    ],
  ])('%s goes to MPS as it is', async (_, options) => {
    const given = await file(options);
    const { converted, path } = await without().fit(given, rule, { signal });
    expect([converted, path]).toEqual([false, given.path]);
  });

  it.each<[string, Handmade]>([
    ['4:4:4', { profile: 244 }],
    ['AV1', { codec: 'av01' }],
    ['an unknown length', { said: 0xffffffff }],
    ['8K', { width: 7_680, height: 4_320 }],
  ])('%s needs to be converted elsewhere', async (_, options) => {
    const fit = without().fit(await file(options), rule, { signal });
    await expect(fit).rejects.toMatchObject({ refusal: 'unconverted' });
  });

  it('a clip can neither be cut nor extended', async () => {
    const long = await file({ times: [[400, 25]] });
    expect(without().canConvert).toBe(false);
    const cut = without().fit(long, rule, { signal, cutTo: 10 });
    await expect(cut).rejects.toMatchObject({ refusal: 'unconverted' });
    const frame = without().lastFrame({ ...long, type: 'video/mp4' }, { signal });
    await expect(frame).rejects.toMatchObject({ refusal: 'unconverted' });
  });
});
