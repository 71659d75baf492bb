import { rmdir, statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ConfigError } from '../../config/config.js';
import { isFolder } from '../../util/directory.js';
import { type Finding, fail, ofProblem, ok, warn } from './finding.js';

/** A folder that Easel uses. */
export interface Place {
  readonly folder: string;
  /**
   * Does there what Easel does when it starts, and takes back what it wrote. @throws ConfigError if that cannot be
   * done.
   */
  readonly tryOut?: () => Promise<unknown>;
}

const check = 'Disk';
/** Bytes below which Easel is at its end, and below which it soon will be. */
const [scarce, little] = [100e6, 1e9];

/** Whether Easel can use its folders, and how much room their disks have. */
export async function checkDisk(places: readonly Place[]): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const measured = new Set<string>();
  // One after the other: what one of them makes and removes may lie above the next one's.
  for (const place of places) {
    const troubles = await tryOut(place);
    findings.push(...troubles);
    if (troubles.length === 0) measured.add(await existing(place.folder));
  }
  return [...findings, ...(await Promise.all([...measured].map(measure)))];
}

/** A folder that was not there is not left behind: made by whoever runs the doctor, it might be closed to Easel. */
async function tryOut({ folder, tryOut: attempt }: Place): Promise<readonly Finding[]> {
  const there = await existing(folder);
  try {
    await attempt?.();
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map((problem) => ofProblem(check, problem));
  } finally {
    for (let made = resolve(folder); made !== there; made = dirname(made)) await rmdir(made).catch(() => {});
  }
}

/** The folder itself, or the nearest one above it that is there. */
async function existing(folder: string): Promise<string> {
  const path = resolve(folder);
  return dirname(path) === path || (await isFolder(path)) ? path : existing(dirname(path));
}

async function measure(folder: string): Promise<Finding> {
  try {
    const { bavail, bsize } = await statfs(folder);
    const free = bavail * bsize;
    const said = `${(free / 1e9).toFixed(1)} GB free in ${folder}`;
    if (free < scarce) return fail(check, said, 'free some');
    return free < little ? warn(check, said, 'free some space soon') : ok(check, said);
  } catch {
    return warn(check, `${folder} cannot be inspected`, 'make it readable');
  }
}
