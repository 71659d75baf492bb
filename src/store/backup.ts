import { open, rm, stat } from 'node:fs/promises';
import { KeyvSqlite } from '@keyv/sqlite';
import { capabilitiesOf } from './store-url.js';

/** A backup could not be made; the message is meant for the operator. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}

/**
 * Copies a snapshot of the SQLite file of `storeUrl` into the new file `target` while Easel keeps running (SQLite
 * docs: "VACUUM INTO"), and checks its integrity. Only its owner may read it, because it contains interaction tokens.
 * @returns the copy's length, bytes.
 * @throws BackupError
 */
export async function backUp(storeUrl: string, target: string): Promise<number> {
  const { file: path } = capabilitiesOf(storeUrl);
  if (path === undefined)
    throw new BackupError(
      'STORE_URL names no SQLite file. Redis keeps its own backups: redis-cli --rdb FILE.',
    );
  if (!(await exists(path)))
    throw new BackupError(`There is nothing to back up: ${path} does not exist yet.`);
  if (await exists(target)) throw new BackupError(`${target} already exists: name a new file.`);
  try {
    // Before SQLite creates it with permissions that let others read it.
    await (await open(target, 'wx', 0o600)).close();
    await inDatabase(path, (database) => database.query('VACUUM INTO ?', target));
    await inDatabase(target, async (copy) => {
      const [answer] = await copy.query('PRAGMA integrity_check');
      if (answer?.integrity_check !== 'ok') throw new Error('the copy is damaged');
      // The lease of the original doesn't apply to the copy.
      await copy.query('DELETE FROM lease').catch(() => {});
    });
    return (await stat(target)).size;
  } catch (error) {
    await rm(target, { force: true });
    const why = error instanceof Error ? error.message : 'unknown';
    throw new BackupError(`${path} could not be copied to ${target}: ${why}.`, { cause: error });
  }
}

async function inDatabase<T>(path: string, work: (database: KeyvSqlite) => Promise<T>): Promise<T> {
  // The adapter creates its table if missing: use one that Easel has anyway.
  const database = new KeyvSqlite({ uri: `sqlite://${path}`, table: 'tasks', busyTimeout: 10_000 });
  database.on('error', () => {});
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
