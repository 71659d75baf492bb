import { setMaxListeners } from 'node:events';
import type { Log } from '../../log.js';
import type { MpsClient, TaskReport } from '../../mps/api/client.js';
import { levelOf, MpsError } from '../../mps/api/errors.js';
import type { Kind } from '../../mps/generation-request.js';
import { mpsRates } from '../../mps/limits/rate-limits.js';
import type { Expected } from '../model/progress.js';
import type { Durations } from './duration-model.js';
import { createPollSchedule, type PollSchedule } from './poll-schedule.js';
import { createWatched, type Watch, type Watched } from './polled-task.js';
import { createSpareBudget, type SpareBudget } from './spare-budget.js';

export type { Watch } from './polled-task.js';

/**
 * Decides when to poll which task. MPS limits polls per second for the whole account; each goes to the task whose
 * result, by the learned durations, has been finished the longest. The task is chosen when the limiter grants a slot:
 * the limiter's queue only holds blank permits.
 */
export interface Poller {
  /**
   * Resolves with the last report, DONE or FAIL. A failed poll only delays this task's next one; the caller's signal
   * is the deadline. Rejects with the signal's reason.
   * @param options.pace fixed ms between two polls; otherwise they are spaced sensibly.
   * @param options.soon polls immediately at first.
   */
  wait(
    watch: Watch,
    options: { signal: AbortSignal; pace?: () => number; soon?: boolean },
  ): Promise<TaskReport>;
  /** When the result of a polled task is expected to be known here; undefined if unknown. */
  expected(kind: Kind, mpsTaskId: string): Expected | undefined;
}

interface Deps {
  readonly mps: Pick<MpsClient, 'describe'>;
  readonly durations: Pick<Durations, 'of' | 'note'>;
  readonly log: Log;
  /** The longest gap between two polls of one task, as long as the budget allows, ms (POLL_INTERVAL_MS). */
  readonly intervalMs: number;
  /**
   * This process's share of the rate limits, up to 1.
   * @default 1
   */
  readonly share?: number;
  /** Most blank permits waiting in the limiter, by kind. */
  readonly tickets?: Readonly<Record<Kind, number>>;
  readonly now: () => number;
  /** For the jitter after a failed poll. */
  readonly random?: () => number;
  /**
   * Calls back after `ms`; the returned function cancels it.
   * @default Node's timer
   */
  readonly after?: (ms: number, wake: () => void) => () => void;
}

/** A caller waiting for a task's end. */
interface Waiter {
  readonly watched: Watched;
  readonly paced: boolean;
  readonly settle: (report: TaskReport) => void;
}

export function createPoller(deps: Deps): Poller {
  const { durations, intervalMs, now, random = Math.random } = deps;
  const pollers = { image: createKindPoller('image', deps), video: createKindPoller('video', deps) };

  return {
    wait(watch, { signal, pace, soon = false }) {
      return new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const poller = pollers[watch.request.kind];
        const options = { pace, soon, spare: poller.spare, now: now() };
        const watched = createWatched(watch, { durations, intervalMs, random, ...options });
        const settle = (report: TaskReport) => {
          signal.removeEventListener('abort', abort);
          resolve(report);
        };
        const waiter = { watched, paced: pace !== undefined, settle };
        const abort = () => {
          poller.leave(waiter);
          reject(signal.reason);
        };
        signal.addEventListener('abort', abort, { once: true });
        poller.enter(waiter);
      });
    },
    expected: (kind, mpsTaskId) => pollers[kind].expected(mpsTaskId),
  };
}

/** All tasks polled by one action. */
function createKindPoller(kind: Kind, deps: Deps) {
  const { log, now, share = 1 } = deps;
  const perSecond = share * mpsRates[kind === 'image' ? 'DescribeAigcImageTask' : 'DescribeAigcVideoTask'];
  const spare = createSpareBudget({ perSecond, now });
  const waiters = new Map<string, Waiter>();
  const agenda = createPollSchedule<Watched>();
  const hearing = createHearing(kind, { waiters, agenda, log, now });
  const pump = createPump(kind, deps, { agenda, spare, ...hearing });

  return {
    spare,
    enter(waiter: Waiter): void {
      const { mpsTaskId } = waiter.watched.watch;
      const earlier = waiters.get(mpsTaskId);
      if (earlier) agenda.delete(earlier.watched);
      waiters.set(mpsTaskId, waiter);
      agenda.add(waiter.watched);
      pump();
    },
    leave({ watched }: Waiter): void {
      agenda.delete(watched);
      const { mpsTaskId } = watched.watch;
      if (waiters.get(mpsTaskId)?.watched === watched) waiters.delete(mpsTaskId);
    },
    expected(mpsTaskId: string): Expected | undefined {
      const waiter = waiters.get(mpsTaskId);
      if (!waiter || waiter.paced) return undefined;
      const { median, p90 } = waiter.watched.expected(now());
      return { median: median + agenda.pressure, p90: p90 + agenda.pressure };
    },
  };
}

