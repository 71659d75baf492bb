import type { Limit, Limits, Slot } from '../mps/limits.js';
import type { Action } from '../mps/wire.js';
import type { Ledger } from '../tasks/ledger.js';
import type { Observer } from './observer.js';

/** How busy one action's limiter is. */
export interface LimiterUse {
  /** Jobs that wait for the right to send. */
  readonly waiting: number;
  /** Requests on their way. */
  readonly running: number;
  /** Requests that ended within the last second, together with those on their way: what counts against the rate. */
  readonly used: number;
}

/** The same ledger; every change of a task is told once it is written. */
export function watchLedger(ledger: Ledger, { task: tell }: Required<Pick<Observer, 'task'>>): Ledger {
  return {
    ...ledger,
    async add(task) {
      const added = await ledger.add(task);
      if (added) tell(task, undefined);
      return added;
    },
    async record(id, event) {
      const task = await ledger.record(id, event);
      tell(task, event.type);
      return task;
    },
  };
}

/** The same limits; every request is told when it has ended, and their use can be read. */
export function watchLimits(
  limits: Limits,
  { request: tell }: Required<Pick<Observer, 'request'>>,
  now: () => number,
): { readonly limits: Limits; readonly use: () => Readonly<Record<Action, LimiterUse>> } {
  const watched = forEachAction((action) => watchLimit(action, limits, tell, now));
  return {
    limits: { ...watched, close: () => limits.close() },
    use: () => forEachAction((action) => watched[action].use()),
  };
}

function forEachAction<T>(make: (action: Action) => T): Readonly<Record<Action, T>> {
  return {
    CreateAigcImageTask: make('CreateAigcImageTask'),
    DescribeAigcImageTask: make('DescribeAigcImageTask'),
    CreateAigcVideoTask: make('CreateAigcVideoTask'),
    DescribeAigcVideoTask: make('DescribeAigcVideoTask'),
  };
}

function watchLimit(
  action: Action,
  limits: Limits,
  tell: Required<Observer>['request'],
  now: () => number,
): Limit & { use(): LimiterUse } {
  let waiting = 0;
  let running = 0;
  const ends: number[] = [];
  const forget = () => {
    while (ends.length > 0 && (ends[0] ?? 0) <= now() - 1000) ends.shift();
  };

  async function watched<T>(job: (slot: Slot) => Promise<T>, slot: Slot): Promise<T> {
    let unused = false;
    const began = now();
    const ended = (error?: unknown) => {
      running--;
      if (unused) return;
      forget();
      ends.push(now());
      tell(action, error, now() - began);
    };
    running++;
    const giveBack = () => {
      unused = true;
      slot.giveBack();
    };
    try {
      const answer = await job({ giveBack });
      ended();
      return answer;
    } catch (error) {
      ended(error);
      throw error;
    }
  }

  return {
    async run(job, options) {
      let waits = true;
      const called = () => {
        if (waits) waiting--;
        waits = false;
      };
      waiting++;
      try {
        return await limits[action].run((slot) => {
          called();
          return watched(job, slot);
        }, options);
      } finally {
        called();
      }
    },
    use() {
      forget();
      return { waiting, running, used: running + ends.length };
    },
  };
}
