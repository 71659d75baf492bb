import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import Bottleneck from 'bottleneck';
import type { Redis } from 'ioredis';
import type { Log } from '../../log.js';
import type { Action } from '../wire.js';

/** Limiters on one connection to Redis. When the connection is lost they end with it, and others take their place. */
export interface Generation {
  readonly limiters: Readonly<Record<Action, Bottleneck>>;
  readonly ended: AbortSignal;
  end(): void;
}

export interface Generations {
  /** Those that work now, as soon as that is known; undefined while Redis is unavailable. */
  current(): Promise<Generation | undefined>;
  /** Turns away who waits, lets `finish` end what runs, and disconnects. */
  close(finish: () => Promise<void>): Promise<void>;
}

interface Deps {
  readonly connect: () => Redis;
  readonly rates: Readonly<Record<Action, number>>;
  /** ms to wait where Redis was unavailable: what was sent meanwhile counts nowhere. */
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
 * Bottleneck keeps what a lost connection had taken, and knows no way back where a Redis has forgotten its state: so each
 * connection has limiters of its own, and each life of a Redis state of its own, by its run_id.
 */
export function createGenerations({ connect, rates, quietMs, log }: Deps): Generations {
  const closing = new AbortController();
  let leave: () => void = () => {};
  let finishing: () => Promise<void> = async () => {};
  let settle: (generation: Generation | undefined) => void = () => {};
  let isSettled = false;
  let state = unsure();

  /** Whoever asks waits until it is known again. */
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

  /**
   * Between what is counted together and what each process counts alone no one sends anything for a second, or both
   * would fall into one. All come back within a moment of each other.
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
        await work(client, over);
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

  /** Lets a generation work until its connection is lost, or it is closed. */
  async function work(client: Redis, over: AbortController): Promise<void> {
    const run = /run_id:(\w+)/.exec(await client.info('server'))?.[1] ?? '';
    const connection = new Bottleneck.IORedisConnection({ client });
    connection.on('error', () => {});
    // Bottleneck's types take the promise for a function.
    const { subscriber } = await (connection as unknown as { ready: Promise<Ears> }).ready;
    subscriber.once('close', leave);
    const limiters = await open(connection, run);
    if (!over.signal.aborted) tell({ limiters, ended: over.signal, end: leave });
    await ended(over.signal);
    wait();
    await finishing();
    // Bottleneck takes its leave, and is not there to hear that the connection is dead.
    subscriber.unsubscribe = async () => 0;
    for (const limiter of Object.values(limiters)) await limiter.disconnect(false);
    subscriber.disconnect();
  }

  async function open(
    connection: Bottleneck.IORedisConnection,
    run: string,
  ): Promise<Readonly<Record<Action, Bottleneck>>> {
    const make = (action: Action) => {
      // Who comes later takes the settings that are there: another rate is another limiter.
      const id = `easel:${run}:${action}:${rates[action]}`;
      const limiter = new Bottleneck({ id, connection, maxConcurrent: rates[action], timeout: 600_000 });
      limiter.on('error', (error) => isBroken(error) && leave());
      return limiter;
    };
    const limiters = {
      CreateAigcImageTask: make('CreateAigcImageTask'),
      DescribeAigcImageTask: make('DescribeAigcImageTask'),
      CreateAigcVideoTask: make('CreateAigcVideoTask'),
      DescribeAigcVideoTask: make('DescribeAigcVideoTask'),
    };
    await Promise.all(Object.values(limiters).map((limiter) => limiter.ready()));
    return limiters;
  }

  const living = live();
  return {
    current: () => state,
    async close(finish) {
      finishing = finish;
      closing.abort();
      leave();
      await living;
    },
  };
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
