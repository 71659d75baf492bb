import { isOver } from '../../tasks/model/state-machine.js';
import type { Task } from '../../tasks/model/task.js';
import type { Observer } from '../observer.js';

/** Most ended tasks kept for the page. */
const mostRecent = 200;

/** Keeps recently ended tasks. */
export function createEndedTasks(): Pick<Observer, 'task'> & { readonly list: () => readonly Task[] } {
  const ended: Task[] = [];
  return {
    task(task) {
      if (!isOver(task.state)) return;
      ended.push(task);
      if (ended.length > mostRecent) ended.shift();
    },
    list: () => ended,
  };
}
