import type { Log } from '../../log.js';
import type { Task } from '../model/task.js';
import { migrate } from './record-schema.js';

/** A record would be written that no start could read again: a defect, and nothing was written. */
export class UnsoundRecordError extends Error {
  override readonly name = 'UnsoundRecordError';
}

/**
 * What is written has to be readable: a record that is not is an order that was paid for and is never delivered.
 * @throws UnsoundRecordError naming the place, never what stands there.
 */
export function requireSound(task: Task): void {
  const reason = reasonAgainst(task);
  if (reason !== undefined) throw new UnsoundRecordError(`Task ${task.id} cannot be saved: ${reason}.`);
}

/** Judged as it will be read: JSON has no word for a bigint, and writes NaN and Infinity as `null`. */
function reasonAgainst(task: Task): string | undefined {
  try {
    return migrate(JSON.parse(JSON.stringify(task))).reason;
  } catch {
    return 'it is no JSON';
  }
}

/**
 * One function that tells all of `notes` of a task. They only look on: one that throws keeps neither the others from
 * hearing of it nor the ledger from its work.
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
