import { type Locale, text } from '../../../locales/index.js';
import type { Task, TaskId } from '../../../tasks/model/task.js';
import { eventOf, resultsFor } from '../../../tasks/model/task-set.js';

/**
 * The tasks of a list in which a set is one entry, where its first part stands.
 * @param isApart parts that stay entries of their own.
 */
function foldSets(tasks: readonly Task[], isApart: (task: Task) => boolean): readonly Task[] {
  const seen = new Set<string>();
  return tasks.filter((task) => {
    if (!task.set || isApart(task)) return true;
    const event = eventOf(task.id);
    const isFirst = !seen.has(event);
    seen.add(event);
    return isFirst;
  });
}

/** A list's entries, and the parts of those that stand for a set. */
interface Entries {
  readonly tasks: readonly Task[];
  readonly sets: ReadonlyMap<TaskId, readonly Task[]>;
}

/**
 * A set is one entry, for which the first of its parts stands that is no entry of its own: no task is listed twice.
 * @param isApart as for `foldSets`
 * @param partsOf all parts of a task's set @throws what it throws
 */
export async function entriesOf(
  listed: readonly Task[],
  isApart: (task: Task) => boolean,
  partsOf: (task: Task) => Promise<readonly Task[]>,
): Promise<Entries> {
  const sets = new Map<TaskId, readonly Task[]>();
  const tasks = await Promise.all(
    foldSets(listed, isApart).map(async (task) => {
      if (!task.set || isApart(task)) return task;
      const parts = (await partsOf(task)).filter((part) => !isApart(part));
      const [first = task] = parts;
      sets.set(first.id, parts);
      return first;
    }),
  );
  return { tasks, sets };
}

/** How the parts of a set stand, those alike together: `1, 3: posted; 2: being made`. */
export function standingsOf(
  parts: readonly Task[],
  locale: Locale,
  standing: (task: Task) => string,
): string {
  const alike = new Map<string, string[]>();
  for (const part of parts) {
    const words = standing(part);
    alike.set(words, [...(alike.get(words) ?? []), numbersOf(part)]);
  }
  if (alike.size === 1) return [...alike.keys()].join('');
  const lines = [...alike].map(([facts, numbers]) =>
    text(locale, 'model.line', { label: numbers.join(text(locale, 'list.comma')), facts }),
  );
  return lines.join('; ');
}

function numbersOf({ set, cost }: Task): string {
  const first = (set?.before ?? 0) + 1;
  const last = first + Math.max(1, resultsFor(cost)) - 1;
  return last > first ? `${first}–${last}` : `${first}`;
}

/** What all parts cost together. */
export function costOf(parts: readonly Task[]): Task['cost'] | undefined {
  const [first, ...others] = parts.map(({ cost }) => cost);
  return first && others.reduce(sum, first);
}

function sum(one: Task['cost'], other: Task['cost']): Task['cost'] {
  const micros =
    one.micros === undefined || other.micros === undefined ? {} : { micros: one.micros + other.micros };
  return { unit: one.unit, amount: one.amount + other.amount, ...micros };
}
