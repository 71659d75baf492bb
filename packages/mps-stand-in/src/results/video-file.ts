import { madeSeconds } from '../tasks/input-clips.js';
import { resultSizeOf, type Task } from '../tasks/tasks.js';
import { readAsset } from './assets.js';

/** How long the committed clips are, seconds. */
const drawnSeconds = 5;

/**
 * A task's clip: a committed one of the nearest shape, played faster or slower so that it lasts as long as such a clip does,
 * and the task's id in a `free` box at its end, which players skip. So each task's bytes are its own.
 */
export async function drawClip(task: Task): Promise<Buffer> {
  const { id, request } = task;
  const { width, height } = resultSizeOf(task);
  const shape = width > height * 1.2 ? 'wide' : height > width * 1.2 ? 'tall' : 'square';
  const clip = stretch(
    await readAsset(`${shape}.mp4`),
    (madeSeconds(request, task.clips) ?? drawnSeconds) / drawnSeconds,
  );
  return labelled(clip, id);
}

/** A clip with a task's id in a `free` box at its end, which players skip. */
export function labelled(clip: Buffer, id: string): Buffer {
  const note = Buffer.from(id, 'utf8');
  const head = Buffer.alloc(8);
  head.writeUInt32BE(head.length + note.length);
  head.write('free', 4, 'latin1');
  return Buffer.concat([clip, head, note]);
}

/** Changes the time scales of the movie and its tracks (ISO 14496-12, mvhd and mdhd): all times grow by the factor. */
function stretch(clip: Buffer, factor: number): Buffer {
  const copy = Buffer.from(clip);
  for (const type of ['mvhd', 'mdhd'])
    for (let at = copy.indexOf(type, 0, 'latin1'); at >= 0; at = copy.indexOf(type, at + 4, 'latin1')) {
      // After the type: version and flags, then two times of 4 bytes (of 8 in version 1), then the scale.
      const scaleAt = at + 4 + (copy[at + 4] === 1 ? 20 : 12);
      copy.writeUInt32BE(Math.round(copy.readUInt32BE(scaleAt) / factor), scaleAt);
    }
  return copy;
}
