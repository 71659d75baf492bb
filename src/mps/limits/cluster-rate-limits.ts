import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { Log } from '../../log.js';
import { untilAborted } from '../../util/abort.js';
import type { Action } from '../wire.js';
import { createGenerations, type Generation, isBroken, type SharedLimiter } from './limiter-epochs.js';
import { createPreparation } from './preparation.js';
import {
  createLimits,
  enter,
  type Limit,
  type Limits,
  mpsRates,
  type RunOptions,
  type Slot,
} from './rate-limits.js';
import type { SlotOpenings } from './slot-openings.js';

interface Deps {
  /** Opens a connection that doesn't reconnect by itself. */
  readonly connect: () => Redis;
  /** This process's part of the rates while Redis is unavailable, of 1. */
  readonly share: number;
  readonly log: Log;
  readonly rates?: Partial<Record<Action, number>>;
}

/** A second, plus a little for rounding clocks. */
const windowMs = 1_000.5;
/**
 * A slot is given back this long before it opens, ms: longer than it takes from one process to the next through Redis, even
 * if all slots go there at once. Its next holder prepares meanwhile and waits for it.
 */
const leadMs = 100;
/** A slot is used by then, ms after it was had, although no one says when it opens: Redis failed in between. */
const latestMs = 2 * leadMs;
/** ms after which the slot of a dead process is freed: longer than any request takes to reach MPS. */
const lifeMs = 10_000;

const lost = Symbol('the limiter was lost before the job began');

/**
 * The same guarantee as `createLimits`, for all processes on one Redis together: at most `rates[action]` requests
 * arrive at MPS in any sliding second. Bottleneck's cluster mode counts the slots in use; a slot opens a second after the
 * response, so that no jitter brings two uses closer together, and that time goes with it when it is given back (a little
 * earlier). Slots of a dead process expire. While Redis is unavailable each process keeps to its share of the rates, so that
 * running tasks are still polled.
 */
export function createSharedLimits({ connect, share, log, rates: given = {} }: Deps): Limits {
  const rates = { ...mpsRates, ...given };
  const alone = createLimits({ rates: scaled(rates, share) });
  const generations = createGenerations({ connect, rates, quietMs: windowMs + latestMs, log });
  const running = new Set<Promise<unknown>>();
  let closed = false;

  function createLimit(action: Action): Limit {
    const preparation = createPreparation();
    async function attempt<T>(
      job: (slot: Slot) => Promise<T>,
      options: RunOptions,
      begin: () => boolean,
    ): Promise<T> {
      const { signal, early, prepare } = options;
      const ready = () => enter(begin, signal);
      const prepareAlone = async () => {
        ready();
        await prepare?.();
      };
      for (;;) {
        const generation = await generations.current();
        if (closed) throw new Error('The MPS rate limits are closed');
        if (!generation) return alone[action].run(job, { ...options, prepare: prepareAlone });
        const { limiters } = generation;
        const done = await inLine(running, generation, limiters[action], (slot, opensAt) =>
          prepared(job, slot, () => preparation.endAt(opensAt, ready, { early, prepare })),
        );
        if (done !== lost) return done;
        signal?.throwIfAborted();
      }
    }
    return {
      run: (job, options = {}) => untilAborted(options.signal, (begin) => attempt(job, options, begin)),
    };
  }

  return {
    CreateAigcImageTask: createLimit('CreateAigcImageTask'),
    DescribeAigcImageTask: createLimit('DescribeAigcImageTask'),
    CreateAigcVideoTask: createLimit('CreateAigcVideoTask'),
    DescribeAigcVideoTask: createLimit('DescribeAigcVideoTask'),
    async close() {
      closed = true;
      await generations.close(async () => void (await Promise.all(running)));
      await alone.close();
    },
  };
}

/** Runs work when the limiter's line has come to it; `lost` if the limiter went before. */
function inLine<T>(
  running: Set<Promise<unknown>>,
  generation: Generation,
  { line, openings }: SharedLimiter,
  work: Work<T>,
): Promise<T | typeof lost> {
  const { ended } = generation;
  return new Promise((resolve, reject) => {
    let begun = false;
    const lose = () => begun || resolve(lost);
    ended.addEventListener('abort', lose, { once: true });
    async function job(): Promise<void> {
      ended.removeEventListener('abort', lose);
      if (ended.aborted) return;
      begun = true;
      const held = hold(openings, work, { resolve, reject }).finally(() => running.delete(held));
      running.add(held);
      await held;
    }
    line.schedule({ expiration: lifeMs }, job).catch((error: unknown) => {
      if (begun) return;
      if (isBroken(error)) generation.end();
      // Anything else means that Redis didn't answer; retry a moment later.
      void sleep(leadMs).then(lose);
    });
  });
}

/** @param opensAt by `performance.now()`. */
type Work<T> = (slot: Slot, opensAt: number) => Promise<T>;

interface Settle<T> {
  resolve(value: T): void;
  reject(reason: unknown): void;
}

/** Does the work in a slot, and keeps the slot until it may be given back. */
async function hold<T>(openings: SlotOpenings, work: Work<T>, { resolve, reject }: Settle<T>): Promise<void> {
  const taken = await openings.take().catch(() => Number.POSITIVE_INFINITY);
  // Only a Redis whose clock was set back names a later time, and only one that fails names none.
  const opensAt = Math.min(taken, performance.now() + latestMs);
  let unused = false;
  const giveBack = () => {
    unused = true;
  };
  await work({ giveBack }, opensAt).then(resolve, reject);
  const opensAgainAt = unused ? opensAt : performance.now() + windowMs;
  const early = opensAgainAt - leadMs - performance.now();
  if (early > 0) await sleep(early);
  if (opensAgainAt <= performance.now()) return;
  await openings.leave(opensAgainAt).catch(() => sleep(leadMs));
}

/** Runs a job once it is prepared for; if it cannot be, nothing was sent. */
async function prepared<T>(
  job: (slot: Slot) => Promise<T>,
  slot: Slot,
  prepare: () => Promise<void>,
): Promise<T> {
  try {
    await prepare();
  } catch (error) {
    slot.giveBack();
    throw error;
  }
  return job(slot);
}

function scaled(rates: Readonly<Record<Action, number>>, share: number): Record<Action, number> {
  const part = (rate: number) => Math.max(1, Math.floor(rate * share));
  return {
    CreateAigcImageTask: part(rates.CreateAigcImageTask),
    DescribeAigcImageTask: part(rates.DescribeAigcImageTask),
    CreateAigcVideoTask: part(rates.CreateAigcVideoTask),
    DescribeAigcVideoTask: part(rates.DescribeAigcVideoTask),
  };
}
