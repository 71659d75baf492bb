import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { boxesIn, findBox, toBytes } from '../../../../src/media/formats/mp4-boxes.js';
import { readClip } from '../../../../src/media/formats/mp4-info.js';
import { measure } from '../../../../src/tasks/accounting/billing.js';
import { createCollectingLog } from '../../../support/log.js';
import { quickFolder } from '../../../support/quick-folder.js';
import { aTask } from '../../../support/tasks.js';

let folder: string;
beforeAll(async () => {
  folder = await quickFolder('easel-billing-');
});
afterAll(() => rm(folder, { recursive: true }));

const box = (type: string, ...parts: readonly Uint8Array[]) => toBytes({ type, body: Buffer.concat(parts) });

/** `mvhd` with a timescale and a length in its units, in its short or its long form. */
function header(timescale: number, units: bigint, long = false): Buffer {
  const body = Buffer.alloc(long ? 112 : 100);
  body[0] = long ? 1 : 0;
  body.writeUInt32BE(timescale, long ? 20 : 12);
  if (long) body.writeBigUInt64BE(BigInt.asUintN(64, units), 24);
  else body.writeUInt32BE(Number(BigInt.asUintN(32, units)), 16);
  return box('mvhd', body);
}

async function saved(...parts: readonly Uint8Array[]) {
  const path = join(folder, 'clip.mp4');
  await writeFile(path, Buffer.concat([box('ftyp', Buffer.from('isom\0\0\0\0')), ...parts]));
  return { path, type: 'video/mp4', bytes: 1, sha256: '' } as const;
}

/** The billed seconds of a clip with this header, of 5 that were ordered, and whether anything is logged. */
async function billed(...parts: readonly Uint8Array[]) {
  const task = aTask({ cost: { unit: 'second', amount: 5 }, request: clipRequest });
  const log = createCollectingLog();
  const { billed: seconds } = await measure(task, [await saved(...parts)], log);
  return [seconds, log.lines.length > 0];
}
const clipRequest = { kind: 'video', model: 'kling-3.0', prompt: 'it runs', enhance: false } as const;

describe('the billed length of a clip', () => {
  it.each<[string, number, bigint, boolean, number]>([
    ['5 s and a frame', 1_000, 5_040n, false, 5],
    ['the same in the long form', 90_000, 453_600n, true, 5],
    ['the 8 s that a model made of 5', 1_000, 8_000n, false, 8],
    ['4 s', 1_000, 4_000n, false, 4],
  ])('is what its header says: %s', async (_, timescale, units, long, seconds) => {
    expect(await billed(box('moov', header(timescale, units, long)))).toEqual([seconds, false]);
  });

  it.each<[string, number, bigint, boolean]>([
    ['all ones: unknown', 1_000, 0xffffffffn, false],
    ['all ones in the long form', 1_000, 0xffffffffffffffffn, true],
    ['all ones but one', 1_000, 0xfffffffffffffffen, true],
    ['negative, read as signed', 1_000, -5_000n, true],
    ['zero: with the fragments', 1_000, 0n, false],
    ['a timescale of zero', 0, 5_000n, false],
    ['nothing by nothing', 0, 0n, true],
    ['an hour', 1_000, 3_600_000n, false],
    ['no more than a blink', 1_000, 1n, false],
    ['a minute', 1, 60n, true],
  ])('is what was ordered, and the log says so, if the header says %s', async (_, timescale, units, long) => {
    expect(await billed(box('moov', header(timescale, units, long)))).toEqual([5, true]);
  });

  it.each<[string, () => Buffer[]]>([
    ['no header', () => []],
    ['an empty one', () => [box('moov')]],
    ['one that is cut off', () => [box('moov', header(1_000, 5_000n)).subarray(0, 30)]],
    ['one without a length', () => [box('moov', box('mvhd', Buffer.alloc(4)))]],
    ['a box that says it is longer than the file', () => [Buffer.from('\xff\xff\xff\xffmoov', 'latin1')]],
    ['a box that says it is shorter than its head', () => [Buffer.from('\0\0\0\x03moov', 'latin1')]],
  ])('is what was ordered, for a file with %s', async (_, parts) => {
    expect(await billed(...parts())).toEqual([5, true]);
  });

  it('is a whole number of seconds near those ordered, whatever is in the file', async () => {
    const junk = fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes));
    const type = fc.constantFrom('moov', 'mvhd', 'trak', 'mdia', 'hdlr', 'tkhd', 'stsz', 'uuid');
    const inner = fc.tuple(type, junk).map(([name, body]) => box(name, body));
    const outer = fc.tuple(type, fc.array(fc.oneof(inner, junk))).map(([name, all]) => box(name, ...all));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(outer, junk), { maxLength: 6 }), async (parts) => {
        const [seconds] = await billed(...parts);
        expect(Number.isInteger(seconds)).toBe(true);
        expect(seconds).toBeGreaterThan(0);
        expect(seconds).toBeLessThanOrEqual(15);
      }),
      { numRuns: 150 },
    );
  });
});

describe('MP4 boxes', () => {
  it('are read without endless loop or error, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const body = Buffer.from(bytes);
        const boxes = boxesIn(body);
        // Each takes at least a head: so many steps at most.
        expect(boxes.length).toBeLessThanOrEqual(body.length / 8);
        expect(boxes.reduce((sum, one) => sum + one.body.length + 8, 0)).toBeLessThanOrEqual(body.length + 8);
        findBox(body, 'moov', 'trak', 'mdia');
      }),
    );
  });

  it('of a header of 3 MB in small boxes take one step each', async () => {
    const many = Buffer.alloc(400_000 * 8, box('trak'));
    const file = await saved(box('moov', header(1_000, 5_000n), many));
    // With a step for each pair of boxes it would not end within this test's time.
    expect(await readClip(file.path)).toMatchObject({ seconds: 5 });
  });
});
