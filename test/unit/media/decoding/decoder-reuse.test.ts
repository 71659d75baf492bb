import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../../../src/log.js';
import { DecodeError, type DecodeProcess } from '../../../../src/media/decoding/decode-process.js';
import { createDecoder } from '../../../../src/media/decoding/decoder.js';
import { createMemory } from '../../../../src/media/storage/memory-budget.js';
import { paint } from '../../../support/images.js';

const facts = {
  format: 'png',
  width: 20,
  height: 10,
  plain: true,
  byLine: true,
  deep: false,
  frames: 1,
  alpha: false,
};

describe('a process that decoded other pictures before', () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'easel-decoder-'));
    path = join(folder, 'fox.png');
    await writeFile(path, await paint(20, 10).png().toBuffer());
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** Processes that go over their memory in a job by its number, counted over all of them. */
  function decoding(over: ReadonlySet<number>) {
    let jobs = 0;
    let started = 0;
    const start = (): DecodeProcess => {
      started += 1;
      let [rss, gone] = [0, false];
      return {
        get rss() {
          return rss;
        },
        get gone() {
          return gone;
        },
        async run() {
          if (over.has(jobs++)) {
            gone = true;
            throw new DecodeError('memory', 'An image took the decoder process to 121147392 bytes.');
          }
          rss = 100_000_000;
          return facts;
        },
        end() {
          gone = true;
        },
      };
    };
    const decoder = createDecoder({ memory: createMemory(1e9), log: silentLog, processes: 1, start });
    return { decoder, started: () => started };
  }

  it('does not count against the next one, which is decoded in a fresh process', async () => {
    const { decoder, started } = decoding(new Set([1]));
    expect(await decoder.header(path)).toMatchObject({ width: 20 });
    expect(await decoder.header(path)).toMatchObject({ width: 20 });
    expect(started()).toBe(2);
    decoder.close();
  });

  it('is only replaced once: a picture that is too large for a fresh process is not tried a third time', async () => {
    const { decoder, started } = decoding(new Set([0, 2, 3]));
    await expect(decoder.header(path)).rejects.toMatchObject({ reason: 'memory' });
    expect(await decoder.header(path)).toMatchObject({ width: 20 });
    await expect(decoder.header(path)).rejects.toMatchObject({ reason: 'memory' });
    expect(started()).toBe(3);
    decoder.close();
  });
});
