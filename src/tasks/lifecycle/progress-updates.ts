import type { Delivery, Progress } from '../delivery/delivery-port.js';
import type { Ledger } from '../ledger/ledger.js';
import type { StateOf, Task } from '../model/task.js';
import type { Expected } from '../polling/polled-task.js';
import type { Poller } from '../polling/poller.js';

/** What a card says of a task while it is made, and when it must say something else. */
export interface ProgressShow {
  /**
   * Draws the card, and draws it anew each time what it says would be wrong: Discord counts by itself in between.
   * @param options.drawn the card was drawn before a restart: it is left until it is wrong.
   * @returns ends it.
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

/** A card is drawn no sooner again, ms. */
const leastShown = 5_000;
/** What is late stays as it is drawn for so long at least, ms. */
const leastLate = 30_000;

export function createProgressShow({ ledger, delivery, poller, now, signal }: Deps): ProgressShow {
  return {
    begin(task, { mpsTaskId, letGo }, { drawn }) {
      let timer: NodeJS.Timeout | undefined;

      function draw(progress: Progress): void {
        // It may have been let go meanwhile.
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
