import type { Redis } from 'ioredis';
import { orAborted, sleep } from '../util/abort.js';

/**
 * Waits until a shard may identify. Discord lets `concurrency` shards do so every five seconds, one of each remainder,
 * counted over all processes of a bot. Rejects with the signal's reason once it is aborted.
 */
export type IdentifyTurns = (shardId: number, concurrency: number, signal: AbortSignal) => Promise<void>;

interface Deps {
  readonly redis: Pick<Redis, 'set' | 'pttl'>;
  /** ms in which one shard of a remainder may identify. */
  readonly windowMs?: number;
}

/** Discord's five seconds plus network delay. */
const discordsMs = 5_100;

/**
 * Turns are keys in Redis that live for one window. Within this process the shards of a remainder also queue, so that
 * one identifies per window while Redis is unavailable: the other processes are unknown then, and Discord rejects
 * shards that come too soon.
 */
export function createIdentifyTurns({ redis, windowMs = discordsMs }: Deps): IdentifyTurns {
  const lines = new Map<number, Promise<void>>();
  /** When a shard of that remainder last identified without Redis knowing, by `performance.now()`. */
  const untold = new Map<number, number>();

  async function take(rest: number, shardId: number, signal: AbortSignal): Promise<void> {
    const left = (untold.get(rest) ?? Number.NEGATIVE_INFINITY) + windowMs - performance.now();
    if (left > 0) await sleep(left, signal);
    // True if the last turn was a whole window ago, as far as this process knows.
    for (let isLong = left > 0; ; ) {
      try {
        const key = `easel:identify:${rest}`;
        if ((await redis.set(key, shardId, 'PX', windowMs, 'NX')) === 'OK') {
          untold.delete(rest);
          return;
        }
        isLong = false;
        await sleep(Math.max(await redis.pttl(key), 10), signal);
      } catch {
        signal.throwIfAborted();
        if (isLong) {
          untold.set(rest, performance.now());
          return;
        }
        await sleep(windowMs, signal);
        isLong = true;
      }
    }
  }

  return async (shardId, concurrency, signal) => {
    const rest = shardId % concurrency;
    const before = lines.get(rest) ?? Promise.resolve();
    const turn = orAborted(signal, before).then(() => take(rest, shardId, signal));
    // Leaving the queue early doesn't let those behind pass the one before.
    lines.set(
      rest,
      before.then(() => turn.catch(() => {})),
    );
    await turn;
  };
}
