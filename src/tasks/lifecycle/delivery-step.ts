import type { Log } from '../../log.js';
import type { FetchedFile } from '../../media/files.js';
import type { Fetcher } from '../../media/results/result-fetcher.js';
import { sleep } from '../../util/abort.js';
import { jittered } from '../../util/retry.js';
import { hour, minute } from '../../util/time.js';
import { measure } from '../accounting/billing.js';
import type { Packing } from '../delivery/attachments.js';
import type { Delivery } from '../delivery/delivery-port.js';
import { createHandovers, openRoutes } from '../delivery/delivery-routes.js';
import type { Transfers } from '../delivery/upload-queue.js';
import type { Ledger } from '../ledger/ledger.js';
import { expiryOfLinks } from '../model/state-machine.js';
import type { StateOf, Task, TaskId } from '../model/task.js';
import { isUnawaited } from '../model/task-record.js';
import type { Endings } from './failure-step.js';

/** Delivery of an outcome: fetched, delivered, or held until it can be. */
export interface Closing {
  /**
   * Downloads the results of a finished task.
   * @throws FetchError
   */
  fetch(task: Task, finished: StateOf<'fetching'>): Promise<void>;
  /** Delivers results. While no route accepts them they are held, and retried until their links expire. */
  deliver(task: Task, finished: StateOf<'delivering'>): Promise<void>;
  /** Delivers a failure. If no route accepts it, it is held until the user collects it. */
  tell(task: Task): Promise<void>;
  /**
   * Retries a held outcome at once, because there is a new route.
   * @returns resolves when the try that began after the call has ended and is persisted, whatever its result, or the
   * task is over.
   */
  handOut(id: TaskId): Promise<void>;
}

export interface ClosingDeps {
  readonly ledger: Ledger;
  readonly fetcher: Fetcher;
  readonly packing: Packing;
  readonly transfers: Transfers;
  readonly delivery: Delivery;
  readonly endings: Endings;
  /** Where the operator keeps a task's results permanently, for the log; undefined if nowhere. */
  readonly keptIn?: ((task: Pick<Task, 'results'>) => string | undefined) | undefined;
  /** Runs work that a shutdown must wait for. */
  readonly act: <T>(begin: () => Promise<T>) => Promise<T>;
  readonly log: Log;
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** ms before a failed post is retried; doubles up to 60 s. */
  readonly retryMs: number;
  /** As for Handovers. */
  readonly notifyAfterMs?: number;
}

/** After this time (ms) the card says that the result is being downloaded. */
const slowFetchMs = 2_000;
/** How long an undelivered result stays on disk after its links expired, ms. */
const keptMs = 3 * 24 * hour;
/** The same for a result that stays in the operator's bucket, counted from the last start, ms. */
const lastingMs = 30 * 24 * hour;

export function createClosing(deps: ClosingDeps): Closing {
  const { ledger, fetcher, packing, transfers, delivery, endings } = deps;
  const { act, log, now, signal, retryMs, notifyAfterMs } = deps;
  /** Ends the wait of a held outcome. */
  const wakers = new Map<TaskId, () => void>();
  /** Users who asked for an outcome and for whom no try has begun yet. */
  const callers = new Map<TaskId, (() => void)[]>();
  const spooled = new Map<TaskId, readonly FetchedFile[]>();
  const { handOver, alreadyPosted } = createHandovers({
    ...{ ledger, delivery, packing, log, now, signal, retryMs },
    ...(notifyAfterMs !== undefined && { notifyAfterMs }),
    // The upload queue doesn't get the signal: it would abandon an upload in progress, whose file must stay and whose
    // result must be persisted.
    run: (post, parcels) => {
      const bytes = parcels.reduce((sum, { file }) => sum + (file?.bytes ?? 0), 0);
      return transfers.run(bytes, () => act(post));
    },
  });

  async function fetchResults(task: Task, links: StateOf<'fetching' | 'delivering'>) {
    const { urls } = links;
    const { kind } = task.request;
    const known = task.results?.files;
    const results = { taskId: task.id, kind, urls, until: expiryOfLinks(links), ...(known && { known }) };
    return fetcher.fetch(results, { signal });
  }

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
   * Shrinks oversized results for their most likely route while the card can still say so: once a task is being
   * delivered, the card shows the outcome.
   */
  async function fitBeforehand(task: Task, files: readonly FetchedFile[]): Promise<void> {
    const [route] = openRoutes(task);
    const limit = route && (await delivery.limitOf(task, route));
    if (limit === undefined) return;
    const isLarge = files.some(({ bytes }) => bytes > limit);
    if (isLarge) void delivery.show(task, { fitting: true });
    // A video may have to be converted to play everywhere, which takes time too.
    if (!isLarge && task.request.kind === 'image') return;
    await packing.pack(task, files, limit, { signal });
  }

  /** The links may expire meanwhile; we have the files. */
  async function handOverOrKeep(task: Task, files: readonly FetchedFile[], expiry: number): Promise<void> {
    const { id } = task;
    const until = Number.isFinite(expiry) ? Math.max(expiry, now()) + keptMs : now() + lastingMs;
    for (let wait = minute; !(await tryOnce(id, files, until)); wait = Math.min(wait * 2, hour / 2)) {
      if (now() + wait >= until) return endings.fail(id, { reason: 'expired' });
      await keep(id, wait);
    }
    noteDelivery(task);
  }

  function noteDelivery(task: Task): void {
    log.info({ task: task.id, cos: deps.keptIn?.(task) }, 'result delivered');
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

  return {
    async fetch(task, finished) {
      // Most results arrive before anyone could read that they are coming.
      const slow = setTimeout(() => void delivery.show(task), slowFetchMs);
      const files = await fetchResults(task, finished).finally(() => clearTimeout(slow));
      spooled.set(task.id, files);
      const made = await measure(task, files, log);
      await fitBeforehand(task, files);
      const facts = files.map(({ sha256, bytes, type }) => ({ sha256, bytes, type }));
      await ledger.record(task.id, { type: 'fetched', made, files: facts });
    },

    async deliver(task, finished) {
      const expiry = expiryOfLinks(finished);
      // Before anything is downloaded again: the links may have expired since the post.
      if (finished.handover.tries > 0 && (await alreadyPosted(task.id, expiry))) return noteDelivery(task);
      const files = spooled.get(task.id) ?? (await fetchResults(task, finished));
      try {
        await handOverOrKeep(task, files, expiry);
      } finally {
        spooled.delete(task.id);
        dismiss(task.id);
        await Promise.all([fetcher.discard(files), packing.clear(task.id)]);
      }
    },

    async tell(task) {
      try {
        while (!(await tryOnce(task.id, [], now() + hour))) {
          if (isUnawaited(task)) return void (await ledger.record(task.id, { type: 'dropped' }));
          await keep(task.id, 6 * hour);
        }
      } finally {
        dismiss(task.id);
      }
    },

    handOut(id) {
      if (!ledger.get(id)) return Promise.resolve();
      return new Promise((resolve) => {
        callers.set(id, [...(callers.get(id) ?? []), resolve]);
        wakers.get(id)?.();
      });
    },
  };
}

function call(caller: () => void): void {
  caller();
}
