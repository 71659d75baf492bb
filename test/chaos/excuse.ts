import type { TaskRecord } from '../../src/playground/mps/index.js';
import type { Task } from '../../src/tasks/task.js';

/** What is known of an order that ended without its file. */
export interface Circumstances {
  /** The record that the bot left; undefined where there is none. */
  readonly task: Task | undefined;
  /** Somebody pressed Cancel. */
  readonly calledOff: boolean;
  /** The answer's token was made to die. */
  readonly cutOff: boolean;
  /** What MPS was asked to make for it. */
  readonly creates: readonly Pick<TaskRecord, 'status'>[];
}

/** The outcome of what its asker let go, to be dropped. */
export const dropped = 'discarded.asker';

/**
 * Whether what happened to an order accounts for how it ended. Kills and trouble excuse nothing by themselves: what runs
 * at MPS, waits, or is done there is gone on with, whatever befell the bot.
 */
export function isExcused(outcome: string, { task, calledOff, cutOff, creates }: Circumstances): boolean {
  const before = stateBefore(task);
  switch (outcome) {
    case dropped:
      return task?.state.name === 'discarded';
    case 'cancelled':
      // Until it was ordered at MPS, and by nobody but people.
      return calledOff && creates.length === 0 && (before === 'queued' || before === 'received');
    case 'interrupted':
    case 'uncertain':
      // Nobody can tell whether the create happened.
      return before === 'submitting';
    case 'unsuccessful':
      return before === 'running' && creates.some(({ status }) => status === 'FAIL');
    case 'unanswered':
      return before === 'received' && cutOff;
    default:
      return false;
  }
}

/** The state out of which the task came to its end. */
function stateBefore(task: Task | undefined): string | undefined {
  return task?.history.at(-2)?.state;
}
