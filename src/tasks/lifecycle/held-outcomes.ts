import type { FetchedFile } from '../../media/files.js';
import { sleep } from '../../util/abort.js';
import { jittered } from '../../util/retry.js';
import type { DeliveryRoutes } from '../delivery/delivery-routes.js';
import type { Ledger } from '../ledger/ledger.js';
import type { TaskId } from '../model/task.js';

interface Deps {
  readonly ledger: Pick<Ledger, 'get' | 'record'>;
  readonly handOver: DeliveryRoutes['handOver'];
  readonly signal: AbortSignal;
}

/** Outcomes that wait for a route to open, and users who come for them meanwhile. */
export function createHeldOutcomes({ ledger, handOver, signal }: Deps) {
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

  /** Waits `ms`, or until the user asks for the outcome. */
  async function keep(id: TaskId, ms: number): Promise<void> {
    if (callers.has(id)) return;
    const called = new AbortController();
    wakers.set(id, () => called.abort());
    await sleep(jittered(ms), AbortSignal.any([signal, called.signal])).catch(() => {});
    wakers.delete(id);
    signal.throwIfAborted();
  }

  function handOut(id: TaskId): Promise<void> {
    if (!ledger.get(id)) return Promise.resolve();
    return new Promise((resolve) => {
      callers.set(id, [...(callers.get(id) ?? []), resolve]);
      wakers.get(id)?.();
    });
  }

  return { tryOnce, keep, dismiss, handOut };
}

function call(caller: () => void): void {
  caller();
}
