import type { Task } from '../model/task.js';

/** An index of tasks, kept in sync with the rows. */
export interface TaskIndex {
  /** A task read at the start, even if another process runs it. */
  see(task: Task): void;
  /**
   * All tasks have been read.
   * @throws StoreError: they will be read again.
   */
  ready(): Promise<void>;
  /**
   * These are about to be removed.
   * @throws StoreError to prevent that.
   */
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
