import type { Delivery } from '../delivery/delivery-port.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Expected, Progress } from '../model/progress.js';
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

/** Shortest time between two redraws of a card, ms. */
const leastShown = 5_000;
/** A card of a late task stays unchanged for at least this long, ms. */
const leastLate = 30_000;

export function createProgressShow({ ledger, delivery, poller, now, signal }: Deps): ProgressShow {
  return {
    begin(task, { mpsTaskId, letGo }, { drawn }) {
      let timer: NodeJS.Timeout | undefined;

      function draw(progress: Progress): void {
        // It may have timed out meanwhile.
        const current = ledger.get(task.id);
        if (current?.state.name === 'running') void delivery.show(current, progress);
      }

      function at(time: number, least: number, step: () => void): void {
        timer = setTimeout(() => signal.aborted || step(), Math.max(least, time - now())).unref();
      }

      function usual(expected: Expected): void {
        if (!drawn) draw({ expected });
        at(expected.median, leastShown, () => slow(expected));
      }

      function slow(expected: Expected): void {
        if (expected.p90 - now() < leastShown) late();
        else {
          draw({ expected, pace: 'slow' });
          at(expected.p90, leastShown, late);
        }
      }

      function late(): void {
        const expected = poller.expected(task.request.kind, mpsTaskId);
        if (!expected) return;
        draw({ expected, pace: 'late' });
        at(expected.median, leastLate, late);
      }

      const expected = poller.expected(task.request.kind, mpsTaskId);
      if (expected) usual(expected);
      else if (!drawn && !letGo) draw({});
      return () => clearTimeout(timer);
    },
  };
}
