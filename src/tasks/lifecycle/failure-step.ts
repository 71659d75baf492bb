import type { Log } from '../../log.js';
import { MpsError } from '../../mps/api/errors.js';
import type { BucketResults } from '../delivery/bucket-results.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Failure, FailureReason, Lost, Task, TaskId } from '../model/task.js';
import { lastChange } from '../model/task-record.js';
import type { Preparation } from '../sources/source-preparation.js';
import { toEnding } from './failure-mapping.js';

/** How a task ends without a result. */
export interface FailureStep {
  fail(id: TaskId, failure: Failure): Promise<void>;
  /**
   * The response to a Create was lost: looks for its result in the operator's bucket. Without a bucket, or if results
   * are known not to get there, the task ends.
   */
  lose(id: TaskId, reason: Lost['reason']): Promise<void>;
  /**
   * Turns the error of a step into the task's failure. A shutdown ends no task, but MPS's response to a Create does.
   */
  byError(id: TaskId, error: unknown): Promise<void>;
}

interface Deps {
  readonly ledger: Ledger;
  readonly preparation: Pick<Preparation, 'release'>;
  readonly keeping?: Pick<BucketResults, 'searchable'> | undefined;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Creates of unknown outcome. */
const lost: ReadonlySet<FailureReason> = new Set(['interrupted', 'uncertain']);

export function createFailureStep({ ledger, preparation, keeping, log, signal }: Deps): FailureStep {
  async function fail(id: TaskId, failure: Failure): Promise<void> {
    const cost = ledger.get(id)?.cost;
    // The user is refunded; whether MPS bills it, only the Tencent Cloud account shows.
    if (lost.has(failure.reason))
      log.warn({ task: id, reason: failure.reason, perhapsBilled: cost }, 'a create was lost');
    else log.info({ task: id, reason: failure.reason }, 'task failed');
    await preparation.release(id);
    await ledger.record(id, { type: 'failed', failure });
  }

  async function lose(id: TaskId, reason: Lost['reason']): Promise<void> {
    const task = ledger.get(id);
    const folder = task && keeping?.searchable(task);
    if (!task || !folder) return fail(id, { reason });
    log.warn({ task: id, reason, folder }, 'the answer to a create was lost; looking for its result');
    await preparation.release(id);
    await ledger.record(id, { type: 'lost', folder, since: lastChange(task), reason });
  }

  return {
    fail,
    lose,
    async byError(id, error) {
      // If it were skipped now, the next start would find a Create without a response and treat it as lost.
      if (signal.aborted && !isWordOnCreate(error)) return;
      const task = ledger.get(id);
      if (!task) return;
      const { failure, level, details, message } = toEnding(error, task);
      log[level]({ task: id, ...details }, message);
      if (isLost(error, task)) return lose(id, 'uncertain');
      await fail(id, failure);
    },
  };
}

/** True if a Create without a response may have gone through. */
function isLost(error: unknown, { state }: Task): boolean {
  return state.name === 'submitting' && error instanceof MpsError && error.created === 'unknown';
}

function isWordOnCreate(error: unknown): boolean {
  return error instanceof MpsError && error.action.startsWith('Create');
}
