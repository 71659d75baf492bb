import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { lacksFfmpeg, makeClip } from '../../support/clips.js';
import { fillLedger } from '../../support/full-ledger.js';
import { runSoak } from '../bot.js';
import type { Figure } from '../figures.js';
import type { BenchOptions, Measurement } from '../measurement.js';
import { type RigOptions, withRig } from '../rig.js';

/** What Easel holds at rest, at its hardest work, and after a hundred days. */
export const memory: readonly Measurement[] = [
  { name: 'memory at rest', run: async (options) => ({ figures: await atRest(options) }) },
  { name: 'memory of fitting', run: async (options) => ({ figures: await fitting(options) }) },
  { name: 'memory of a soak', run: async (options) => ({ figures: await soak(options) }) },
];

const megabyte = 1_000_000;
/** ms after which a start is over. */
const restMs = 5_000;

/** Resident after a start, with an empty ledger and with 10,000 finished tasks. */
async function atRest(options: BenchOptions): Promise<Figure[]> {
  const figures: Figure[] = [];
  const least = await resident({ ...options, least: true });
  for (const over of [0, 10_000]) {
    const prepare = async (storeUrl: string) =>
      void (await fillLedger(storeUrl, { over, images: 0, videos: 0, queued: 0 }, Date.now()));
    const now = await resident({ ...options, prepare, again: true });
    figures.push({
      row: `at rest, ${over.toLocaleString('en-US')} finished tasks: resident memory`,
      measured: now && now / megabyte,
      unit: 'MB',
      target: { atMost: 200 },
      bound: least && least / megabyte,
    });
  }
  return figures;
}

function resident(options: RigOptions): Promise<number | undefined> {
  return withRig(options, async ({ bot }) => {
    await sleep(restMs);
    return (await bot.memory())?.now;
  });
}

/** 20 images and 5 clips over Discord's limit are made to fit at the same time: the most of Easel and its helpers. */
async function fitting({ seed, profiles, quick }: BenchOptions): Promise<Figure[]> {
  if (lacksFfmpeg) return [];
  const [images, clips] = quick ? [4, 1] : [20, 5];
  const folder = await mkdtemp(join(tmpdir(), 'easel-bench-'));
  const [picture, clip] = [join(folder, 'picture.png'), join(folder, 'clip.mp4')];
  // Noise: as large as a PNG of its pixels can be.
  const create = {
    width: 2300,
    height: 2300,
    channels: 3,
    noise: { type: 'gaussian', mean: 128, sigma: 60 },
  } as const;
  await sharp({ create: { ...create, background: 'black' } })
    .png()
    .toFile(picture);
  await makeClip(clip, { seconds: 5, size: '1920x1080', rate: 32e6 });
  const env = { SPOOL_DIR: join(folder, 'spool'), MAX_IMAGE_TASKS: '20', MAX_VIDEO_TASKS: '5' };
  try {
    return await withRig({ seed, profiles, env, speed: 200 }, async ({ discord, mps, bot }) => {
      mps.faults.add({ kind: 'file', path: picture, count: images });
      const ben = discord.actor('ben', 'general');
      let peak = 0;
      const watching = setInterval(
        () => void treeOf(bot.pid).then((bytes) => (peak = Math.max(peak, bytes))),
        50,
      );
      const posted = async (name: string, prompt: string) =>
        (await ben.command(name, { prompt })).until(({ attachments }) => attachments.length > 0, {
          timeoutMs: 10 * 60_000,
        });
      const begunAt = performance.now();
      const pictures = Array.from({ length: images }, (_, n) => posted('imagine', `a red fox, number ${n}`));
      await sleep(2_000);
      mps.faults.add({ kind: 'file', path: clip, count: clips });
      const moving = Array.from({ length: clips }, (_, n) => posted('animate', `it runs, number ${n}`));
      const arrived = (await Promise.allSettled([...pictures, ...moving])).filter(
        ({ status }) => status === 'fulfilled',
      ).length;
      clearInterval(watching);
      const seconds = (performance.now() - begunAt) / 1_000;
      const row = `${images} images and ${clips} clips made to fit at once`;
      return [
        { row: `${row}: arrived`, measured: arrived, unit: '', target: { atLeast: images + clips } },
        { row: `${row}: until the last arrived`, measured: seconds, unit: 's', target: { atMost: 180 } },
        {
          row: `${row}: peak memory with helpers`,
          measured: peak / megabyte,
          unit: 'MB',
          target: { atMost: 512 },
        },
      ];
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Bytes of a process and its children that no other process shares in full (proc(5): smaps_rollup, Pss). */
async function treeOf(root: number | undefined): Promise<number> {
  const parents = new Map<number, number>();
  for (const name of await readdir('/proc').catch(() => [])) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const isOfTree = (pid: number | undefined): boolean =>
    pid !== undefined && pid > 1 && (pid === root || isOfTree(parents.get(pid)));
  const sizes = [...parents.keys()].filter(isOfTree).map(async (pid) => {
    const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
    return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0) * 1024;
  });
  return (await Promise.all(sizes)).reduce((sum, bytes) => sum + bytes, 0);
}

/** A hundred simulated days: in the second half, when as much is forgotten as is added, nothing may grow. */
async function soak({ quick }: BenchOptions): Promise<Figure[]> {
  const count = quick ? 10_000 : 100_000;
  const told = JSON.parse(await runSoak(count)) as [number, number][];
  const last = told.at(-1);
  // Resident memory goes up and down by a quarter with when V8 gives pages back: the most of three looks says more than one.
  const [early, late] = [told.slice(3, 6), told.slice(-3)];
  const most = (looks: typeof told, of: 0 | 1) => Math.max(...looks.map((look) => look[of]));
  const growth = (of: 0 | 1) => (most(late, of) / most(early, of) - 1) * 100;
  const row = `${count.toLocaleString('en-US')} tasks in 100 simulated days`;
  return [
    {
      row: `${row}: growth of the heap from days 40–60 to 80–100`,
      measured: growth(0),
      unit: '%',
      target: { atMost: 5 },
    },
    { row: `${row}: growth of resident memory`, measured: growth(1), unit: '%', target: { atMost: 5 } },
    { row: `${row}: resident at the end`, measured: last && last[1] / megabyte, unit: 'MB' },
  ];
}
