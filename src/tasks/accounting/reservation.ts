import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../log.js';
import { type Reason, StoreError } from '../../store/store.js';
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
 * Reserves what a task costs and queues it, and in the same step what the clip costs that it is to become. While nobody
 * can tell what has been used it waits, as all writes do: the person has been promised an answer.
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
    for (let wait = retryMs; ; wait = Math.min(wait * 2, 30_000)) {
      try {
        return void (await budget.reserve(task, write, missing));
      } catch (error) {
        if (isWriting || !(error instanceof StoreError) || !passing.has(error.reason)) throw error;
        log.error({ task: task.id, err: error, againInMs: wait }, 'quota could not be reserved');
        await sleep(wait, undefined, { signal });
      }
    }
  };
}
