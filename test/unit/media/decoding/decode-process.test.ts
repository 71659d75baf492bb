import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Order } from '../../../../src/media/decoding/decode-jobs.js';
import {
  DecodeError,
  type DecodeProcess,
  type ProcessOptions,
  startDecodeProcess,
} from '../../../../src/media/decoding/decode-process.js';
import type { Header } from '../../../../src/media/decoding/decoder.js';
import { createMemory } from '../../../../src/media/storage/memory-budget.js';
import { checkPictures } from '../../../../src/ops/doctor/runtime.js';
import { aDecoder } from '../../../support/decoder.js';
import { paint } from '../../../support/images.js';
import { createCollectingLog } from '../../../support/log.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'easel-decode-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** The reason of a rejected promise. */
const reasonOf = (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    (error: unknown) => (error instanceof DecodeError ? error.reason : error),
  );

const small = { format: 'jpeg', width: 9, height: 9, plain: true, byLine: true, deep: false, frames: 1 };
const modest: Header = { ...small, alpha: false, huge: false };

async function saved(name: string, bytes: Uint8Array | string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

/** A program in place of the one that decodes. */
const programs = {
  crashes: "process.send({type:'ready'}); process.on('message', () => process.abort());",
  hangs: "process.send({type:'ready'}); process.on('message', () => setInterval(() => {}, 1000));",
  neverStarts: 'process.exit(3);',
  // No watch of its own: only the kernel's bound is left.
  swallows:
    "process.send({type:'ready'}); process.on('message', () => { const all = []; for (let i = 0; i < 60; i++) all.push(Buffer.alloc(16e6, 1)); process.send({type:'answer', value: true, rss: 1}); });",
};

async function decoderWith(program: keyof typeof programs) {
  // A hanging process is waited for no longer than that; on a busy machine a crash takes longer.
  const graceMs = program === 'hangs' ? 100 : 60_000;
  const path = await saved(`${program}.mjs`, programs[program]);
  const start = (options: ProcessOptions): DecodeProcess =>
    startDecodeProcess({ ...options, program: path, graceMs });
  return aDecoder({ start, log: createCollectingLog() });
}

describe('the decode process', () => {
  it.each([
    ['crashes', 'crash'],
    ['neverStarts', 'start'],
    ['hangs', 'time'],
  ] as const)('that %s fails its own job, and the next has a process of its own', async (program, reason) => {
    const decoder = await decoderWith(program);
    for (let turn = 0; turn < 2; turn++) {
      const encoding = { type: 'image/webp', lossless: false, quality: 80 } as const;
      const job = decoder.encode('a', 'b', { header: modest, how: encoding, seconds: 0 });
      expect(await reasonOf(job)).toBe(reason);
    }
  });

  it.runIf(process.platform === 'linux')('is stopped by the kernel if its own watch fails', async () => {
    const decoder = await decoderWith('swallows');
    expect(await reasonOf(decoder.isWhole('a', modest))).toBe('crash');
  });

  it("runs without the kernel’s limit if it can't start with it", async () => {
    const log = createCollectingLog();
    // Less than any Node needs.
    const start = ({ memoryBytes, ...options }: ProcessOptions) =>
      startDecodeProcess({ ...options, ...(memoryBytes !== undefined && { memoryBytes: -200_000_000 }) });
    const decoder = aDecoder({ start, log });
    expect(await decoder.probe()).toBe(true);
    decoder.close();
    if (process.platform === 'linux')
      expect(log.lines.map(({ message }) => message).join()).toContain('without a memory limit');
  });

  it('exits if a picture takes far more than estimated, and the next one succeeds', async () => {
    const log = createCollectingLog();
    const decoder = aDecoder({ log });
    // A header that declares 3000 × 3000 pixels, which take 180 MB as an AVIF.
    const bytes = await paint(3_000, 3_000).avif({ effort: 0 }).toBuffer();
    const path = await saved('large.avif', bytes);
    expect(await reasonOf(decoder.isWhole(path, modest))).toBe('memory');
    expect(log.lines.map(({ message }) => message).join()).toContain('crashed the decoder process');
    const fine = await saved('fine.png', await paint().png().toBuffer());
    expect(await decoder.isWhole(fine, modest)).toBe(true);
    decoder.close();
  });

  it("reports that the library can't be loaded, and the doctor says what to do", async () => {
    const alone = join(folder, 'alone.mjs');
    await cp('src/media/decoding/decode-child.js', alone);
    const decoder = aDecoder({ start: (options) => startDecodeProcess({ ...options, program: alone }) });
    expect(await reasonOf(decoder.probe())).toBe('unloadable');
    const finding = await checkPictures(decoder.probe);
    expect(finding).toMatchObject({ level: 'fail', said: expect.stringContaining('sharp'), fix: /npm ci/ });
    expect(await checkPictures(aDecoder().probe)).toMatchObject({ level: 'ok' });
  });

  it('does not see the bot’s secrets', async () => {
    process.env.DISCORD_TOKEN_OF_THIS_TEST = 'secret';
    const program =
      "process.send({type:'ready'}); process.on('message', () => process.send({type:'answer', value: Object.keys(process.env), rss: 1}));";
    const path = await saved('tells.mjs', program);
    const one = startDecodeProcess({ memoryBytes: 1e8, program: path });
    const order: Order = { job: 'words', asks: { path: '' }, mostRss: 1e9, seconds: 5 };
    const names = await one.run(order);
    one.end();
    delete process.env.DISCORD_TOKEN_OF_THIS_TEST;
    expect(names).toContain('PATH');
    expect(names).not.toContain('DISCORD_TOKEN_OF_THIS_TEST');
  });
});

describe('the budget', () => {
  /** A decoder whose jobs end when allowed, and the number in progress. */
  function counted(total: number) {
    const begun: (() => void)[] = [];
    let [now, most] = [0, 0];
    const start = (): DecodeProcess => ({
      rss: 0,
      gone: false,
      end() {},
      async run() {
        most = Math.max(most, ++now);
        await new Promise<void>((resolve) => begun.push(resolve));
        now--;
        return true;
      },
    });
    const decoder = aDecoder({ memory: createMemory(total), start, processes: 4 });
    return { decoder, begun, most: () => most };
  }

  /** An AVIF of 6 million pixels: 120 MB. */
  const avif: Header = { ...modest, format: 'heif', width: 3_000, height: 2_000, byLine: false };

  it.each([
    [128e6, avif, 1],
    [256e6, avif, 2],
    // The same pixels are little as a JPEG: 12 MB.
    [128e6, { ...avif, format: 'jpeg', byLine: true }, 4],
  ])('of %d bytes is shared by what each format takes for a pixel', async (total, header, wanted) => {
    const { decoder, begun, most } = counted(total);
    const all = Array.from({ length: 6 }, () => decoder.isWhole('a', header));
    let ended = 0;
    for (const one of all) void one.then(() => ended++);
    while (ended < all.length) {
      await new Promise(setImmediate);
      begun.shift()?.();
    }
    expect(most()).toBe(wanted);
  });
});
