import { sleep } from '../../../util/abort.js';
import { day } from '../../../util/time.js';
import type { TaskId } from '../../model/task.js';

/** Node's timers hold less than 25 days. */
const longestTimerMs = day;

/** Waits of tasks that something else ends. */
export interface Wakeups {
  /** Ends the waits of a task. */
  wake(id: TaskId): void;
  /**
   * Waits as long as `holds`, which is asked again whenever the task is woken, for `ms` at most.
   * @throws the signal's reason.
   */
  wait(id: TaskId, holds: () => boolean, ms: number): Promise<void>;
}

export function createWakeups(signal: AbortSignal): Wakeups {
  const waiting = new Map<TaskId, AbortController>();
  return {
    wake: (id) => waiting.get(id)?.abort(),
    async wait(id, holds, ms) {
      for (let left = ms; left > 0 && holds(); left -= longestTimerMs) {
        const woken = new AbortController();
        waiting.set(id, woken);
        await sleep(Math.min(left, longestTimerMs), AbortSignal.any([signal, woken.signal])).catch(() => {});
        waiting.delete(id);
        signal.throwIfAborted();
        if (woken.signal.aborted) return;
      }
    },
  };
}
