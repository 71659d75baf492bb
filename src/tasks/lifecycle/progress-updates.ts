import type { Delivery } from '../delivery/delivery-port.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Expected, Progress } from '../model/progress.js';
import { soonMs, type TimeWindow, worthSaying } from '../model/progress.js';
import type { StateOf, Task } from '../model/task.js';
import type { Poller } from '../polling/poller.js';

/** What a card says while a task is running, and when it has to change. */
export interface ProgressShow {
  /**
   * Draws the card, and redraws it whenever it would become wrong; Discord updates relative times by itself.
   * @param options.drawn the card was drawn before a restart and is left until it becomes wrong.
   * @returns a function that stops it.
   */
  begin(task: Task, running: StateOf<'running'>, options: { readonly drawn: boolean }): () => void;
}

interface Deps {
  readonly ledger: Pick<Ledger, 'get'>;
  readonly delivery: Pick<Delivery, 'show'>;
  readonly poller: Pick<Poller, 'expected'>;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** A card stays unchanged for at least this long, ms; a time closer than that is not said (`soonMs`). */
const leastShown = soonMs;

export function createProgressShow({ ledger, delivery, poller, now, signal }: Deps): ProgressShow {
  return {
    begin(task, { mpsTaskId, letGo }, { drawn }) {
      const first = poller.expected(task.request.kind, mpsTaskId);
      let timer: NodeJS.Timeout | undefined;

      function draw(progress: Progress): void {
        // It may have timed out meanwhile.
        const current = ledger.get(task.id);
        if (current?.state.name === 'running') void delivery.show(current, progress);
      }

      /** Looks again when the first time on the card has passed; without one, when the result should be there. */
      function follow(expected: Expected, shown: TimeWindow): void {
        const until = shown.from ?? shown.to ?? expected.p90;
        const wait = Math.max(leastShown, until - now());
        timer = setTimeout(() => signal.aborted || update(), wait).unref();
      }

      function update(): void {
        const expected = poller.expected(task.request.kind, mpsTaskId);
        if (!expected || !first) return;
        const shown = worthSaying(expected, now());
        draw({ expected: shown, ...(now() >= first.median && { pace: paceOf(first, now()) }) });
        follow(expected, shown);
      }

      if (first) {
        const shown = worthSaying(first, now());
        if (!drawn) draw({ expected: shown });
        follow(first, shown);
      } else if (!drawn && !letGo) draw({});
      return () => clearTimeout(timer);
    },
  };
}

/** How a task that outlived its expected duration compares with others. */
function paceOf({ p90 }: Expected, at: number): 'slow' | 'late' {
  return at < p90 ? 'slow' : 'late';
}
