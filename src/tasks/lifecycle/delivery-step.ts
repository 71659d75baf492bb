import type { Log } from '../../log.js';
import type { FetchedFile } from '../../media/files.js';
import type { Fetcher } from '../../media/results/result-fetcher.js';
import { hour, minute } from '../../util/time.js';
import type { Packing } from '../delivery/attachments.js';
import type { Delivery } from '../delivery/delivery-port.js';
import { createDeliveryRoutes } from '../delivery/delivery-routes.js';
import type { UploadQueue } from '../delivery/upload-queue.js';
import type { Ledger } from '../ledger/ledger.js';
import { expiryOfLinks } from '../model/state-machine.js';
import type { StateOf, Task, TaskId } from '../model/task.js';
import { isUnawaited } from '../model/task-record.js';
import type { FailureStep } from './failure-step.js';
import { createFetchStep } from './fetch-step.js';
import { createHeldOutcomes } from './held-outcomes.js';
import type { ReviewDesk } from './review/review-desk.js';

/** Delivery of an outcome: fetched, delivered, or held until it can be. */
export interface DeliveryStep {
  /**
   * Downloads the results of a finished task.
   * @throws FetchError
   */
  fetch(task: Task, finished: StateOf<'fetching'>): Promise<void>;
  /** Delivers results. While no route accepts them they are held, and retried for a week at most (see held-outcomes). */
  deliver(task: Task, finished: StateOf<'delivering'>): Promise<void>;
  /** Delivers a failure. If no route accepts it, it is held until the user collects it. */
  tell(task: Task): Promise<void>;
  /**
   * Retries a held outcome at once, because there is a new route.
   * @returns resolves when the try that began after the call has ended and is persisted, whatever its result, or the
   * task is over.
   */
  handOut(id: TaskId): Promise<void>;
  /** The files of a result that moderators are to look at. @throws FetchError */
  filesOf(task: Task, finished: StateOf<'awaitingReview'>): Promise<readonly FetchedFile[]>;
  /** Removes a task's files from this machine: they can be had elsewhere. */
  letGoOf(id: TaskId): Promise<void>;
  /** Runs a post in its turn. */
  readonly run: RunPost;
}

export interface DeliveryStepDeps {
  readonly ledger: Ledger;
  readonly fetcher: Fetcher;
  readonly packing: Packing;
  readonly transfers: UploadQueue;
  readonly delivery: Delivery;
  readonly endings: FailureStep;
  /** As for the fetch step. */
  readonly desk?: ReviewDesk | undefined;
  /** Where the operator keeps a task's results permanently, for the log; undefined if nowhere. */
  readonly keptIn?: ((task: Pick<Task, 'results'>) => string | undefined) | undefined;
  /** As for the fetch step. */
  readonly join?: Parameters<typeof createFetchStep>[0]['join'];
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

/** How long an undelivered result stays on disk after its links expired, ms. */
const keptMs = 3 * 24 * hour;
/** The same for a result that stays in the operator's bucket, counted from the last start, ms. */
const lastingMs = 30 * 24 * hour;

export function createDeliveryStep(deps: DeliveryStepDeps): DeliveryStep {
  const { ledger, fetcher, packing, endings, log, now, signal } = deps;
  const spooled = new Map<TaskId, readonly FetchedFile[]>();
  const run = runnerOfUploads(deps);
  const { handOver, alreadyPosted } = createDeliveryRoutes({ ...deps, run });
  const held = createHeldOutcomes({ ledger, handOver, log, now, signal });
  const fetching = createFetchStep({ ...deps, spooled });

  /** The links may expire meanwhile; we have the files. */
  async function handOverOrKeep(task: Task, files: readonly FetchedFile[], expiry: number): Promise<void> {
    const { id } = task;
    const until = Number.isFinite(expiry) ? Math.max(expiry, now()) + keptMs : now() + lastingMs;
    if (!(await held.deliverOrHold(ledger.get(id) ?? task, files, { firstMs: minute, until })))
      return endings.fail(id, { reason: 'expired' });
    noteDelivery(task);
  }

  function noteDelivery(task: Task): void {
    log.info({ task: task.id, cos: deps.keptIn?.(task) }, 'result delivered');
  }

  async function letGoOf(id: TaskId): Promise<void> {
    const files = spooled.get(id) ?? [];
    spooled.delete(id);
    await Promise.all([fetcher.discard(files), packing.clear(id)]);
  }

  return {
    run,
    letGoOf,
    async filesOf(task, finished) {
      const files = spooled.get(task.id) ?? (await fetching.bring(task, finished));
      spooled.set(task.id, files);
      return files;
    },
    fetch: fetching.fetch,
    async deliver(task, finished) {
      const expiry = expiryOfLinks(finished);
      // Before anything is downloaded again: the links may have expired since the post.
      if (finished.handover.tries > 0 && (await alreadyPosted(task.id, expiry))) return noteDelivery(task);
      const files = spooled.get(task.id) ?? (await fetching.bring(task, finished));
      try {
        await handOverOrKeep(task, files, expiry);
      } finally {
        spooled.delete(task.id);
        held.dismiss(task.id);
        await Promise.all([fetcher.discard(files), packing.clear(task.id)]);
      }
    },

    async tell(task) {
      try {
        if (!isUnawaited(task)) await held.deliverOrHold(task, [], { firstMs: 6 * hour, tryMs: hour });
        else if (!(await held.tryOnce(task.id, [], now() + hour)))
          await ledger.record(task.id, { type: 'dropped' });
      } finally {
        held.dismiss(task.id);
      }
    },

    handOut: held.handOut,
  };
}

type RunPost = Parameters<typeof createDeliveryRoutes>[0]['run'];

/**
 * Posts in their turn. The upload queue doesn't get the signal: it would abandon an upload in progress, whose file must
 * stay and whose result must be persisted.
 */
function runnerOfUploads({ transfers, act }: Pick<DeliveryStepDeps, 'transfers' | 'act'>): RunPost {
  return (post, parcels) => {
    const bytes = parcels.reduce((sum, { file }) => sum + (file?.bytes ?? 0), 0);
    return transfers.run(bytes, () => act(post));
  };
}
