import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../log.js';
import { isRefusal } from '../../media/cos/bucket.js';
import { jittered } from '../../util/retry.js';
import { hour, minute } from '../../util/time.js';
import type { BucketResults } from '../delivery/bucket-results.js';
import type { Delivery } from '../delivery/delivery-port.js';
import type { Ledger } from '../ledger/ledger.js';
import type { StateOf, Task } from '../model/task.js';
import type { FailureStep } from './failure-step.js';
import { isOffPeak } from './generation-step.js';

/**
 * Searches for the result of a Create whose response was lost. Each task has its own folder in the bucket, so
 * anything that appears there is its result. Listings may lag: they prove that a result exists, never that none does.
 */
export interface Search {
  /**
   * Searches until the result appears or can no longer come, and persists that.
   * @throws the signal's reason.
   */
  follow(task: Task, lost: StateOf<'searching'>): Promise<void>;
}

export interface SearchTiming {
  /**
   * ms between the first listings of a folder; later ones are further apart.
   * @default 10 s
   */
  readonly searchMs?: number;
  /**
   * ms for which a task's folder is listed.
   * @default as long as such a task can take
   */
  readonly searchForMs?: number;
}

interface Deps extends SearchTiming {
  readonly ledger: Ledger;
  readonly endings: Pick<FailureStep, 'fail'>;
  readonly keeping: BucketResults | undefined;
  readonly delivery: Pick<Delivery, 'show'>;
  readonly log: Log;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** As long as such a task can take, ms (docs/mps-api.md#durations); nothing comes after that. */
const longest = { image: hour / 2, video: 2 * hour, offPeak: 48 * hour } as const;
/** How long listing is retried if the bucket can't be read when the result should be there, ms. */
const outOfReachMs = 24 * hour;
/** By age of the task (ms), how many times further apart listings are. */
const slower = [
  [4 * hour, 30],
  [hour, 6],
  [10 * minute, 3],
  [0, 1],
] as const;

export function createSearch(deps: Deps): Search {
  const { ledger, endings, keeping, delivery, log, now, signal, searchMs = 10_000, searchForMs } = deps;

  /** The contents of the folder; `forbidden`: it can't be known; undefined: listing failed this time. */
  async function look(
    task: Task,
    lost: StateOf<'searching'>,
  ): Promise<readonly string[] | 'forbidden' | undefined> {
    try {
      return await keeping?.look(lost.folder, task.request.kind, signal);
    } catch (error) {
      signal.throwIfAborted();
      const isForbidden = isRefusal(error);
      const message = isForbidden
        ? 'the bucket may not be listed: the API key needs cos:GetBucket to find what a lost create made'
        : 'a folder in the bucket could not be looked into yet';
      log[isForbidden ? 'error' : 'warn']({ task: task.id, err: error }, message);
      return isForbidden ? 'forbidden' : undefined;
    }
  }

  async function giveUp({ id }: Task, { reason }: StateOf<'searching'>): Promise<void> {
    await endings.fail(id, { reason });
  }

  return {
    async follow(task, lost) {
      const { id, request, cost } = task;
      // However late Easel comes back, the folder is checked before the search is given up.
      const patience = searchForMs ?? longest[isOffPeak(task) ? 'offPeak' : request.kind];
      const deadline = Math.max(lost.since + patience, now() + 1);
      const expected = cost.unit === 'image' ? cost.amount : 1;
      void delivery.show(task);
      for (;;) {
        // A missing role seen with another task says nothing about what is already here: check once more.
        const isOver = now() >= deadline || !keeping?.isHopeful(lost.folder);
        const urls = await look(task, lost);
        if (urls === 'forbidden') return giveUp(task, lost);
        if (urls && (urls.length >= expected || (isOver && urls.length > 0))) {
          log.info({ task: id, results: urls.length }, 'the result of a lost create was found');
          await ledger.record(id, { type: 'found', urls });
          return;
        }
        // A folder counts as empty only if it was listed: while the bucket is unreachable, a paid result may be
        // there.
        if (isOver && (urls || !keeping || now() >= deadline + outOfReachMs)) return giveUp(task, lost);
        const pace = jittered(paceOf(now() - lost.since));
        await sleep(isOver ? pace : Math.min(pace, deadline - now()), undefined, { signal });
      }
    },
  };

  function paceOf(age: number): number {
    return searchMs * (slower.find(([from]) => age >= from)?.[1] ?? 1);
  }
}
