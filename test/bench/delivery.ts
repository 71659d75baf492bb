import { execFile } from 'node:child_process';
import { mkdtemp, open, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { silentLog } from '../../src/log.js';
import type { ClaimedType } from '../../src/media/claim.js';
import { createFitter } from '../../src/media/fit.js';
import { createMemory } from '../../src/media/memory.js';
import { createSpool } from '../../src/media/spool.js';
import { readAsset } from '../../src/playground/mps/assets.js';
import { ffmpeg, lacksFfmpeg, likeness, makeClip, play } from '../support/clips.js';
import { noise } from '../support/images.js';
import type { Figure } from './figures.js';
import type { BenchOptions, Measurement } from './measurement.js';
import { withRig } from './rig.js';

const run = promisify(execFile);
const megabyte = 1_000_000;
const mebibyte = 1024 * 1024;
const waitMs = 15 * 60_000;

/** A clip that plays, and has as many bytes as wanted: players skip a `free` box. */
async function padded(path: string, bytes: number): Promise<void> {
  const clip = await readAsset('wide.mp4');
  const head = Buffer.alloc(8);
  head.writeUInt32BE(bytes - clip.length);
  head.write('free', 4, 'latin1');
  await writeFile(path, Buffer.concat([clip, head]));
  const file = await open(path, 'r+');
  await file.truncate(bytes);
  await file.close();
}

/** Large files on their way, and how they are made to fit. */
export const delivering: readonly Measurement[] = [
  {
    name: 'clips',
    quick: true,
    run: async (options) => ({ figures: await largeClips(options.quick ? 5 : 20, options) }),
  },
  { name: 'fit grid', quick: true, run: async ({ quick }) => ({ figures: await fitGrid({ quick }) }) },
];

/** So many clips of 100 MB are done at one moment, in a guild that may have them: how much memory that takes, and the usual way. */
export async function largeClips(count: number, { seed, profiles }: BenchOptions): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'easel-bench-'));
  const path = join(folder, 'clip.mp4');
  await padded(path, 100 * megabyte);
  const env = { MAX_VIDEO_TASKS: String(count), SPOOL_DIR: join(folder, 'spool') };
  try {
    return await withRig({ seed, profiles, env, speed: 200 }, async ({ discord, mps, bot }) => {
      const { id } = discord.world.guild('Foxglove');
      discord.world.setBoostTier(id, 3);
      mps.faults.add({ kind: 'file', path });
      const ben = discord.actor('ben', 'general');
      const name = `${count} clips of 100 MB at once`;
      const orders = Array.from({ length: count }, () => ben.command('animate', { prompt: 'it runs' }));
      const arrivals = orders.map(async (order) => {
        const { attachments } = await (await order).until(({ attachments: all }) => all.length > 0, {
          timeoutMs: waitMs,
        });
        return attachments[0]?.size === 100 * megabyte;
      });
      const arrived = (await Promise.all(arrivals)).filter(Boolean).length;
      const { peak } = (await bot.memory()) ?? {};
      const naive = fileURLToPath(new URL('naive.js', import.meta.url));
      const channel = discord.world.channel('general').id;
      const { stdout } = await run(process.execPath, [
        ...[naive, discord.apiUrl, discord.token, channel, path, String(count)],
      ]);
      return [
        { row: `${name}: arrived`, measured: arrived, unit: '', target: { atLeast: count } },
        {
          row: `${name}: peak memory`,
          measured: peak && peak / megabyte,
          unit: 'MB',
          target: { atMost: 300 },
        },
        { row: `${name}: peak memory, naive way`, measured: Number(stdout) / megabyte, unit: 'MB' },
      ];
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Sample {
  readonly name: string;
  readonly type: ClaimedType;
  make(path: string): Promise<unknown>;
}

const picture = (side: number): Sample => ({
  name: `picture of ${side} px`,
  type: 'image/png',
  make: async (path) => sharp(await noise(side).png({ compressionLevel: 1 }).toBuffer()).toFile(`${path}`),
});
const clip = (seconds: number, size: string, rate: number): Sample => ({
  name: `clip of ${seconds} s, ${size}, ${(rate * seconds) / 8 / megabyte} MB`,
  type: 'video/mp4',
  make: (path) => makeClip(path, { seconds, size, rate }),
});

const few: readonly Sample[] = [picture(16), picture(3000), clip(3, '1280x720', 40e6)];
const all: readonly Sample[] = [
  ...[16, 512, 2048, 4096, 7680].map(picture),
  ...[clip(5, '1280x720', 8e6), clip(5, '1920x1080', 32e6), clip(10, '1920x1080', 80e6)],
  ...[clip(15, '3840x2160', 50e6), clip(15, '3840x2160', 106e6)],
];

/** From 1 KB to 200 MB, under each of Discord's limits: what arrives as it was, smaller and alike, as a preview, as a link. */
export async function fitGrid({ quick }: { readonly quick: boolean }): Promise<Figure[]> {
  if (lacksFfmpeg) return [];
  const folder = await mkdtemp(join(tmpdir(), 'easel-bench-'));
  const spool = await createSpool({ folder: join(folder, 'spool') });
  const fitter = createFitter({
    ...{ spool, memory: createMemory(128 * megabyte), log: silentLog },
    ...(ffmpeg && { ffmpeg }),
  });
  const figures: Figure[] = [];
  try {
    for (const { name, type, make } of quick ? few : all) {
      const path = join(folder, type === 'image/png' ? 'sample.png' : 'sample.mp4');
      await make(path);
      const { size: bytes } = await stat(path);
      for (const limit of quick ? [10] : [10, 20, 50, 100]) {
        const row = `${name} (${(bytes / megabyte).toPrecision(3)} MB) under ${limit} MiB`;
        figures.push(...(await measureFit(row, { path, type, bytes }, limit * mebibyte)));
      }
    }
    return figures;
  } finally {
    await spool.close();
    await rm(folder, { recursive: true, force: true });
  }

  async function measureFit(
    row: string,
    file: { path: string; type: ClaimedType; bytes: number },
    maxBytes: number,
  ): Promise<Figure[]> {
    if (file.bytes <= maxBytes) return [{ row: `${row}: whole`, measured: 1, unit: '' }];
    const start = performance.now();
    const fitted = await fitter.fit(file, { maxBytes }, { signal: new AbortController().signal });
    const seconds = (performance.now() - start) / 1000;
    if (!fitted) return [{ row: `${row}: by link after`, measured: seconds, unit: 's' }];
    await play(fitted.path);
    const alike = fitted.how === 'smaller' ? await likeness(file.path, fitted.path) : undefined;
    await spool.remove([fitted.path]);
    return [
      { row: `${row}: ${fitted.how} in`, measured: seconds, unit: 's' },
      {
        row: `${row}: of the limit`,
        measured: (fitted.bytes / maxBytes) * 100,
        unit: '%',
        target: { atMost: 100 },
      },
      { row: `${row}: likeness (SSIM)`, measured: alike, unit: '' },
    ];
  }
}
