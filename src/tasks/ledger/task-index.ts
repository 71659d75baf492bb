import type { Task } from '../model/task.js';

/** What tasks are found by, other than their id: it is kept up with the rows. */
export interface TaskIndex {
  /** A task as it is read at the start, also where it is another process's to run. */
  see(task: Task): void;
  /** All have been seen. @throws StoreError: they will be seen again. */
  ready(): Promise<void>;
  /** These are about to be removed. @throws StoreError: then they are not. */
  drop(tasks: readonly Task[]): Promise<void>;
}

/** Several indexes as one. */
export function allOf(...given: readonly (TaskIndex | undefined)[]): TaskIndex {
  const indexes = given.filter((index) => index !== undefined);
  return {
    see: (task) => indexes.forEach((index) => void index.see(task)),
    async ready() {
      for (const index of indexes) await index.ready();
    },
    async drop(tasks) {
      for (const index of indexes) await index.drop(tasks);
    },
  };
}
