import { readAsset } from './assets.js';
import { sizeOf } from './size.js';
import type { Task } from './tasks.js';

/**
 * A task's clip: a committed one of the nearest shape, and the task's id in a `free` box at its end, which players skip.
 * So each task's bytes are its own. The clips last 5 s whatever was asked for.
 */
export async function drawClip({ id, wish }: Task): Promise<Buffer> {
  const { width, height } = sizeOf(wish);
  const shape = width > height * 1.2 ? 'wide' : height > width * 1.2 ? 'tall' : 'square';
  const note = Buffer.from(id, 'utf8');
  const head = Buffer.alloc(8);
  head.writeUInt32BE(head.length + note.length);
  head.write('free', 4, 'latin1');
  return Buffer.concat([await readAsset(`${shape}.mp4`), head, note]);
}
