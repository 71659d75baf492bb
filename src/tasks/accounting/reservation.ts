import type { Log } from '../../log.js';
import { type Reason, StoreError } from '../../store/store.js';
import { retry } from '../../util/retry.js';
import { second } from '../../util/time.js';
import { nextOf } from '../ledger/follow-up.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Task } from '../model/task.js';
import type { Budget } from './budget.js';

interface Deps {
  readonly ledger: Pick<Ledger, 'get' | 'add' | 'record'>;
  readonly budget: Pick<Budget, 'reserve'>;
  readonly log: Log;
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** ms before a database that gave no answer is asked again; doubles up to 30 s. */
  readonly retryMs: number;
}

/** What is the matter with a database only for a while. */
const passing: ReadonlySet<Reason> = new Set(['away', 'locked']);

/**
 * Reserves what a task costs and queues it, and in the same step what the video costs that it is to become. While no
 * one can tell what has been used it waits, as all writes do: the user has been promised an answer.
 * @throws as Budget.reserve; the signal's reason.
 */
export function createReservation({ ledger, budget, log, now, signal, retryMs }: Deps) {
  return async (task: Task): Promise<void> => {
    // With the answer that was found, or opened, only just now.
    const next = nextOf(ledger.get(task.id) ?? task, now());
    // Found after a crash, it is reserved already.
    const missing = next && !ledger.get(next.id) ? next : undefined;
    let isWriting = false;
    const write = async () => {
      isWriting = true;
      if (missing) await ledger.add(missing);
      return ledger.record(task.id, { type: 'queued' });
    };
    await retry(() => budget.reserve(task, write, missing), {
      firstMs: retryMs,
      maxMs: 30 * second,
      jitter: false,
      signal,
      onFailure(error, { againInMs }) {
        if (isWriting || !(error instanceof StoreError) || !passing.has(error.reason)) throw error;
        log.error({ task: task.id, err: error, againInMs }, 'quota could not be reserved');
      },
    });
  };
}
