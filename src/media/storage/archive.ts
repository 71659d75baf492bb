import { copyFile, link, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '../../config/config.js';
import { makeFolder } from '../../util/directory.js';
import type { FetchedFile } from '../files.js';
import { type ClaimedType, endingOf, toClaimed } from '../formats/declared-type.js';
import { hashOf } from './sha256.js';

/** Metadata of an archived file. */
interface Facts {
  readonly sha256: string;
  readonly bytes: number;
  readonly type: string;
}

/**
 * The archive of results on the operator's disk (ARCHIVE_DIR), byte for byte as served by MPS, one directory per
 * task.
 */
export interface Archive {
  /**
   * Archives a task's results. Idempotent.
   * @throws Error from the file system.
   */
  keep(taskId: string, files: readonly FetchedFile[]): Promise<void>;
  /** The file with that index (from 0) if present and unchanged, and its name for the operator. */
  find(
    taskId: string,
    index: number,
    facts: Facts,
  ): Promise<{ readonly file: FetchedFile; readonly name: string } | undefined>;
  /** Removes a task's files. */
  remove(taskId: string): Promise<void>;
  /** Removes files archived before `before` (ms since the epoch). */
  prune(before: number): Promise<void>;
}

/** @throws ConfigError if the folder cannot be used. */
export async function createArchive(folder: string): Promise<Archive> {
  try {
    await makeFolder(folder, 0o700);
    const probe = join(folder, '.easel');
    await mkdir(probe, { recursive: true });
    await rm(probe, { recursive: true });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unusable';
    const found = `${JSON.stringify(folder)}, which cannot be written to (${code})`;
    const allowed = 'a folder that Easel may write to';
    throw new ConfigError([{ variable: 'ARCHIVE_DIR', found, allowed, where: '.env.example explains it' }]);
  }
  const homeOf = (taskId: string) => taskId.replace(':', '-');
  const nameOf = (taskId: string, index: number, type: ClaimedType) =>
    `${homeOf(taskId)}/${index + 1}.${endingOf(type)}`;

  return {
    async keep(taskId, files) {
      await mkdir(join(folder, homeOf(taskId)), { recursive: true, mode: 0o700 });
      for (const [index, { path, type }] of files.entries()) {
        const to = join(folder, nameOf(taskId, index, type));
        // Atomic despite crashes; a hard link if both are on one disk.
        await rm(`${to}.part`, { force: true });
        await link(path, `${to}.part`).catch(() => copyFile(path, `${to}.part`));
        await rename(`${to}.part`, to);
      }
    },
    async find(taskId, index, { sha256, bytes, type: said }) {
      const type = toClaimed(said);
      if (!type) return undefined;
      const name = nameOf(taskId, index, type);
      const path = join(folder, name);
      const found = await stat(path).catch(() => undefined);
      if (found?.size !== bytes || (await hashOf(path)) !== sha256) return undefined;
      return { name, file: { path, type, bytes, sha256 } };
    },
    remove: (taskId) => rm(join(folder, homeOf(taskId)), { recursive: true, force: true }),
    async prune(before) {
      for (const name of await readdir(folder)) {
        // Only what is ours: the operator may keep other things next to it.
        if (!/^\d{17,20}-\d+$/.test(name)) continue;
        const { mtimeMs } = await stat(join(folder, name));
        if (mtimeMs < before) await rm(join(folder, name), { recursive: true, force: true });
      }
    },
  };
}
