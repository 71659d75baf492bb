import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ffmpeg } from './clips.js';

const run = promisify(execFile);

/** How much each frame differs from the one before it, on average over its pixels; and how bright it is. */
export async function frames(path: string): Promise<{ change: number; light: number }[]> {
  const values = async (filter: string) => {
    const print = `${filter}signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=-`;
    const { stdout } = await run(ffmpeg ?? '', ['-v', 'error', '-i', path, '-vf', print, '-f', 'null', '-'], {
      maxBuffer: 1e8,
    });
    return [...stdout.matchAll(/YAVG=([\d.]+)/g)].map(([, value]) => Number(value));
  };
  const [changes, lights] = [await values('tblend=all_mode=difference,'), await values('')];
  const offset = lights.length - changes.length;
  return lights.map((light, at) => ({ light, change: changes[at - offset] ?? 0 }));
}

/** Loudness of each 10 ms, in dB. */
export async function loudness(path: string): Promise<number[]> {
  const print =
    'aresample=48000,asetnsamples=480,astats=metadata=1:reset=1,ametadata=print:key=lavfi.astats.1.RMS_level:file=-';
  const { stdout } = await run(ffmpeg ?? '', ['-v', 'error', '-i', path, '-af', print, '-f', 'null', '-'], {
    maxBuffer: 1e8,
  });
  return [...stdout.matchAll(/RMS_level=(-?[\d.]+|-inf)/g)].map(([, value]) =>
    value === '-inf' ? -120 : Number(value),
  );
}

/** Changes around the seam after so many frames, of the usual change: 1 is as everywhere, 0 is no movement. */
export function seamOf(all: readonly { change: number }[], at: number): { least: number; most: number } {
  const usual = median(all.slice(1).map(({ change }) => change));
  const around = all.slice(at - 1, at + 3).map(({ change }) => change / usual);
  return { least: Math.min(...around), most: Math.max(...around) };
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}
