import { mkdir, rm, statfs, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { minute, second } from '../../util/time.js';
import { claimFolder, sweep } from './spool-directory.js';

/** The disk has no space for an expected file; it may later. */
export class SpoolFullError extends Error {
  override readonly name = 'SpoolFullError';
}

/** Disk space reserved for one file until it is written. */
export interface Room {
  /** This many bytes of it are written now. */
  fill(bytes: number): void;
  /** Releases the rest. */
  leave(): void;
}

/** A directory for files in transit between services. */
export interface Spool {
  /** A new unique path. */
  newPath(): string;
  /**
   * Reserves space for a file.
   * @throws SpoolFullError if the disk has less than that besides other reservations.
   */
  hold(bytes: number): Promise<Room>;
  /**
   * Keeps a small file in memory: it is likely to be sent in a moment, and each step on the disk takes a thread and the way
   * there and back.
   * @returns false if it is too large, or too many are kept: then it has to be written. What was kept under the path is gone
   * in either case.
   */
  keep(path: string, content: Buffer): boolean;
  /** Writes a file that was only kept, for what reads it by its path. */
  write(path: string): Promise<void>;
  remove(paths: readonly string[]): Promise<void>;
  /** Removes the folder with all that is left in it. */
  close(): Promise<void>;
}

export interface SpoolOptions {
  /** SPOOL_DIR: holds a folder for each process; a folder of its own in the system's temporary one unless given. */
  readonly folder?: string;
  /** Bytes that are free on the disk of `folder`; asked of the system unless given. */
  readonly free?: (folder: string) => Promise<number>;
  /** ms, of any clock that only runs forward. */
  readonly now?: () => number;
}

/** Bytes of a file that may be kept in memory, and of all together. */
const mostKept = { each: 4 << 20, all: 16 << 20 } as const;
/** Bytes left free for everything else on the disk. */
const marginBytes = 64 << 20;
/** What is known of a disk's free space holds for so long, ms, if it is at least so many bytes. */
const recentMs = second;
const plentyBytes = 8 * 2 ** 30;
/** How often it is shown that the folder is in use, and leftovers of others are searched for, ms. */
const beatMs = minute;

/**
 * Opens a folder of this process's own, and removes what processes left there that were killed; never a living one's.
 * @throws ConfigError if SPOOL_DIR cannot be used.
 */
export async function createSpool({
  folder: parent,
  free = freeBytes,
  now = () => performance.now(),
}: SpoolOptions = {}): Promise<Spool> {
  const { folder, beat } = await claimFolder(parent);
  const files = join(folder, 'files');
  await mkdir(files);
  await sweep(folder);
  const kept = createKept();
  const beating = setInterval(() => void beat().then(() => sweep(folder)), beatMs).unref();
  let serial = 0;
  let awaited = 0;
  let known = { bytes: 0, at: Number.NEGATIVE_INFINITY };

  /** The disk's free bytes; where there are plenty it isn't asked for every file. */
  async function space(): Promise<number> {
    const isRecent = now() - known.at < recentMs;
    if (!isRecent || known.bytes - awaited < plentyBytes) known = { bytes: await free(files), at: now() };
    return known.bytes;
  }

  return {
    newPath: () => join(files, String(++serial)),
    async hold(bytes) {
      const available = (await space()) - awaited - marginBytes;
      if (bytes > available)
        throw new SpoolFullError(`The spool has ${Math.max(0, available)} bytes left and needs ${bytes}.`);
      let left = bytes;
      const take = (amount: number) => {
        const taken = Math.min(left, amount);
        left -= taken;
        awaited -= taken;
      };
      awaited += bytes;
      return { fill: take, leave: () => take(left) };
    },
    keep: kept.keep,
    write: kept.write,
    async remove(paths) {
      await Promise.all(paths.filter((path) => !kept.drop(path)).map(removeFile));
    },
    async close() {
      clearInterval(beating);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Small files in memory. */
function createKept() {
  const contents = new Map<string, Buffer>();
  /** Those that are, or may be, on the disk as well. */
  const written = new Set<string>();
  let all = 0;

  function forget(path: string): boolean {
    all -= contents.get(path)?.length ?? 0;
    return contents.delete(path);
  }

  return {
    keep(path: string, content: Buffer): boolean {
      forget(path);
      if (content.length > mostKept.each || all + content.length > mostKept.all) return false;
      contents.set(path, content);
      all += content.length;
      return true;
    },
    async write(path: string): Promise<void> {
      const content = contents.get(path);
      if (!content) return;
      written.add(path);
      await writeFile(path, content);
    },
    /** @returns whether nothing of it is on the disk. */
    drop(path: string): boolean {
      const wasKept = forget(path);
      return !written.delete(path) && wasKept;
    },
  };
}

async function removeFile(path: string): Promise<void> {
  // `rm` asks what it is first, twice.
  await unlink(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder).catch(async () => {
    // Someone may have tidied up the temporary folder under a process that runs for months.
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return statfs(folder);
  });
  return bavail * bsize;
}
