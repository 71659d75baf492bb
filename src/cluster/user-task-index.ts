import type { Redis } from 'ioredis';
import { fence, leasesKey } from '../store/redis-fencing.js';
import { toStoreError } from '../store/store-error.js';

/** Index of users' tasks across processes: only ids. All methods throw StoreError. */
export interface SharedOwners {
  /** Each at least once, a few at a time. */
  of(userId: string): AsyncIterable<readonly string[]>;
  add(pairs: readonly Pair[]): Promise<void>;
  drop(pairs: readonly Pair[]): Promise<void>;
}

export type Pair = readonly [userId: string, id: string];

interface Deps {
  readonly redis: Redis;
  /** The number of this process's lease; empty while it holds none. */
  readonly lease: () => string;
}

/** KEYS: leases. ARGV: the number of the lease, SADD or SREM, then key and id of each. */
const changeScript = `
${fence}
for i = 3, #ARGV, 2 do redis.call(ARGV[2], ARGV[i], ARGV[i + 1]) end
return 1`;

/** Ids read in one step. */
const readAtOnce = 1_000;
/** Ids changed in one step: others wait for it. */
const atOnce = 500;
const keyOf = (userId: string) => `easel:tasks-of:${userId}`;

export function createSharedOwners({ redis, lease }: Deps): SharedOwners {
  async function change(command: 'SADD' | 'SREM', pairs: readonly Pair[]): Promise<void> {
    try {
      for (let from = 0; from < pairs.length; from += atOnce) {
        const args = pairs.slice(from, from + atOnce).flatMap(([userId, id]) => [keyOf(userId), id]);
        await redis.eval(changeScript, 1, leasesKey, lease(), command, ...args);
      }
    } catch (error) {
      throw toStoreError(error, 'owners', 'away');
    }
  }

  return {
    async *of(userId) {
      let cursor = '0';
      try {
        do {
          const [next, ids] = await redis.sscan(keyOf(userId), cursor, 'COUNT', readAtOnce);
          yield ids;
          cursor = next;
        } while (cursor !== '0');
      } catch (error) {
        throw toStoreError(error, 'owners', 'away');
      }
    },
    add: (pairs) => change('SADD', pairs),
    drop: (pairs) => change('SREM', pairs),
  };
}
