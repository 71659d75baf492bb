import { mkdtemp, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A container may have 64 MB of it, which a few stores of long tests would fill. */
const enoughBytes = 1e9;

/**
 * A new folder in memory, where the machine has room there, so that a store's syncs need not wait for a disk that other
 * tests use too; else in the usual place. What a kill leaves is the same in both: only a power cut tells them apart.
 */
export async function quickFolder(prefix: string): Promise<string> {
  const place = (await hasRoom('/dev/shm')) ? '/dev/shm' : tmpdir();
  return mkdtemp(join(place, prefix));
}

async function hasRoom(path: string): Promise<boolean> {
  try {
    const { bavail, bsize } = await statfs(path);
    return bavail * bsize >= enoughBytes;
  } catch {
    return false;
  }
}
