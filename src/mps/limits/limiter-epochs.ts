import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import Bottleneck from 'bottleneck';
import type { Redis } from 'ioredis';
import type { Log } from '../../log.js';
import type { Action } from '../wire.js';
import { createSlotOpenings, type SlotOpenings } from './slot-openings.js';

/** One action's slots, shared by all processes. */
export interface SharedLimiter {
  readonly line: Bottleneck;
  readonly openings: SlotOpenings;
}

/** Limiters on one Redis connection. When the connection is lost they end with it and are replaced. */
export interface Generation {
  readonly limiters: Readonly<Record<Action, SharedLimiter>>;
  readonly ended: AbortSignal;
  end(): void;
}

export interface Generations {
  /** The current limiters, as soon as they are known; undefined while Redis is unavailable. */
  current(): Promise<Generation | undefined>;
  /** Rejects waiting jobs, lets `finish` end running ones, and disconnects. */
  close(finish: () => Promise<void>): Promise<void>;
}

interface Deps {
  readonly connect: () => Redis;
  readonly rates: Readonly<Record<Action, number>>;
  /** ms to wait after Redis was unavailable: requests sent meanwhile aren't counted anywhere. */
  readonly quietMs: number;
  readonly log: Log;
}

interface Ears {
  readonly client: Redis;
  readonly subscriber: Redis;
}

const retryMs = 500;

/** Bottleneck's own state is gone from Redis; it would refuse every job from now on. */
export function isBroken(error: unknown): boolean {
  return error instanceof Error && /SETTINGS_KEY_NOT_FOUND|UNKNOWN_CLIENT/.test(error.message);
}

/**
 * Bottleneck keeps the slots of a lost connection, and can't recover if Redis has lost its state: so each connection
 * has its own limiters, and each run of Redis (by its run_id) its own state.
 */
export function createGenerations({ connect, rates, quietMs, log }: Deps): Generations {
  const closing = new AbortController();
  let leave: () => void = () => {};
  let finishing: () => Promise<void> = async () => {};
  const { current, wait, tell } = createCurrent();

  /**
   * When switching between shared and local counting, nothing is sent for a second, or both could fall into the same
   * second. All processes reconnect within a moment of each other.
   */
  const quiet = (ms: number) => sleep(ms, undefined, { signal: closing.signal });

  async function live(): Promise<void> {
    for (let first = true; !closing.signal.aborted; first = false) {
      const client = connect();
      const over = new AbortController();
      // Every job that waits listens to it.
      setMaxListeners(0, over.signal);
      leave = () => over.abort();
      client.once('close', leave);
      try {
        await opened(client);
        wait();
        if (!first) await quiet(2 * quietMs);
        await runGeneration(client, { over, rates, tell, wait, finish: () => finishing() });
        wait();
        if (!closing.signal.aborted) {
          log.warn({}, 'rate limits are no longer shared: Redis is unreachable');
          await quiet(quietMs);
        }
      } catch (error) {
        log.debug({ err: error }, 'rate limits cannot be shared yet');
        tell(undefined);
        await quiet(retryMs).catch(() => {});
      }
      client.disconnect();
    }
    tell(undefined);
  }

  const living = live();
  return {
    current,
    async close(finish) {
      finishing = finish;
      closing.abort();
      leave();
      await living;
    },
  };
}

interface RunDeps extends Pick<Deps, 'rates'>, Pick<ReturnType<typeof createCurrent>, 'tell' | 'wait'> {
  /** Aborted when the connection is lost, the limiters are broken, or everything is closed. */
  readonly over: AbortController;
  /** Lets running jobs end. */
  readonly finish: () => Promise<void>;
}

/** Sets up the limiters on a connection, and takes them down once `over` is aborted. */
async function runGeneration(client: Redis, { over, rates, tell, wait, finish }: RunDeps): Promise<void> {
  const end = () => over.abort();
  const run = /run_id:(\w+)/.exec(await client.info('server'))?.[1] ?? '';
  const connection = new Bottleneck.IORedisConnection({ client });
  connection.on('error', () => {});
  // Bottleneck's types take the promise for a function.
  const { subscriber } = await (connection as unknown as { ready: Promise<Ears> }).ready;
  subscriber.once('close', end);
  const limiters = await open({ client, connection, run, rates, onBroken: end });
  if (!over.signal.aborted) tell({ limiters, ended: over.signal, end });
  await ended(over.signal);
  wait();
  await finish();
  // Bottleneck is disconnecting and doesn't handle the dead connection.
  subscriber.unsubscribe = async () => 0;
  for (const { line } of Object.values(limiters)) await line.disconnect(false);
  subscriber.disconnect();
}

/** The generation that works now, or whether none does; known or not. */
function createCurrent() {
  let settle: (generation: Generation | undefined) => void = () => {};
  let isSettled = false;
  let state = unsure();

  /** Callers wait until it is known again. */
  function unsure(): Promise<Generation | undefined> {
    isSettled = false;
    return new Promise((resolve) => {
      settle = resolve;
    });
  }

  function wait(): void {
    if (isSettled) state = unsure();
  }

  function tell(generation: Generation | undefined): void {
    if (isSettled) state = Promise.resolve(generation);
    else settle(generation);
    isSettled = true;
  }

  return { current: () => state, wait, tell };
}

interface OpenDeps extends Pick<Deps, 'rates'> {
  readonly client: Redis;
  readonly connection: Bottleneck.IORedisConnection;
  readonly run: string;
  readonly onBroken: () => void;
}

async function open(deps: OpenDeps): Promise<Generation['limiters']> {
  const { client, connection, run, rates, onBroken } = deps;
  const make = (action: Action): SharedLimiter => {
    // Later processes adopt existing settings, so another rate is another limiter.
    const id = `easel:${run}:${action}:${rates[action]}`;
    const line = new Bottleneck({ id, connection, maxConcurrent: rates[action], timeout: 600_000 });
    line.on('error', (error) => isBroken(error) && onBroken());
    return { line, openings: createSlotOpenings(client, id) };
  };
  const limiters = {
    CreateAigcImageTask: make('CreateAigcImageTask'),
    DescribeAigcImageTask: make('DescribeAigcImageTask'),
    CreateAigcVideoTask: make('CreateAigcVideoTask'),
    DescribeAigcVideoTask: make('DescribeAigcVideoTask'),
  };
  await Promise.all(Object.values(limiters).map(({ line }) => line.ready()));
  return limiters;
}

async function opened(client: Redis): Promise<void> {
  if (client.status === 'ready') return;
  await new Promise<void>((resolve, reject) => {
    client.once('ready', resolve);
    client.once('close', () => reject(new Error('Redis is unreachable.')));
  });
}

function ended(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
