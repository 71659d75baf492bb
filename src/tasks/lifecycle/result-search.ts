import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../log.js';
import { isRefusal } from '../../media/cos/bucket.js';
import { hour, minute } from '../../util/time.js';
import type { Keeping } from '../delivery/bucket-results.js';
import type { Delivery } from '../delivery/delivery-port.js';
import type { Ledger } from '../ledger/ledger.js';
import type { StateOf, Task } from '../model/task.js';
import type { Endings } from './failure-step.js';
import { isOffPeak } from './generation-step.js';

/**
 * Looks for what a Create has made whose answer was lost: its folder in the bucket is its own, so that whatever appears
 * there is its result. A listing may lag behind: it proves that there is a result, never that there is none.
 */
export interface Search {
  /** Looks until the result is there, or can come no more, and writes that down. @throws the signal's reason. */
  follow(task: Task, lost: StateOf<'searching'>): Promise<void>;
}

export interface SearchTiming {
  /** ms between the first looks into a folder; later they are further apart; 10 s unless given. */
  readonly searchMs?: number;
  /** ms for which a task's folder is looked into, whatever it is; as long as such a task can take unless given. */
  readonly searchForMs?: number;
}

interface Deps extends SearchTiming {
  readonly ledger: Ledger;
  readonly endings: Pick<Endings, 'fail'>;
  readonly keeping: Keeping | undefined;
  readonly delivery: Pick<Delivery, 'show'>;
  readonly log: Log;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** As long as such a task can take, ms (docs/mps-api.md#durations): then nothing comes any more. */
const longest = { image: hour / 2, video: 2 * hour, offPeak: 48 * hour } as const;
/** A bucket that cannot be looked into when all should be there is tried for so long, ms. */
const outOfReachMs = 24 * hour;
/** How many times further apart looks are, from such an age on, ms. */
const slower = [
  [4 * hour, 30],
  [hour, 6],
  [10 * minute, 3],
  [0, 1],
] as const;

export function createSearch(deps: Deps): Search {
  const { ledger, endings, keeping, delivery, log, now, signal, searchMs = 10_000, searchForMs } = deps;

  /** What is in the folder now; `forbidden`: nobody will ever know; undefined: it could not be looked into just now. */
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
      // However late it is when Easel comes back, what is there is seen before it is given up.
      const patience = searchForMs ?? longest[isOffPeak(task) ? 'offPeak' : request.kind];
      const deadline = Math.max(lost.since + patience, now() + 1);
      const expected = cost.unit === 'image' ? cost.amount : 1;
      void delivery.show(task);
      for (;;) {
        // What another task shows of the role says nothing of what lies here already: it is looked for once more.
        const isOver = now() >= deadline || !keeping?.isHopeful(lost.folder);
        const urls = await look(task, lost);
        if (urls === 'forbidden') return giveUp(task, lost);
        if (urls && (urls.length >= expected || (isOver && urls.length > 0))) {
          log.info({ task: id, results: urls.length }, 'the result of a lost create was found');
          await ledger.record(id, { type: 'found', urls });
          return;
        }
        // Only a folder that was seen to be empty is: while the bucket is out of reach, what was paid for may lie there.
        if (isOver && (urls || !keeping || now() >= deadline + outOfReachMs)) return giveUp(task, lost);
        const pace = paceOf(now() - lost.since);
        await sleep(isOver ? pace : Math.min(pace, deadline - now()), undefined, { signal });
      }
    },
  };

  function paceOf(age: number): number {
    return searchMs * (slower.find(([from]) => age >= from)?.[1] ?? 1);
  }
}
