import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = join('src', 'playground', 'mps', 'assets');

/** Reads a committed asset. Compiled code runs from dist/, which assets are not copied to: they are found from the repository's root. */
export function readAsset(name: string): Promise<Buffer> {
  let root = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(root, folder))) {
    if (root === dirname(root)) throw new Error(`${folder} is nowhere above ${import.meta.url}`);
    root = dirname(root);
  }
  return readFile(join(root, folder, name));
}
