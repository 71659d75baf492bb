import { UserError } from '../errors.js';
import type { Fetcher } from '../media/results/result-fetcher.js';
import type { Sources } from '../media/sources/source-intake.js';
import type { Limit, Limits, Slot } from '../mps/limits/rate-limits.js';
import type { Action } from '../mps/wire.js';
import { type Budget, QuotaError } from '../tasks/accounting/budget.js';
import type { Delivery } from '../tasks/delivery/delivery-port.js';
import type { UploadQueue } from '../tasks/delivery/upload-queue.js';
import type { Ledger } from '../tasks/ledger/ledger.js';
import type { Observer } from './observer.js';

/** How busy one action's limiter is. */
export interface LimiterUse {
  /** Jobs waiting for a permit. */
  readonly waiting: number;
  /** Requests in flight. */
  readonly running: number;
  /** Requests in flight, and those that ended within the last second: what counts against the rate. */
  readonly used: number;
}

/** Wraps the ledger: every change of a task is reported once it is recorded. */
export function watchLedger(ledger: Ledger, { task: tell }: Pick<Observer, 'task'>): Ledger {
  const told =
    (record: Ledger['record']): Ledger['record'] =>
    async (id, event) => {
      const before = ledger.get(id)?.state;
      const task = await record(id, event);
      tell(task, event.type, before);
      return task;
    };
  return {
    ...ledger,
    async add(task) {
      const added = await ledger.add(task);
      if (added) tell(task);
      return added;
    },
    record: told(ledger.record),
    recordSoon: told(ledger.recordSoon),
  };
}

/** Wraps the budget: every refusal is reported. */
export function watchBudget(budget: Budget, { quotaRefused: tell }: Pick<Observer, 'quotaRefused'>): Budget {
  const told = (error: unknown): never => {
    const cause = error instanceof UserError ? error.cause : error;
    if (cause instanceof QuotaError) tell(cause.refusal.limit.scope, cause.refusal.limit.measure);
    throw error;
  };
  return {
    ...budget,
    admit: (...asked) => budget.admit(...asked).catch(told),
    reserve: (...asked) => budget.reserve(...asked).catch(told),
  };
}

type Tell = Pick<Observer, 'transferred'>;

/** Wraps the fetcher: the bytes of every result are reported. */
export function watchFetcher(fetcher: Fetcher, { transferred: tell }: Tell): Fetcher {
  return {
    ...fetcher,
    async fetch(results, options) {
      const files = await fetcher.fetch(results, options);
      tell('result', bytesOf(files));
      return files;
    },
  };
}

/** Wraps the sources: the bytes of every image are reported. */
export function watchSources(sources: Sources, { transferred: tell }: Tell): Sources {
  return {
    ...sources,
    async take(source, rule, options) {
      const taken = await sources.take(source, rule, options);
      tell('source', taken.bytes);
      return taken;
    },
  };
}

/** Wraps the upload queue: the bytes of every successful post are reported. */
export function watchTransfers(transfers: UploadQueue, { transferred: tell }: Tell): UploadQueue {
  return {
    async run(bytes, post) {
      const posted = await transfers.run(bytes, post);
      tell('upload', bytes);
      return posted;
    },
  };
}

/** Wraps delivery: the bytes of images hosted on an answer are reported. */
export function watchDelivery(delivery: Delivery, { transferred: tell }: Tell): Delivery {
  return {
    ...delivery,
    async host(task, images) {
      const hosted = await delivery.host(task, images);
      tell('upload', bytesOf(images));
      return hosted;
    },
  };
}

function bytesOf(files: readonly { readonly bytes: number }[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Wraps the limits: every request is reported when it ends, and their usage can be read. */
export function watchLimits(
  limits: Limits,
  { request: tell }: Pick<Observer, 'request'>,
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
  tell: Observer['request'],
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
