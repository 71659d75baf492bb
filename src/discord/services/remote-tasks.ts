import type { Counts, Outcome, PeerRequests, TaskErrand } from '../../cluster/peer-requests.js';
import { UserError } from '../../errors.js';
import type { Task } from '../../tasks/model/task.js';
import { homeOf } from '../../tasks/model/task-record.js';

/** What a user wants done with a task. */
export type RemoteRequest = TaskErrand extends infer Each
  ? Each extends TaskErrand
    ? Omit<Each, 'id' | 'home'>
    : never
  : never;

/**
 * Tasks that another process runs but users see here, in /tasks or a direct message. Only that process may change
 * them.
 */
export interface RemoteTasks {
  has(task: Pick<Task, 'origin'>): boolean;
  /** Forwards the request; undefined if that process is offline or didn't answer in time. */
  run(task: Task, wish: RemoteRequest): Promise<Outcome | undefined>;
  /** Deletes a user's data there. `isWhole`: every process answered. */
  forget(userId: string): Promise<Counts & { readonly isWhole: boolean }>;
}

interface Deps {
  /** True if this process runs the task. */
  readonly owns: (task: Pick<Task, 'origin'>) => boolean;
  /** Absent if there is no other process. */
  readonly errands?: PeerRequests | undefined;
}

export function createRemoteTasks({ owns, errands }: Deps): RemoteTasks {
  return {
    has: (task) => !owns(task),
    async run(task, wish) {
      const home = homeOf(task.origin);
      return errands?.run({ ...wish, id: task.id, ...(home !== undefined && { home }) });
    },
    forget: async (userId) => errands?.forget(userId) ?? { emptied: 0, later: 0, isWhole: true },
  };
}

/** @throws UserError if no process answered: it may be tried again. */
export function answered(outcome: Outcome | undefined): Outcome {
  if (outcome === undefined) throw new UserError({ key: 'error.away' });
  return outcome;
}
