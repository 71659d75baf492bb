import type { Task, TaskId, Unjoined } from '../../model/task.js';
import type { HeldClip } from './clip-files.js';

type Make = (task: Task, options: { signal: AbortSignal }) => Promise<HeldClip | Unjoined>;

/** Makes a clip once for all who ask while one of them holds it: joining takes a processor. */
export function createSharing(make: Make): Make {
  const open = new Map<TaskId, { readonly made: ReturnType<Make>; users: number }>();

  return async (task, options) => {
    const one = open.get(task.id) ?? { made: make(task, options), users: 0 };
    open.set(task.id, one);
    one.users += 1;
    const leave = async () => {
      one.users -= 1;
      if (one.users > 0) return;
      if (open.get(task.id) === one) open.delete(task.id);
      const held = await one.made.catch(() => undefined);
      if (held && 'file' in held) await held.release();
    };
    try {
      const held = await one.made;
      if ('file' in held) return { file: held.file, release: leave };
      await leave();
      return held;
    } catch (error) {
      await leave();
      throw error;
    }
  };
}
