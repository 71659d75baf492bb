import { rmdir, statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ConfigError } from '../../config/config.js';
import { isFolder } from '../../util/directory.js';
import { type Finding, fail, ofProblem, ok, warn } from './finding.js';

/** A folder that Easel uses. */
export interface Place {
  readonly folder: string;
  /**
   * Does what Easel does there at the start, and removes what it wrote.
   * @throws ConfigError if that fails.
   */
  readonly tryOut?: () => Promise<unknown>;
}

const check = 'Disk';
/** Free bytes below which Easel can't work, and below which it soon can't. */
const [scarce, little] = [100e6, 1e9];

/** Checks Easel's directories and the free space of their disks. */
export async function checkDisk(places: readonly Place[]): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const measured = new Set<string>();
  // One after another: one check may create and remove a parent of the next.
  for (const place of places) {
    const troubles = await tryOut(place);
    findings.push(...troubles);
    if (troubles.length === 0) measured.add(await existing(place.folder));
  }
  return [...findings, ...(await Promise.all([...measured].map(measure)))];
}

/** Created directories are removed again: one created by the doctor's user might be inaccessible to Easel. */
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

/** The directory itself, or its nearest existing parent. */
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
