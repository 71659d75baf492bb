import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MessageView } from '@easel/discord-stand-in';
import { lacksFfmpeg, likeness, makeClip, play, probe } from '../support/clips.js';
import { photograph } from '../support/images.js';
import type { Figure } from './figures.js';
import type { BenchOptions } from './measurement.js';
import { type Rig, withRig } from './rig.js';

const megabyte = 1_000_000;
const mebibyte = 1024 * 1024;
/** Four rungs of three minutes each, and the way there, ms. */
const waitMs = 14 * 60_000;

/** A result that MPS might have made. */
interface Sample {
  readonly name: string;
  readonly command: 'imagine' | 'animate';
  /** The required similarity if it arrives smaller (SSIM, of 1). */
  readonly atLeast: number;
  make(path: string): Promise<unknown>;
}

/**
 * Floors slightly below the ladder's results for these files: 0.96 to 1 for pictures, 0.89 to 0.9 for clips up to 1080p and
 * of larger ones 0.92 to 0.99. It is the grain that is lost; the same out of focus or standing still has 0.84 at 1080p.
 */
const floors = { picture: 0.95, clip: 0.88, large: 0.91 } as const;

const picture = (side: number): Sample => ({
  name: `picture of ${side} px`,
  command: 'imagine',
  atLeast: floors.picture,
  make: async (path) => (await photograph(side)).png({ compressionLevel: 1 }).toFile(path),
});
const clip = (seconds: number, size: string, rate: number): Sample => ({
  name: `clip of ${seconds} s, ${size}`,
  command: 'animate',
  atLeast: size === '3840x2160' ? floors.large : floors.clip,
  make: (path) => makeClip(path, { seconds, size, rate }),
});

/** Discord's limits, MiB a file. */
type Limit = 10 | 20 | 50 | 100;
interface Grid {
  readonly samples: readonly Sample[];
  readonly limits: readonly Limit[];
}

const whole: Grid = {
  samples: [
    ...[16, 512, 2048, 4096, 7680].map(picture),
    ...[clip(5, '1280x720', 8e6), clip(5, '1920x1080', 32e6), clip(10, '1920x1080', 80e6)],
    ...[clip(15, '3840x2160', 50e6), clip(15, '3840x2160', 106e6)],
  ],
  limits: [10, 20, 50, 100],
};
/** A large one of each kind under Discord's lowest limit: the run has half a minute left for it. */
const large: Grid = { samples: [picture(7680), clip(5, '1920x1080', 32e6)], limits: [10] };
const quickest: Grid = { samples: [picture(16), picture(3000), clip(3, '1280x720', 40e6)], limits: [10] };

/**
 * Results from 1 KB to 200 MB under each of Discord's limits, from MPS through Easel to Discord: which ones arrive byte for byte,
 * smaller and alike, as a preview, as a link. All of them only where the grid was asked for by its name.
 */
export async function fitGrid({ seed, quick, chosen, profiles }: BenchOptions): Promise<Figure[]> {
  if (lacksFfmpeg) return [];
  const { samples, limits } = quick ? quickest : chosen ? whole : large;
  const folder = await mkdtemp(join(tmpdir(), 'easel-bench-'));
  const env = { SPOOL_DIR: join(folder, 'spool') };
  try {
    return await withRig({ seed, profiles, env, speed: 200 }, async (rig) => {
      const figures: Figure[] = [];
      for (const sample of samples) {
        const path = join(folder, `sample.${sample.command === 'imagine' ? 'png' : 'mp4'}`);
        await sample.make(path);
        for (const limit of limits) figures.push(...(await deliver(rig, sample, path, limit, folder)));
      }
      return figures;
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** One cell: MPS has the file at `path` for its result, and the user's upload limit is so many MiB. */
async function deliver(rig: Rig, sample: Sample, path: string, limit: Limit, folder: string) {
  const { size: bytes } = await stat(path);
  const row = `${sample.name} (${(bytes / megabyte).toPrecision(3)} MB) under ${limit} MiB`;
  const { message, seconds } = await outcome(rig, sample.command, path, limit);
  const after: Figure = { row: `${row}: there after`, measured: seconds, unit: 's' };
  const posted = join(folder, 'posted');
  const isPosted = message !== undefined && message.attachments.length > 0;
  if (isPosted) await writeFile(posted, await rig.discord.fetchAttachment(message.id, 0));
  const says = (words: string) => message?.content.includes(words) ?? false;
  if (bytes <= limit * mebibyte) {
    const isSame = isPosted && (await readFile(path)).equals(await readFile(posted));
    return [arrived(`${row}: byte for byte`, isSame), after];
  }
  if (!isPosted) return [arrived(`${row}: by its link`, says('not posted: the file is')), after];
  if (says('preview: the file is')) return [arrived(`${row}: a preview, and its link`, true), after];
  return [after, ...(await judge(row, path, posted, limit, sample.atLeast))];
}

/** The outcome for a file. */
async function judge(
  row: string,
  path: string,
  posted: string,
  limit: Limit,
  atLeast: number,
): Promise<Figure[]> {
  const share = ((await stat(posted)).size / (limit * mebibyte)) * 100;
  const alike = await likeness(path, posted).catch(() => undefined);
  return [
    arrived(`${row}: smaller, and plays`, await isPlayable(posted)),
    { row: `${row}: of the limit`, measured: share, unit: '%', target: { atMost: 100 } },
    { row: `${row}: likeness (SSIM)`, measured: alike, unit: '', target: { atLeast } },
  ];
}

function arrived(row: string, isSo: boolean): Figure {
  return { row, measured: isSo ? 1 : 0, unit: '', target: { atLeast: 1 } };
}

/** The outcome of an order, if any, and s from the moment MPS had its result. */
async function outcome({ discord, mps }: Rig, command: Sample['command'], path: string, limit: Limit) {
  const { id } = discord.world.addUser({ username: `limit-${limit}`, uploadLimit: limit * mebibyte });
  discord.world.addMember('Foxglove', id);
  mps.faults.clear();
  mps.faults.add({ kind: 'file', path });
  const order = await discord.actor(id, 'general').command(command, { prompt: 'a red fox' });
  const message: MessageView | undefined = await order
    .until(
      ({ attachments, content }) => attachments.length > 0 || /not posted: the file is|⚠️/.test(content),
      {
        timeoutMs: waitMs,
      },
    )
    .catch(() => undefined);
  const finishedAt = mps.tasks.at(-1)?.finishesAt ?? Number.NaN;
  return { message, seconds: (discord.clock.now() - finishedAt) / 1000 };
}

/** Whether ffprobe finds a picture in it, and all of it can be decoded. */
async function isPlayable(path: string): Promise<boolean> {
  try {
    const { video } = await probe(path);
    await play(path);
    return video.width > 0;
  } catch {
    return false;
  }
}
