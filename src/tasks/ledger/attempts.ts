import PQueue from 'p-queue';
import type { AttemptStep, Task, TaskId } from '../model/task.js';
import { mostAttempts } from '../model/task-record.js';
import type { Ledger } from './ledger.js';

/** A step was begun as often as it may be, and the process ended each time: it is not begun again. */
export class AttemptsSpentError extends Error {
  override readonly name = 'AttemptsSpentError';
  readonly step: AttemptStep;
  constructor(step: AttemptStep) {
    super(`A task was found for the third time in a step that ends the process: ${step}.`);
    this.step = step;
  }
}

/** Steps that may end the process: they handle files that other users made. */
export interface Attempts {
  /**
   * Runs a step after it was persisted that it begins, so that a start knows what the process was at when it died. Whatever
   * is recorded of the task afterwards forgets it.
   * @throws AttemptsSpentError if it was begun twice and never ended; what `work` throws.
   */
  run<T>(id: TaskId, step: AttemptStep, work: () => Promise<T>): Promise<T>;
  /** Keeps for the rest of its life that a task does without this step: what is recorded of it next must not forget it. */
  spend(id: TaskId, step: AttemptStep): Promise<void>;
}

interface Deps {
  readonly ledger: Pick<Ledger, 'get' | 'attempt'>;
  /** Aborted as Easel stops in order: what is left then did not end the process. */
  readonly signal: AbortSignal;
}

/** Past so many tasks those are forgotten that have nothing persisted any more. */
const mostKnown = 1_000;

export function createAttempts({ ledger, signal }: Deps): Attempts {
  /** Tasks whose attempt is one of this process, and what was found before it. */
  const own = new Map<TaskId, Task['attempts']>();
  // One of several that were under way ended the process, and no one knows which: one at a time, only the guilty one
  // is found in the step again.
  const suspects = new PQueue({ concurrency: 1 });

  function latest(id: TaskId, step: AttemptStep): Task['attempts'] {
    const found = ledger.get(id)?.attempts;
    return found?.step === step ? found : undefined;
  }

  function note(id: TaskId, before: Task['attempts']): void {
    if (own.size >= mostKnown)
      for (const known of own.keys()) if (!ledger.get(known)?.attempts) own.delete(known);
    own.set(id, before);
  }

  async function begun<T>(id: TaskId, step: AttemptStep, work: () => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    const before = latest(id, step);
    if (!before || !own.has(id)) {
      await ledger.attempt(id, { step, count: (before?.count ?? 0) + 1 });
      note(id, before);
    }
    try {
      return await work();
    } finally {
      // A stop as ordered is no death: the next start finds what this one found.
      if (signal.aborted && ledger.get(id)) await ledger.attempt(id, own.get(id)).catch(() => {});
    }
  }

  return {
    async spend(id, step) {
      await ledger.attempt(id, { step, count: mostAttempts + 1 });
      own.delete(id);
    },
    async run(id, step, work) {
      const found = latest(id, step);
      const isOwn = own.has(id);
      if (found && !isOwn && found.count >= mostAttempts) throw new AttemptsSpentError(step);
      if (!found || (isOwn && found.count === 1)) return begun(id, step, work);
      return suspects.add(() => begun(id, step, work));
    },
  };
}
