import type { Log } from '../../log.js';
import type { Task } from '../model/task.js';
import { hasFields, migrate } from './record-schema.js';

/** A record would become unreadable: a bug, and nothing was written. */
export class UnsoundRecordError extends Error {
  override readonly name = 'UnsoundRecordError';
}

/**
 * Checks that a record is readable before it is written: an unreadable one would be an order that is paid for and
 * never delivered.
 * @throws UnsoundRecordError naming the path, never the value.
 */
export function requireSound(task: Task): void {
  const reason = reasonAgainst(task);
  if (reason !== undefined) throw new UnsoundRecordError(`Task ${task.id} cannot be saved: ${reason}.`);
}

/** Parts of records that were checked, and as what: they never change, and a task's next record has most of them again. */
const checked = new WeakMap<object, string>();

/**
 * Checked as it will be read, but without being parsed: JSON has no bigint, and a NaN that it writes as `null` is
 * nothing that the schema takes.
 */
function reasonAgainst(task: Task): string | undefined {
  const fresh = Object.entries(task).filter(([field, part]) => !isChecked(field, part));
  try {
    JSON.stringify(fresh);
  } catch {
    return 'it is no JSON';
  }
  if (!hasFields(task, new Set(fresh.map(([field]) => field)))) return migrate(task).reason;
  for (const [field, part] of fresh) if (isPart(part)) checked.set(part, field);
  return undefined;
}

function isChecked(field: string, part: unknown): boolean {
  return isPart(part) && checked.get(part) === field;
}

function isPart(part: unknown): part is object {
  return typeof part === 'object' && part !== null;
}

/**
 * Calls all of `notes` with a task. They only observe: one that throws affects neither the others nor the ledger.
 */
export function isolated(notes: readonly ((task: Task) => void)[], log: Log): (task: Task) => void {
  return (task) => {
    for (const note of notes) {
      try {
        note(task);
      } catch (error) {
        log.error(
          { task: task.id, err: error },
          'a task could not be recorded in an index; its order continues',
        );
      }
    }
  };
}
