import { setMaxListeners } from 'node:events';
import type { Log } from '../log.js';
import type { MpsClient, TaskReport } from '../mps/client.js';
import type { Kind } from '../mps/generation.js';
import { levelOf } from './failure.js';

/** A task that is asked about until MPS says how it ended. */
export interface Watch {
  readonly kind: Kind;
  readonly mpsTaskId: string;
  /** Called with the time (ms) of each answer that was not the last. */
  readonly onUnfinished?: (at: number) => void;
}

/**
 * Decides when to ask MPS about which task. The choice is made at the moment the limiter has a slot: what waits inside
 * the limiter are blank tickets, so a task that is due longest is asked first however many are waiting.
 */
export interface Poller {
  /**
   * Resolves with the last report, DONE or FAIL. Errors of a query only delay this task's next one; the caller's
   * signal is the deadline. Rejects with the signal's reason.
   * @param options.pace ms between two questions, in place of the usual interval.
   * @param options.soon asks the first one at once.
   */
  wait(
    watch: Watch,
    options: { signal: AbortSignal; pace?: () => number; soon?: boolean },
  ): Promise<TaskReport>;
}

interface Deps {
  readonly mps: Pick<MpsClient, 'describe'>;
  readonly log: Log;
  /** ms between two questions about one task (POLL_INTERVAL_MS). */
  readonly intervalMs: number;
  /** Blank tickets that may wait in the limiter, by kind. */
  readonly tickets?: Readonly<Record<Kind, number>>;
  readonly now: () => number;
}

interface Watched extends Watch {
  dueAt: number;
  failures: number;
  asking: boolean;
  readonly pace: () => number;
  readonly settle: (report: TaskReport) => void;
}

/** The longest a failing query waits, ms. */
const maxBackoffMs = 60_000;

export function createPoller({
  mps,
  log,
  intervalMs,
  now,
  tickets = { image: 20, video: 50 },
}: Deps): Poller {
  const desks = { image: createDesk('image'), video: createDesk('video') };

  function createDesk(kind: Kind) {
    const watched = new Map<string, Watched>();
    const closing = new AbortController();
    // Every ticket listens to it.
    setMaxListeners(0, closing.signal);
    let blank = 0;
    let timer: NodeJS.Timeout | undefined;

    function nextDue(): Watched | undefined {
      let first: Watched | undefined;
      for (const watch of watched.values()) {
        if (!watch.asking && (!first || watch.dueAt < first.dueAt)) first = watch;
      }
      return first;
    }

    /** Sends out as many tickets as there are tasks due, and wakes up when another one is. */
    function pump(): void {
      clearTimeout(timer);
      const at = now();
      let due = 0;
      let nextAt = Number.POSITIVE_INFINITY;
      for (const { asking, dueAt } of watched.values()) {
        if (asking) continue;
        if (dueAt <= at) due++;
        else nextAt = Math.min(nextAt, dueAt);
      }
      for (let missing = Math.min(due, tickets[kind]) - blank; missing > 0; missing--) void ask();
      if (Number.isFinite(nextAt)) timer = setTimeout(pump, nextAt - at);
    }

    async function ask(): Promise<void> {
      blank++;
      let isBlank = true;
      let chosen: Watched | undefined;
      const punch = () => {
        if (isBlank) blank--;
        isBlank = false;
      };
      const choose = (): string | undefined => {
        punch();
        const next = nextDue();
        if (!next || next.dueAt > now()) return undefined;
        next.asking = true;
        chosen = next;
        return next.mpsTaskId;
      };
      try {
        const report = await mps.describe(kind, choose, { signal: closing.signal });
        if (chosen && report && isWatched(chosen)) heard(chosen, report);
      } catch (error) {
        // A ticket that was turned away blank is charged to whoever was due, or the next would follow at once.
        const charged = chosen ?? nextDue();
        if (charged) stumbled(charged, error);
      } finally {
        punch();
        if (chosen) chosen.asking = false;
        pump();
      }
    }

    /** Whether somebody still waits for it: an answer may come after its watch was given up, or begun anew. */
    function isWatched(watch: Watched): boolean {
      return watched.get(watch.mpsTaskId) === watch;
    }

    function heard(watch: Watched, report: TaskReport): void {
      watch.failures = 0;
      if (report.status === 'DONE' || report.status === 'FAIL') {
        watch.settle(report);
      } else {
        watch.onUnfinished?.(report.askedAt);
        watch.dueAt = now() + watch.pace();
      }
    }

    function stumbled(watch: Watched, error: unknown): void {
      watch.failures++;
      watch.dueAt = now() + Math.min(maxBackoffMs, watch.pace() * 2 ** Math.min(watch.failures - 1, 8));
      log[levelOf(error)](
        { kind, mpsTaskId: watch.mpsTaskId, failures: watch.failures, err: error },
        'a query failed',
      );
    }

    return { watched, pump };
  }

  return {
    wait(watch, { signal, pace = () => intervalMs, soon = false }) {
      return new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const { watched, pump } = desks[watch.kind];
        const leave = () => {
          if (watched.get(watch.mpsTaskId) === mine) watched.delete(watch.mpsTaskId);
          signal.removeEventListener('abort', abort);
        };
        const abort = () => {
          leave();
          reject(signal.reason);
        };
        const settle = (report: TaskReport) => {
          leave();
          resolve(report);
        };
        const mine: Watched = {
          ...watch,
          pace,
          settle,
          dueAt: now() + (soon ? 0 : pace()),
          failures: 0,
          asking: false,
        };
        signal.addEventListener('abort', abort, { once: true });
        watched.set(watch.mpsTaskId, mine);
        pump();
      });
    },
  };
}
