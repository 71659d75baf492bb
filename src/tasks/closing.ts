import { setTimeout as sleep } from 'node:timers/promises';
import PQueue from 'p-queue';
import type { Log } from '../log.js';
import type { FetchedFile, Fetcher } from '../media/fetch.js';
import { measure } from './billing.js';
import type { Delivery } from './delivery.js';
import type { Endings } from './endings.js';
import { createHandovers } from './handover.js';
import type { Ledger } from './ledger.js';
import { isUnawaited } from './record.js';
import type { StateOf, Task, TaskId } from './task.js';

/** An outcome's way to its person: fetched, handed over, or kept until it can be. */
export interface Closing {
  /** Brings the results of a finished task here. @throws FetchError */
  fetch(task: Task, finished: StateOf<'fetching'>): Promise<void>;
  /** Hands results over. While nobody can take them they are kept, and tried again until their links die. */
  deliver(task: Task, finished: StateOf<'delivering'>): Promise<void>;
  /** Hands a failure over. One that nobody can take is kept until the asker comes for it. */
  tell(task: Task): Promise<void>;
  /**
   * Tries a kept outcome again at once: there is a new way to the person.
   * @returns resolves when a try that began after the call has ended, whatever came of it, or the task is over.
   */
  handOut(id: TaskId): Promise<void>;
}

export interface ClosingDeps {
  readonly ledger: Ledger;
  readonly fetcher: Fetcher;
  readonly delivery: Delivery;
  readonly endings: Endings;
  /** Where MPS keeps a task's results for good, for the operator's log; undefined where nowhere. */
  readonly lastingPlace?: ((task: Task) => object | undefined) | undefined;
  /** Runs what a shutdown must wait for. */
  readonly act: <T>(begin: () => Promise<T>) => Promise<T>;
  readonly log: Log;
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** ms before a post that met with trouble is tried again; doubles up to 60 s. */
  readonly retryMs: number;
  /** As for Handovers. */
  readonly notifyAfterMs?: number;
}

const minute = 60_000;
const hour = 60 * minute;
/** After so long the card says that the result is being brought, ms. */
const slowFetchMs = 2_000;
/** Posts with files at once: each has its whole file on the way. */
const uploadsAtOnce = 4;

export function createClosing(deps: ClosingDeps): Closing {
  const { ledger, fetcher, delivery, endings, act, log, now, signal, retryMs, notifyAfterMs } = deps;
  /** Ends the wait of an outcome that is being kept. */
  const wakers = new Map<TaskId, () => void>();
  /** Who came for an outcome, and for whom no try has begun yet. */
  const callers = new Map<TaskId, (() => void)[]>();
  const uploads = new PQueue({ concurrency: uploadsAtOnce });
  const spooled = new Map<TaskId, readonly FetchedFile[]>();
  const { handOver, alreadyPosted } = createHandovers({
    ledger,
    delivery,
    log,
    now,
    signal,
    retryMs,
    ...(notifyAfterMs !== undefined && { notifyAfterMs }),
    // A sentence need not wait until the big files of others are through. The queue is not told of the signal: it
    // would turn away from a post under way, whose file must stay and whose end must be written down.
    run: (post, files) => (files.length > 0 ? uploads.add(() => act(post)) : act(post)),
  });

  async function fetchResults(
    task: Task,
    { urls, linksExpireAt }: { urls: readonly string[]; linksExpireAt: number },
  ) {
    const { kind } = task.request;
    const results = { taskId: task.id, kind, urls, until: linksExpireAt };
    return fetcher.fetch(results, { signal });
  }

  /** Tries every route once, also in the name of who came before; they are told when it has ended. */
  async function tryOnce(id: TaskId, files: readonly FetchedFile[], until: number): Promise<boolean> {
    const told = callers.get(id) ?? [];
    callers.delete(id);
    return handOver(id, files, until).finally(() => told.forEach(call));
  }

  /** Nothing more is tried: who came meanwhile need not wait. */
  function dismiss(id: TaskId): void {
    callers.get(id)?.forEach(call);
    callers.delete(id);
  }

  async function handOverOrKeep(task: Task, files: readonly FetchedFile[], until: number): Promise<void> {
    const { id } = task;
    for (let wait = minute; !(await tryOnce(id, files, until)); wait = Math.min(wait * 2, hour / 2)) {
      if (now() + wait >= until) return endings.fail(id, { reason: 'expired' });
      await keep(id, wait);
    }
    noteDelivery(task);
  }

  function noteDelivery(task: Task): void {
    log.info({ task: task.id, cos: deps.lastingPlace?.(task) }, 'a result was delivered');
  }

  /** Waits `ms`, or until the asker comes for the outcome. */
  async function keep(id: TaskId, ms: number): Promise<void> {
    await ledger.record(id, { type: 'handing', route: 'kept' });
    if (callers.has(id)) return;
    const called = new AbortController();
    wakers.set(id, () => called.abort());
    await sleep(ms, undefined, { signal: AbortSignal.any([signal, called.signal]) }).catch(() => {});
    wakers.delete(id);
    signal.throwIfAborted();
  }

  return {
    async fetch(task, finished) {
      // Most results are here before anybody could read that they are coming.
      const slow = setTimeout(() => void delivery.show(task), slowFetchMs);
      const files = await fetchResults(task, finished).finally(() => clearTimeout(slow));
      spooled.set(task.id, files);
      await ledger.record(task.id, { type: 'fetched', made: await measure(task, files) });
    },

    async deliver(task, { linksExpireAt, urls, handover }) {
      // Before anything is fetched again: the links may have died since the post.
      if (handover.tries > 0 && (await alreadyPosted(task.id, linksExpireAt))) return noteDelivery(task);
      const files = spooled.get(task.id) ?? (await fetchResults(task, { urls, linksExpireAt }));
      try {
        await handOverOrKeep(task, files, linksExpireAt);
      } finally {
        spooled.delete(task.id);
        dismiss(task.id);
        await fetcher.discard(files);
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
