import Bottleneck from 'bottleneck';
import { untilAborted } from '../../util/abort.js';
import type { Action } from '../wire.js';
import { createPreparation, type PreparationSteps } from './preparation.js';

/** Requests a second that MPS grants an account, by action (Tencent Cloud docs, "AIGC"). */
export const mpsRates = {
  CreateAigcImageTask: 20,
  DescribeAigcImageTask: 20,
  CreateAigcVideoTask: 10,
  DescribeAigcVideoTask: 50,
} as const satisfies Record<Action, number>;

/** A permit to send one request. */
export interface Slot {
  /** Returns the permit immediately: nothing was or will be sent. */
  giveBack(): void;
}

/** Keeps one action under its rate. */
export interface Limit {
  /**
   * Runs `job` when a request may be sent. A retry is a separate job.
   * @throws errors of `job` or `prepare`, the signal's reason, or an Error if the limits were closed meanwhile
   */
  run<T>(job: (slot: Slot) => Promise<T>, options?: RunOptions): Promise<T>;
}

export interface RunOptions {
  /** Ends the wait with its reason; a job being prepared or running is unaffected. */
  readonly signal?: AbortSignal;
  /** Runs first, as soon as the slot is certain: what may be done some time before the job. */
  readonly early?: () => Promise<void>;
  /**
   * Runs once the slot is certain, if possible so that it ends just when the slot opens: preparation doesn't reduce the
   * rate, and the job follows at once. If it throws, nothing runs and the slot is returned.
   */
  readonly prepare?: () => Promise<void>;
}

export type Limits = Readonly<Record<Action, Limit>> & {
  /** Rejects waiting jobs; resolves when the last running job has ended. */
  close(): Promise<void>;
};

/** A second, plus a little for rounding clocks. */
const windowMs = 1000.5;
/** A slot is given out this long before it opens, ms: the longest preparation that doesn't delay its request. */
const leadMs = 50;

/**
 * One limiter per action: at most `rates[action]` requests arrive at MPS in any sliding second. A token is returned a
 * second after the *response*, not after sending: the request may have arrived at any moment in between, so whatever
 * the network jitter, two uses of a token arrive more than a second apart.
 */
export function createLimits(options: { rates?: Partial<Record<Action, number>> } = {}): Limits {
  const rates = { ...mpsRates, ...options.rates };
  const limits = {
    CreateAigcImageTask: createLimit(rates.CreateAigcImageTask),
    DescribeAigcImageTask: createLimit(rates.DescribeAigcImageTask),
    CreateAigcVideoTask: createLimit(rates.CreateAigcVideoTask),
    DescribeAigcVideoTask: createLimit(rates.DescribeAigcVideoTask),
  };
  return {
    ...limits,
    async close() {
      await Promise.all(Object.values(limits).map((limit) => limit.close()));
    },
  };
}

function createLimit(rate: number): Limit & { close(): Promise<void> } {
  const limiter = new Bottleneck({ reservoir: rate });
  const preparation = createPreparation();
  const resting = new Set<NodeJS.Timeout>();
  /** When returned tokens open, soonest first; all others are open. */
  const opening: number[] = [];
  let closed = false;

  const putBack = () => void limiter.incrementReservoir(1);
  const putBackLater = () => {
    if (closed) return;
    const opensAt = performance.now() + windowMs;
    const timer = setTimeout(() => {
      resting.delete(timer);
      opening.push(opensAt);
      putBack();
    }, windowMs - leadMs);
    resting.add(timer);
  };

  async function withSlot<T>(
    job: (slot: Slot) => Promise<T>,
    begin: () => void,
    steps: PreparationSteps,
  ): Promise<T> {
    const opensAt = opening.shift() ?? 0;
    let unused = true;
    try {
      await preparation.endAt(opensAt, begin, steps);
      unused = false;
      return await job({
        giveBack() {
          unused = true;
        },
      });
    } finally {
      if (unused) {
        opening.unshift(opensAt);
        putBack();
      } else putBackLater();
    }
  }

  return {
    run: (job, { signal, ...steps } = {}) =>
      untilAborted(signal, (begin) =>
        limiter.schedule(() => withSlot(job, () => enter(begin, signal), steps)),
      ),
    async close() {
      closed = true;
      for (const timer of resting) clearTimeout(timer);
      resting.clear();
      await limiter.stop({ dropWaitingJobs: true, dropErrorMessage: 'The MPS rate limits are closed' });
    },
  };
}

/** @throws the signal's reason if the job has left the line. */
export function enter(begin: () => boolean, signal: AbortSignal | undefined): void {
  if (!begin()) throw signal?.reason;
}
