import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';

/**
 * Waits until a shard may identify. Discord lets `concurrency` shards do so every five seconds, one of each remainder,
 * counted over all processes of a bot.
 */
export type IdentifyTurns = (shardId: number, concurrency: number, signal: AbortSignal) => Promise<void>;

/** Discord's five seconds, and a little for the way there. */
const windowMs = 5_100;

export function createIdentifyTurns({ redis }: { readonly redis: Redis }): IdentifyTurns {
  return async (shardId, concurrency, signal) => {
    const key = `easel:identify:${shardId % concurrency}`;
    for (;;) {
      try {
        if ((await redis.set(key, shardId, 'PX', windowMs, 'NX')) === 'OK') return;
        const left = await redis.pttl(key);
        await sleep(Math.max(left, 10), undefined, { signal });
      } catch (error) {
        if (signal.aborted) throw error;
        // Nobody can be asked: after a whole window of our own at least this process is within its rights.
        await sleep(windowMs, undefined, { signal });
        return;
      }
    }
  };
}
