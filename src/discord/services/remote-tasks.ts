import type { Counts, Errands, Outcome, TaskErrand } from '../../cluster/peer-requests.js';
import { UserError } from '../../errors.js';
import type { Task } from '../../tasks/model/task.js';
import { homeOf } from '../../tasks/model/task-record.js';

/** What somebody wants of a task. */
export type RemoteRequest = TaskErrand extends infer Each
  ? Each extends TaskErrand
    ? Omit<Each, 'id' | 'home'>
    : never
  : never;

/** Tasks that another process runs, and people meet here: in /tasks, under a direct message. Only that one may change them. */
export interface RemoteTasks {
  has(task: Pick<Task, 'origin'>): boolean;
  /** Has it done there; undefined where that process is not at work, or was not heard of in time. */
  run(task: Task, wish: RemoteRequest): Promise<Outcome | undefined>;
  /** Has a person forgotten there. `isWhole`: everywhere. */
  forget(userId: string): Promise<Counts & { readonly isWhole: boolean }>;
}

interface Deps {
  /** Whether a task is this process's to run. */
  readonly owns: (task: Pick<Task, 'origin'>) => boolean;
  /** Absent where there is no other process. */
  readonly errands?: Errands | undefined;
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

/** @throws UserError where nobody answered: it may be tried again. */
export function answered(outcome: Outcome | undefined): Outcome {
  if (outcome === undefined) throw new UserError({ key: 'error.away' });
  return outcome;
}
