import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { readAsset } from '@easel/mps-stand-in/internals';
import { pad } from '../support/clips.js';
import type { Figure } from './figures.js';
import { fitGrid } from './fit-grid.js';
import type { BenchOptions, Measurement } from './measurement.js';
import { withRig } from './rig.js';

const run = promisify(execFile);
const megabyte = 1_000_000;
const waitMs = 15 * 60_000;

/** Large files in transfer, and how they are made to fit. */
export const delivering: readonly Measurement[] = [
  {
    name: 'clips',
    quick: true,
    run: async (options) => ({ figures: await largeClips(options.quick ? 5 : 20, options) }),
  },
  { name: 'fit grid', run: async (options) => ({ figures: await fitGrid(options) }) },
];

/** So many clips of 100 MB are done at one moment, in a guild that may have them: how much memory that takes, and the usual way. */
export async function largeClips(count: number, { seed, profiles }: BenchOptions): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'easel-bench-'));
  const path = join(folder, 'clip.mp4');
  await writeFile(path, await readAsset('wide.mp4'));
  await pad(path, 100 * megabyte);
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
