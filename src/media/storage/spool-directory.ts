import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { ConfigError } from '../../config/config.js';
import { makeFolder } from '../../util/directory.js';
import { fateOf, identityOf, processIdentity } from '../../util/process-liveness.js';
import { minute } from '../../util/time.js';

/** Each directory names its process. */
const ownerFile = 'owner.json';
/** ms without a sign of life after which an invisible process counts as dead. */
const silentMs = 15 * minute;

/** A folder of this process's own, under SPOOL_DIR. */
export interface Claim {
  readonly folder: string;
  /** Signals that the directory is in use. */
  beat(): Promise<void>;
}

/** Where the folders lie: SPOOL_DIR, or a folder of this user's in the system's temporary one. */
export function spoolPlace(parent?: string): string {
  return parent ?? join(tmpdir(), `easel-${userInfo().uid}`);
}

/**
 * Claims and returns a directory.
 * @throws ConfigError if SPOOL_DIR can't be used.
 */
export async function tryFolder(parent?: string): Promise<void> {
  const { folder } = await claimFolder(parent);
  await rm(folder, { recursive: true, force: true });
}

/** @throws ConfigError if SPOOL_DIR cannot be used. */
export async function claimFolder(parent?: string): Promise<Claim> {
  const place = spoolPlace(parent);
  try {
    await makeFolder(place, 0o700);
    // In a world-writable directory another user may have created one with that name.
    if (parent === undefined) await requireOwn(place);
    const folder = await mkdtemp(join(place, 'spool-'));
    const file = join(folder, ownerFile);
    await writeFile(file, JSON.stringify(identityOf()));
    return { folder, beat: () => utimes(file, new Date(), new Date()).catch(() => {}) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new ConfigError([
      {
        variable: 'SPOOL_DIR',
        found: `${JSON.stringify(place)}, which cannot be written to (${code})`,
        allowed: 'a folder that Easel may write to',
        where: '.env.example explains it',
      },
    ]);
  }
}

async function requireOwn(place: string): Promise<void> {
  const { uid } = await stat(place);
  if (uid !== userInfo().uid) throw new Error('it belongs to another user');
}

/** Removes directories of dead processes next to `own`. Best effort: never throws. */
export async function sweep(own: string): Promise<void> {
  const place = dirname(own);
  for (const name of await readdir(place).catch(() => [])) {
    const folder = join(place, name);
    if (!name.startsWith('spool-') || folder === own) continue;
    if (await isLeft(folder)) await rm(folder, { recursive: true, force: true }).catch(() => {});
  }
}

/** True if its process is dead. If in doubt it counts as alive until it has been silent for a while. */
async function isLeft(folder: string): Promise<boolean> {
  const file = join(folder, ownerFile);
  const written = await readFile(file, 'utf8').catch(() => undefined);
  // It is written right after the folder is made.
  const last = await stat(written === undefined ? folder : file).catch(() => undefined);
  if (!last) return false;
  const owner = processIdentity.safeParse(parse(written)).data;
  const fate = owner ? fateOf(owner) : 'unknown';
  if (fate !== 'unknown') return fate === 'dead';
  return Date.now() - last.mtimeMs > silentMs;
}

function parse(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
