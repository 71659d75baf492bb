import { setTimeout as sleep } from 'node:timers/promises';
import type Bottleneck from 'bottleneck';
import type { Redis } from 'ioredis';
import type { Log } from '../../log.js';
import { untilAborted } from '../../util/abort.js';
import type { Action } from '../wire.js';
import { createGenerations, type Generation, isBroken } from './limiter-epochs.js';
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

interface Deps {
  /** Opens a connection that doesn't reconnect by itself. */
  readonly connect: () => Redis;
  /** This process's part of the rates while Redis is unavailable, of 1. */
  readonly share: number;
  readonly log: Log;
  readonly rates?: Partial<Record<Action, number>>;
}

/** A second, plus the milliseconds by which timers may fire early. */
const windowMs = 1_002;
/** A slot is given out this long before it opens, ms; its holder prepares meanwhile and waits for it. */
const leadMs = 50;
/** ms after which the slot of a dead process is freed: longer than any request takes to reach MPS. */
const lifeMs = 10_000;

const lost = Symbol('the limiter was lost before the job began');

/**
 * The same guarantee as `createLimits`, for all processes on one Redis together: at most `rates[action]` requests
 * arrive at MPS in any sliding second. Bottleneck's cluster mode counts the slots in use; a slot is held for a second
 * beyond the response, so that no jitter brings two uses closer together. Slots of a dead process expire. While Redis
 * is unavailable each process keeps to its share of the rates, so that running tasks are still polled.
 */
export function createSharedLimits({ connect, share, log, rates: given = {} }: Deps): Limits {
  const rates = { ...mpsRates, ...given };
  const alone = createLimits({ rates: scaled(rates, share) });
  const generations = createGenerations({ connect, rates, quietMs: windowMs, log });
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
        const done = await inLine(running, generation, limiters[action], (slot) =>
          prepared(job, slot, () => preparation.endAt(performance.now() + leadMs, ready, { early, prepare })),
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
  limiter: Bottleneck,
  work: (slot: Slot) => Promise<T>,
): Promise<T | typeof lost> {
  const { ended } = generation;
  return new Promise((resolve, reject) => {
    let begun = false;
    const lose = () => begun || resolve(lost);
    ended.addEventListener('abort', lose, { once: true });
    async function hold(): Promise<void> {
      let unused = false;
      const giveBack = () => {
        unused = true;
      };
      await work({ giveBack }).then(resolve, reject);
      if (!unused) await sleep(windowMs - leadMs);
    }
    async function job(): Promise<void> {
      ended.removeEventListener('abort', lose);
      if (ended.aborted) return;
      begun = true;
      const held = hold().finally(() => running.delete(held));
      running.add(held);
      await held;
    }
    limiter.schedule({ expiration: lifeMs }, job).catch((error: unknown) => {
      if (begun) return;
      if (isBroken(error)) generation.end();
      // Anything else means that Redis didn't answer; retry a moment later.
      void sleep(leadMs).then(lose);
    });
  });
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
