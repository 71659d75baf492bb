import { readFile } from 'node:fs/promises';

/** Read where they are committed: the compiler does not copy them to dist, which has the same depth as src. */
const folder = new URL('../../assets/', import.meta.url);

/** Reads a committed asset. */
export function readAsset(name: string): Promise<Buffer> {
  return readFile(new URL(name, folder));
}
