import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for files on their way from one service to another. */
export interface Spool {
  /** A path nobody has had yet. */
  newPath(): string;
  remove(paths: readonly string[]): Promise<void>;
  /** Removes the folder with all that is left in it. */
  close(): Promise<void>;
}

export async function createSpool(): Promise<Spool> {
  const folder = await mkdtemp(join(tmpdir(), 'easel-'));
  let serial = 0;
  return {
    newPath: () => join(folder, String(++serial)),
    async remove(paths) {
      await Promise.all(paths.map((path) => rm(path, { force: true })));
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}
