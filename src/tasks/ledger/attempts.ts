import PQueue from 'p-queue';
import type { AttemptStep, Task, TaskId } from '../model/task.js';
import { mostAttempts } from '../model/task-record.js';
import type { Ledger } from './ledger.js';

/** A step was started the maximum number of times and the process died each time: it isn't started again. */
export class AttemptsSpentError extends Error {
  override readonly name = 'AttemptsSpentError';
  readonly step: AttemptStep;
  constructor(step: AttemptStep) {
    super(`A task was found for the third time in a step that ends the process: ${step}.`);
    this.step = step;
  }
}

/** Steps that may crash the process: they handle untrusted files. */
export interface Attempts {
  /**
   * Persists that a step starts, then runs it, so that the next start knows what the process was doing when it died.
   * The next recorded event clears it.
   * @throws AttemptsSpentError if it was started twice and never ended; errors of `work`.
   */
  run<T>(id: TaskId, step: AttemptStep, work: () => Promise<T>): Promise<T>;
  /** Marks a task permanently as skipping this step, which later events must not clear. */
  spend(id: TaskId, step: AttemptStep): Promise<void>;
}

interface Deps {
  readonly ledger: Pick<Ledger, 'get' | 'attempt'>;
  /** Aborted on an orderly shutdown: unfinished steps didn't crash the process then. */
  readonly signal: AbortSignal;
}

/** Beyond this many tasks, entries without persisted attempts are dropped. */
const mostKnown = 1_000;

export function createAttempts({ ledger, signal }: Deps): Attempts {
  /** Tasks with an attempt by this process, and what was found before it. */
  const own = new Map<TaskId, Task['attempts']>();
  // One of several running steps crashed the process, and it is unknown which: run one at a time, only the culprit is
  // found in the step again.
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
      // An orderly stop isn't a crash: the next start finds what this one found.
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
