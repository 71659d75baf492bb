import type { Task } from '../model/task.js';
import { partIds } from '../model/task-set.js';
import type { Ledger } from './ledger.js';

/**
 * The current records of all parts of a task's set, over or not, in the order of their results; of any other task its
 * own. A part is missing until the whole set is reserved, and once it was redacted or removed.
 * @throws what `find` throws
 */
export async function setOf(
  task: Pick<Task, 'id' | 'set'>,
  { find }: Pick<Ledger, 'find'>,
): Promise<readonly Task[]> {
  const parts = await Promise.all(partIds(task).map(find));
  return parts.filter((part) => part !== undefined);
}

/** The unfinished parts of a task's set, in the order of their results, from memory. */
export function openPartsOf(task: Pick<Task, 'id' | 'set'>, { get }: Pick<Ledger, 'get'>): readonly Task[] {
  return partIds(task).flatMap((id) => get(id) ?? []);
}
