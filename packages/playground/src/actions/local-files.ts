import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { ClientRefusal, type Upload } from '@easel/discord-stand-in';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'it may not be read',
};

/** Reads a file that a user names. Throws ClientRefusal. */
export async function fromDisk(path: string): Promise<Upload> {
  try {
    return { filename: basename(path), bytes: await readFile(atHome(path)) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new ClientRefusal(`cannot read ${path}: ${reasons[code] ?? code}`);
  }
}

/** `~/cat.png` as a shell reads it. */
export function atHome(path: string): string {
  return path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path;
}
