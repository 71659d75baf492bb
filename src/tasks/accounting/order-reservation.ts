import type { Log } from '../../log.js';
import { type Reason, StoreError } from '../../store/store.js';
import { retry } from '../../util/retry.js';
import { second } from '../../util/time.js';
import type { Ledger } from '../ledger/ledger.js';
import { missingOf } from '../ledger/order-parts.js';
import type { Task } from '../model/task.js';
import type { Budget } from './budget.js';
import { type Permit, permitAll } from './permit.js';

interface Deps {
  readonly ledger: Pick<Ledger, 'get' | 'add' | 'record' | 'recordSoon'>;
  readonly budget: Pick<Budget, 'reserve'>;
  readonly log: Log;
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** ms before a failing database is retried; doubles up to 30 s. */
  readonly retryMs: number;
  /** @default no one is blocked */
  readonly permit?: Permit;
}

/** Temporary database errors. */
const passing: ReadonlySet<Reason> = new Set(['away', 'locked']);

/**
 * Reserves the cost of a task, of the other parts of its set and of its follow-up in one step, and queues it. While usage
 * is unknown it waits, like all writes: the user has been promised an answer.
 * @throws as Budget.reserve; the signal's reason.
 */
export function createReservation(deps: Deps) {
  const { ledger, budget, log, now, signal, retryMs, permit = permitAll } = deps;
  const patience = { firstMs: retryMs, maxMs: 30 * second, jitter: false, signal };

  /** Like all writes of an acknowledged order it is tried until it succeeds: the rest of a set is never left out. */
  const persist = (one: Task, lead: Task) =>
    retry(() => ledger.add(asDeleted(one, ledger.get(lead.id))), {
      ...patience,
      onFailure(error, { againInMs }) {
        if (!(error instanceof StoreError) || error.reason === 'fenced') throw error;
        log.error({ task: one.id, err: error, againInMs }, 'the ledger could not be written');
      },
    });

  return async (task: Task): Promise<void> => {
    let isWriting = false;
    const reserve = () => {
      // With the answer that was just found or opened; without what a crash left reserved already.
      const missing = missingOf(ledger.get(task.id) ?? task, now(), ledger);
      const write = async () => {
        isWriting = true;
        for (const each of missing) await persist(each, task);
        // Alone it is persisted with its Create, the first step outside that depends on it.
        const record = missing.length > 0 || task.set ? ledger.record : ledger.recordSoon;
        return record(task.id, { type: 'queued' });
      };
      return budget.reserve(task, () => permit(task, write), missing);
    };
    await retry(reserve, {
      ...patience,
      onFailure(error, { againInMs }) {
        if (isWriting || !(error instanceof StoreError) || !passing.has(error.reason)) throw error;
        log.error({ task: task.id, err: error, againInMs }, 'quota could not be reserved');
      },
    });
  };
}

/** What its user wanted deleted while it was being reserved is deleted whole. */
function asDeleted(task: Task, lead: Task | undefined): Task {
  return lead?.purge ? { ...task, purge: lead.purge } : task;
}
