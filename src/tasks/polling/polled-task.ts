import type { TaskReport } from '../../mps/api/client.js';
import type { GenerationRequest } from '../../mps/generation-request.js';
import { jittered } from '../../util/retry.js';
import { minute } from '../../util/time.js';
import type { Expected } from '../model/progress.js';
import type { Distribution } from './distribution.js';
import type { Durations } from './duration-model.js';
import type { Item } from './poll-schedule.js';
import type { SpareBudget } from './spare-budget.js';

/** A task that is polled until MPS reports its end. */
export interface Watch {
  readonly request: GenerationRequest;
  readonly mpsTaskId: string;
  /** When MPS accepted it, ms since the epoch. */
  readonly createdAt: number;
  /** Called with the time (ms) of each response but the last. */
  readonly onUnfinished?: (at: number) => void;
}

/** What is known about a polled task, and so when to poll it. */
export interface Watched extends Item {
  readonly watch: Watch;
  /** Failed polls since the last response. */
  readonly failures: number;
  /** Records a non-final response to the poll at `askedAt`. */
  heard(report: Pick<TaskReport, 'status' | 'askedAt'>): void;
  /** Records that it had ended by `at`. */
  ended(at: number): void;
  /** A poll failed. */
  failed(now: number): void;
  /** When it is expected to end, given that it hasn't by `now`. */
  expected(now: number): Expected;
}

interface Deps {
  readonly durations: Pick<Durations, 'of' | 'note'>;
  /** ms: the longest gap between two polls, as long as the budget allows. */
  readonly intervalMs: number;
  /** Fixed ms between two polls; nothing is estimated then. */
  readonly pace?: (() => number) | undefined;
  /** For polls closer than the usual spacing. */
  readonly spare: Pick<SpareBudget, 'advance'>;
  /** ms since the epoch. */
  readonly now: number;
  /** Polled immediately. */
  readonly soon: boolean;
  readonly random?: () => number;
}

/** Usual minimum gap between two polls of one task, ms, unless the operator sets a shorter one (POLL_INTERVAL_MS). */
const closest = 1_000;
/** Usually a task isn't polled before its result is expected to have been finished for this long, ms. */
const worthwhile = 250;
/**
 * With spare budget, the gap is this part of the time after which a poll is worthwhile: a lone task in its likely
 * range is polled every 0.3 s or so, and its end noticed 0.2 s later on average; far from it, hardly more often.
 */
const eagerness = 1 / 6;
/** Minimum gap between two polls of one task with spare budget, ms. */
const closestWithSpare = 300;
/** Longest delay of a failing poll before jitter, ms. */
const maxBackoffMs = minute;

export function createWatched(
  watch: Watch,
  { durations, intervalMs, pace, spare, now, soon, random }: Deps,
): Watched {
  const estimate = createEstimate(watch, durations);
  let failures = 0;
  let from = soon ? now : now + (pace ? pace() : intervalMs);
  let guessing = pace === undefined;
  if (!soon && guessing) from = restUntil(now);

  function reaches(ms: number): number {
    return guessing ? estimate.reaches(ms) : from;
  }

  /** When to poll again after `askedAt`: once it is worthwhile, or after the interval; sooner with spare budget. */
  function restUntil(askedAt: number): number {
    const worth = reaches(worthwhile);
    const usual = Math.max(askedAt + Math.min(closest, intervalMs), Math.min(askedAt + intervalMs, worth));
    const wish = askedAt + Math.max(closestWithSpare, (worth - askedAt) * eagerness);
    return spare.advance({ askedAt, wish, usual });
  }

  return {
    watch,
    get from() {
      return from;
    },
    get failures() {
      return failures;
    },
    reaches,
    lying: (at) => (guessing ? estimate.lying(at) : undefined),
    heard(report) {
      const { askedAt } = report;
      failures = 0;
      estimate.unfinished(report);
      guessing = pace === undefined;
      from = pace ? askedAt + pace() : restUntil(askedAt);
      watch.onUnfinished?.(askedAt);
    },
    ended: estimate.ended,
    failed(now) {
      failures += 1;
      const usual = pace ? pace() : intervalMs;
      from = now + jittered(Math.min(maxBackoffMs, usual * 2 ** Math.min(failures - 1, 8)), random);
      guessing = false;
    },
    expected: estimate.expected,
  };
}

/** When a task is expected to end, by the learned durations and what its responses said; each is learned from. */
function createEstimate({ request, createdAt }: Watch, durations: Deps['durations']) {
  let unfinishedAt = createdAt;
  /** When MPS last reported that it hadn't started. */
  let waitedAt: number | undefined;
  let [distribution, origin] = believe();

  /** While it is queued at MPS its age says nothing about its end: the end of the wait counts. */
  function believe(): readonly [Distribution, number] {
    if (waitedAt === undefined) return [durations.of(request, 'whole'), createdAt];
    return [durations.of(request, 'run'), waitedAt];
  }

  function learn(at: number, ended: boolean): void {
    // Nothing is known about off-peak tasks, and others can't learn from them.
    if (request.kind === 'video' && request.offPeak) return;
    const seen = (since: number) => ({
      after: unfinishedAt - since,
      by: Math.max(at, unfinishedAt) - since,
      ended,
    });
    durations.note(request, seen(createdAt));
    if (waitedAt !== undefined) durations.note(request, seen(waitedAt), 'run');
  }

  return {
    unfinished({ status, askedAt }: Pick<TaskReport, 'status' | 'askedAt'>): void {
      // The wait at MPS is over once it no longer reports WAIT.
      if (status === 'WAIT') waitedAt = undefined;
      learn(askedAt, false);
      unfinishedAt = Math.max(unfinishedAt, askedAt);
      if (status === 'WAIT') waitedAt = askedAt;
      [distribution, origin] = believe();
    },
    ended: (at: number) => learn(at, true),
    reaches: (ms: number) => origin + distribution.lyingAt(unfinishedAt - origin, ms),
    lying: (at: number) => distribution.lying(unfinishedAt - origin, at - origin),
    expected(now: number): Expected {
      const [of, since] = believe();
      const quantile = (share: number) => since + of.quantile(share, Math.max(unfinishedAt, now) - since);
      return { median: quantile(0.5), p90: quantile(0.9) };
    },
  };
}
