import type { Action } from '../mps/wire.js';
import type { Task, TaskEvent } from '../tasks/task.js';

/**
 * What happens inside Easel, told to those who count it or warn of it. Called in passing: an observer neither throws nor
 * takes long.
 */
export interface Observer {
  /** A task has changed; `event` is what happened to it, undefined for one that was just received. */
  task?(task: Task, event: TaskEvent['type'] | undefined): void;
  /** A request to MPS has ended: well, or by `error`. */
  request?(action: Action, error: unknown, ms: number): void;
}

/** Tells all of `observers`. */
export function toAll(observers: readonly Observer[]): Required<Observer> {
  return {
    task(task, event) {
      for (const each of observers) each.task?.(task, event);
    },
    request(action, error, ms) {
      for (const each of observers) each.request?.(action, error, ms);
    },
  };
}