interface PumpDeps extends ReturnType<typeof createHearing> {
  readonly agenda: PollSchedule<Watched>;
  readonly spare: SpareBudget;
}

/**
 * Requests as many of the limiter's permits as there are tasks to poll, and wakes up when the next one is due.
 * @returns to be called when a task was added.
 */
function createPump(
  kind: Kind,
  { mps, now, tickets = { image: 20, video: 50 }, after = nodeTimer }: Deps,
  { agenda, spare, heard, stumbled }: PumpDeps,
): () => void {
  const closing = new AbortController();
  // Every permit listens to it.
  setMaxListeners(0, closing.signal);
  let blank = 0;
  const wakeAt = createAlarm(pump, { now, after });

  function pump(): void {
    const wanted = Math.min(agenda.ready(now()), tickets[kind]);
    while (blank < wanted) void ask();
    wakeAt(agenda.wakesAt());
  }

  async function ask(): Promise<void> {
    blank += 1;
    const requestedAt = now();
    let isBlank = true;
    let chosen: Watched | undefined;
    const punch = () => {
      if (isBlank) blank -= 1;
      isBlank = false;
    };
    const choose = (): string | undefined => {
      punch();
      chosen = agenda.next(now());
      if (chosen) spare.queried(now() - requestedAt);
      return chosen?.watch.mpsTaskId;
    };
    try {
      const report = await mps.describe(kind, choose, { signal: closing.signal });
      if (chosen && report) heard(chosen, report);
    } catch (error) {
      if (error instanceof MpsError && error.reason === 'throttled') spare.throttled();
      // If a permit fails before a task was chosen, back off the next task; otherwise we would retry in a tight loop.
      const charged = chosen ?? agenda.next(now());
      if (charged) stumbled(charged, error);
    } finally {
      punch();
      pump();
    }
  }

  return pump;
}

/** One timer: each call replaces its time, ms since the epoch, or stops it if that is infinite. */
function createAlarm(
  ring: () => void,
  { now, after }: Required<Pick<Deps, 'now' | 'after'>>,
): (at: number) => void {
  let set: { readonly at: number; cancel(): void } | undefined;
  const wake = () => {
    set = undefined;
    ring();
  };
  return (at) => {
    if (set?.at === at) return;
    set?.cancel();
    set = Number.isFinite(at) ? { at, cancel: after(at - now(), wake) } : undefined;
  };
}

interface HearingDeps extends Pick<Deps, 'log' | 'now'> {
  readonly waiters: Map<string, Waiter>;
  readonly agenda: PollSchedule<Watched>;
}

/** What a poll's outcome means for its task. */
function createHearing(kind: Kind, { waiters, agenda, log, now }: HearingDeps) {
  function heard(watched: Watched, report: TaskReport): void {
    const waiter = waiters.get(watched.watch.mpsTaskId);
    // A response may arrive after polling was given up or restarted.
    if (waiter?.watched !== watched) return;
    if (report.status === 'DONE' || report.status === 'FAIL') {
      waiters.delete(watched.watch.mpsTaskId);
      if (report.status === 'DONE') watched.ended(report.askedAt);
      waiter.settle(report);
    } else {
      watched.heard(report);
      agenda.add(watched);
    }
  }

  function stumbled(watched: Watched, error: unknown): void {
    const { mpsTaskId } = watched.watch;
    if (waiters.get(mpsTaskId)?.watched !== watched) return;
    watched.failed(now());
    agenda.add(watched);
    const { failures } = watched;
    log[levelOf(error)]({ kind, mpsTaskId, failures, err: error }, 'a query failed');
  }

  return { heard, stumbled };
}

function nodeTimer(ms: number, wake: () => void): () => void {
  const timer = setTimeout(wake, Math.max(0, ms));
  return () => clearTimeout(timer);
}
