import type { Log } from '../../log.js';
import { type Reason, StoreError } from '../../store/store.js';
import { retry } from '../../util/retry.js';
import { second } from '../../util/time.js';
import { nextIn, nextOf } from '../ledger/follow-up.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Task } from '../model/task.js';
import type { Budget } from './budget.js';

interface Deps {
  readonly ledger: Pick<Ledger, 'get' | 'add' | 'record'>;
  readonly budget: Pick<Budget, 'reserve'>;
  readonly log: Log;
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** ms before a failing database is retried; doubles up to 30 s. */
  readonly retryMs: number;
}

/** Temporary database errors. */
const passing: ReadonlySet<Reason> = new Set(['away', 'locked']);

/**
 * Reserves the cost of a task and its follow-up in one step, and queues it. While usage is unknown it waits, like all
 * writes: the user has been promised an answer.
 * @throws as Budget.reserve; the signal's reason.
 */
export function createReservation({ ledger, budget, log, now, signal, retryMs }: Deps) {
  return async (task: Task): Promise<void> => {
    // With the answer that was just found or opened.
    const next = nextOf(ledger.get(task.id) ?? task, now());
    // Found after a crash: already reserved.
    const missing = next && !nextIn(task.id, ledger) ? next : undefined;
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
