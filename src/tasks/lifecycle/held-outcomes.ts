import type { Log } from '../../log.js';
import type { FetchedFile } from '../../media/files.js';
import { sleep } from '../../util/abort.js';
import { jittered } from '../../util/retry.js';
import { day, hour } from '../../util/time.js';
import type { DeliveryRoutes } from '../delivery/delivery-routes.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Task, TaskId } from '../model/task.js';
import { isKept, lastChange } from '../model/task-record.js';

interface Deps {
  readonly ledger: Pick<Ledger, 'get' | 'record'>;
  readonly handOver: DeliveryRoutes['handOver'];
  readonly log: Log;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

interface Patience {
  /** ms before the second try. */
  readonly firstMs: number;
  /** When the outcome itself ends, ms since the epoch; never unless given. */
  readonly until?: number;
  /** How long one try retries temporary errors, ms; until the outcome ends unless given. */
  readonly tryMs?: number;
}

/** Longest wait between two tries, ms. */
const longestWaitMs = 6 * hour;
/** How long Easel tries by itself, ms from the end of the task: whatever still refuses then stays so until someone acts. */
const triedForMs = 7 * day;
/** Node's timers hold less than 25 days. */
const longestTimerMs = day;

/** Outcomes that wait for a route to open, and users who come for them meanwhile. */
export function createHeldOutcomes({ ledger, handOver, log, now, signal }: Deps) {
  /** Ends the wait of a held outcome. */
  const wakers = new Map<TaskId, () => void>();
  /** Users who asked for an outcome and for whom no try has begun yet. */
  const callers = new Map<TaskId, (() => void)[]>();

  /**
   * Tries every route once, also for all earlier requests. They are answered only once the result is persisted:
   * otherwise a reader in between would think the outcome is still in progress and retry it endlessly.
   */
  async function tryOnce(id: TaskId, files: readonly FetchedFile[], until: number): Promise<boolean> {
    const served = callers.get(id) ?? [];
    callers.delete(id);
    try {
      if (await handOver(id, files, until)) return true;
      await ledger.record(id, { type: 'handing', route: 'kept' });
      return false;
    } finally {
      served.forEach(call);
    }
  }

  /** No further try: those who asked meanwhile need not wait. */
  function dismiss(id: TaskId): void {
    callers.get(id)?.forEach(call);
    callers.delete(id);
  }

  /**
   * Delivers an outcome. While every route refuses it, it is held and tried again after waits that are as long as it is old,
   * so that a restart doesn't start over. After a week only its user's requests are tries.
   * @returns false if it ended first.
   */
  async function deliverOrHold(
    task: Task,
    files: readonly FetchedFile[],
    { firstMs, until = Number.POSITIVE_INFINITY, tryMs = Number.POSITIVE_INFINITY }: Patience,
  ): Promise<boolean> {
    const { id } = task;
    const age = () => now() - lastChange(task);
    for (let isDue = !isKept(task) || age() < triedForMs; ; ) {
      if (isDue && (await tryOnce(id, files, Math.min(until, now() + tryMs)))) return true;
      const isLeft = age() >= triedForMs;
      if (isLeft && isDue) log.info({ task: id }, 'an outcome is kept until its user collects it');
      const waitMs = jittered(Math.min(Math.max(age(), firstMs), longestWaitMs));
      const isWanted = await keep(id, Math.min(isLeft ? Number.POSITIVE_INFINITY : waitMs, until - now()));
      if (now() >= until) return false;
      isDue = isWanted || !isLeft;
    }
  }

  /**
   * Waits `ms`, or until the user asks for the outcome.
   * @returns whether they did.
   */
  async function keep(id: TaskId, ms: number): Promise<boolean> {
    const called = new AbortController();
    wakers.set(id, () => called.abort());
    const either = AbortSignal.any([signal, called.signal]);
    for (let left = ms; left > 0 && !callers.has(id); left -= longestTimerMs) {
      await sleep(Math.min(left, longestTimerMs), either).catch(() => {});
      signal.throwIfAborted();
    }
    wakers.delete(id);
    return callers.has(id);
  }

  function handOut(id: TaskId): Promise<void> {
    if (!ledger.get(id)) return Promise.resolve();
    return new Promise((resolve) => {
      callers.set(id, [...(callers.get(id) ?? []), resolve]);
      wakers.get(id)?.();
    });
  }

  return { tryOnce, deliverOrHold, dismiss, handOut };
}

function call(caller: () => void): void {
  caller();
}
