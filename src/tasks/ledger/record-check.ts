import type { Log } from '../../log.js';
import type { Task } from '../model/task.js';
import { migrate } from './record-schema.js';

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

/**
 * Checked as it will be read, but without being parsed: JSON has no bigint, and a NaN that it writes as `null` is
 * nothing that the schema takes.
 */
function reasonAgainst(task: Task): string | undefined {
  try {
    JSON.stringify(task);
  } catch {
    return 'it is no JSON';
  }
  return migrate(task).reason;
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
