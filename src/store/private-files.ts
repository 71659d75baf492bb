import { chmod, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Log } from '../log.js';
import { makeFolder } from '../util/directory.js';

/** What SQLite keeps beside a database; it gives them the rights of the database itself, and leaves old ones as they are. */
const suffixes = ['', '-wal', '-shm', '-journal'] as const;
/** Permissions of everyone but the owner. */
const others = 0o077;

/**
 * Makes sure that only the user Easel runs as can read a database, because it contains interaction tokens and
 * prompts; SQLite itself would let everyone. Missing directories are created for that user only; an existing one is
 * left as it is.
 * @throws Error from the file system if its directory can't be created.
 */
export async function makePrivate(path: string, log: Log): Promise<void> {
  await makeFolder(dirname(path), 0o700);
  // If this can't be created, SQLite can't either, and reports why.
  await open(path, 'ax', 0o600).then(
    (file) => file.close(),
    () => {},
  );
  if (process.platform === 'win32') return;
  const closed: string[] = [];
  for (const suffix of suffixes) if (await close(path + suffix, log)) closed.push(path + suffix);
  if (closed.length > 0)
    log.warn({ files: closed }, 'database files were readable by other users of this machine; fixed');
}

async function close(path: string, log: Log): Promise<boolean> {
  const mode = (await stat(path).catch(() => undefined))?.mode ?? 0;
  if ((mode & others) === 0) return false;
  try {
    await chmod(path, mode & 0o777 & ~others);
    return true;
  } catch (error) {
    log.warn(
      { path, err: error },
      'database files are readable by other users of this machine, and this could not be fixed',
    );
    return false;
  }
}
