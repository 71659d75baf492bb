import { readFile } from 'node:fs/promises';

/** `assets/` lies beside `src/`, and beside `dist/`, in which this file is one folder deeper. */
const places = ['../../../../assets/greeting.png', '../../../../../assets/greeting.png'];

/** The picture under a greeting; undefined if it is not where it belongs. */
export async function readGreetingPicture(): Promise<Buffer | undefined> {
  for (const place of places) {
    const bytes = await readFile(new URL(place, import.meta.url)).catch(() => undefined);
    if (bytes) return bytes;
  }
  return undefined;
}
