import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Reason, Store } from '../../store/store.js';
import { type Finding, fail, ok, warn } from './finding.js';

/** @param version `20.17.0`, Node's own. */
export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isFit = major > 20 || (major === 20 && minor >= 17);
  return isFit
    ? ok('Node', version)
    : fail('Node', `${version} is too old`, 'install Node 24, or any from 20.17 on (nodejs.org)');
}

const withoutFfmpeg =
  'install it (apt install ffmpeg): without it, clips over the upload limit of a server cannot be made smaller';

/** @param path the one at FFMPEG_PATH or on PATH, if any. */
export async function checkFfmpeg(path: string | undefined): Promise<Finding> {
  const check = 'ffmpeg';
  if (path === undefined) return warn(check, 'not installed', withoutFfmpeg);
  try {
    const { stdout } = await promisify(execFile)(path, ['-version'], { timeout: 10_000 });
    const version = /^ffmpeg version (\S+)/.exec(stdout)?.[1] ?? 'of an unknown version';
    return ok(check, `${version}, ${path}`);
  } catch {
    return warn(check, `${path} cannot be run`, withoutFfmpeg);
  }
}

const pictureFix =
  'install the packages on this machine itself with npm ci; do not copy node_modules from another one';

/**
 * Creates and reads a tiny image of each type in the decoder process.
 * @param probe see Decoder.
 */
export async function checkPictures(probe: () => Promise<boolean>): Promise<Finding> {
  const check = 'Pictures';
  try {
    if (await probe()) return ok(check, 'can be converted');
    return fail(check, 'cannot be converted: sharp works only partly', pictureFix);
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : '';
    return fail(check, `cannot be converted: sharp does not work (${why})`, pictureFix);
  }
}

const storeFixes: Readonly<Record<Reason, string>> = {
  unopenable: 'make sure the folder in STORE_URL exists and is writable for the user Easel runs as',
  corrupt: 'restore a backup (docs/operations.md#backing-up)',
  readonly: 'check the permissions of the file and its folder, and how the disk is mounted',
  full: 'free some space on its disk',
  locked: 'another process keeps it locked: stop that one',
  away: 'start Redis, and check STORE_URL',
  fenced: 'another Easel is using it; fine if that is intended',
  failed: 'check STORE_URL',
};

/** @param read reads all task records and returns how many there are, and how many are unreadable. */
export async function checkRecords(
  read: () => Promise<{ readonly all: number; readonly unreadable: number }>,
): Promise<Finding[]> {
  const check = 'Records';
  try {
    const { all, unreadable } = await read();
    if (unreadable === 0) return [ok(check, `${all} can be read`)];
    const fix = 'nothing is ordered twice, but their users get no answer: keep the database and report this';
    return [warn(check, `${unreadable} of ${all} cannot be read`, fix)];
  } catch {
    return []; // Said of the store.
  }
}

/** Writes a row and removes it again. */
export async function checkStore(store: Pick<Store, 'healthy' | 'fault'>, where: string): Promise<Finding> {
  if (await store.healthy()) return ok('Store', `${where} accepts writes`);
  const fault = store.fault() ?? 'failed';
  return fail('Store', `${where} cannot be written (${fault})`, storeFixes[fault]);
}
