import type { TaskReport } from '../../mps/api/client.js';
import type { GenerationRequest } from '../../mps/generation-request.js';
import { minute } from '../../util/time.js';
import type { Distribution } from './distribution.js';
import type { Durations } from './duration-model.js';
import type { Item } from './poll-schedule.js';

/** A task that is asked about until MPS says how it ended. */
export interface Watch {
  readonly request: GenerationRequest;
  readonly mpsTaskId: string;
  /** When MPS took it, ms since the epoch. */
  readonly createdAt: number;
  /** Called with the time (ms) of each answer that was not the last. */
  readonly onUnfinished?: (at: number) => void;
}

/** When a result is expected, ms since the epoch: as likely before `median` as after it, and nine times in ten before `p90`. */
export interface Expected {
  readonly median: number;
  readonly p90: number;
}

/** What is known of a watched task, and so when to ask about it. */
export interface Watched extends Item {
  readonly watch: Watch;
  /** Queries that failed since the last answer. */
  readonly failures: number;
  /** Takes in an answer that was not the last, sent at `askedAt`. */
  heard(report: Pick<TaskReport, 'status' | 'askedAt'>): void;
  /** Takes in that it had ended by `at`. */
  ended(at: number): void;
  /** A query failed. */
  failed(now: number): void;
  /** When it is expected to end, should it not have by `now`. */
  expected(now: number): Expected;
}

interface Deps {
  readonly durations: Pick<Durations, 'of' | 'note'>;
  /** ms: the longest gap between two questions, as long as the budget allows. */
  readonly intervalMs: number;
  /** ms between two questions, always; nothing is guessed then. */
  readonly pace?: (() => number) | undefined;
  /** ms since the epoch. */
  readonly now: number;
  /** Asked about at once. */
  readonly soon: boolean;
}

/** Two questions about one task are never closer, ms; but for an operator who wants them to be (POLL_INTERVAL_MS). */
const closest = 1_000;
/** Before its result is expected to have lain there for so long, a task is not asked about, however free the budget is: ms. */
const worthwhile = 250;
/** The longest a failing query waits, ms. */
const maxBackoffMs = minute;

export function createWatched(watch: Watch, { durations, intervalMs, pace, now, soon }: Deps): Watched {
  const { request, createdAt } = watch;
  let unfinishedAt = createdAt;
  /** When MPS last said that it had not begun. */
  let waitedAt: number | undefined;
  let failures = 0;
  let [distribution, origin] = believe();
  let from = soon ? now : now + (pace ? pace() : intervalMs);
  let guessing = pace === undefined;
  if (!soon && guessing) from = restUntil(now);

  /** While it waits at MPS, its age says nothing of when it will be made: what counts is the end of the wait. */
  function believe(): readonly [Distribution, number] {
    if (waitedAt === undefined) return [durations.of(request, 'whole'), createdAt];
    return [durations.of(request, 'run'), waitedAt];
  }

  /** What one answer says is learned for the tasks to come. */
  function learn(at: number, ended: boolean): void {
    // Nothing is known of off-peak tasks, and nothing is to be learned from them of others.
    if (request.kind === 'video' && request.offPeak) return;
    const seen = (since: number) => ({
      after: unfinishedAt - since,
      by: Math.max(at, unfinishedAt) - since,
      ended,
    });
    durations.note(request, seen(createdAt));
    if (waitedAt !== undefined) durations.note(request, seen(waitedAt), 'run');
  }

  function reaches(ms: number): number {
    return guessing ? origin + distribution.lyingAt(unfinishedAt - origin, ms) : from;
  }

  /** From when on it is asked about again after `askedAt`: as soon as that is worth a question, or after the interval. */
  function restUntil(askedAt: number): number {
    const worth = reaches(worthwhile);
    return Math.max(askedAt + Math.min(closest, intervalMs), Math.min(askedAt + intervalMs, worth));
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
    lying: (at) => (guessing ? distribution.lying(unfinishedAt - origin, at - origin) : undefined),
    heard({ status, askedAt }) {
      failures = 0;
      // A wait for MPS to begin is over when it says so no more.
      if (status === 'WAIT') waitedAt = undefined;
      learn(askedAt, false);
      unfinishedAt = Math.max(unfinishedAt, askedAt);
      if (status === 'WAIT') waitedAt = askedAt;
      guessing = pace === undefined;
      [distribution, origin] = believe();
      from = pace ? askedAt + pace() : restUntil(askedAt);
      watch.onUnfinished?.(askedAt);
    },
    ended: (at) => learn(at, true),
    failed(now) {
      failures += 1;
      const usual = pace ? pace() : intervalMs;
      from = now + Math.min(maxBackoffMs, usual * 2 ** Math.min(failures - 1, 8));
      guessing = false;
    },
    expected(now) {
      const [of, since] = believe();
      const quantile = (share: number) => since + of.quantile(share, Math.max(unfinishedAt, now) - since);
      return { median: quantile(0.5), p90: quantile(0.9) };
    },
  };
}
