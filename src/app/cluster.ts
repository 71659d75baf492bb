import { setTimeout as sleep } from 'node:timers/promises';
import { connectRedis } from '../cluster/connection.js';
import { createErrands, type Errands } from '../cluster/errands.js';
import { createIdentifyTurns, type IdentifyTurns } from '../cluster/identify.js';
import { createRangeLease } from '../cluster/lease.js';
import { createPeople, type People } from '../cluster/people.js';
import { holds, isWhole } from '../cluster/shards.js';
import { createSlots, type Slots } from '../cluster/slots.js';
import type { Config } from '../config.js';
import { createLease } from '../lease.js';
import type { Log } from '../log.js';
import { createLimits, type Limits } from '../mps/limits.js';
import { createSharedLimits } from '../mps/shared-limits.js';
import { isRedis } from '../store/address.js';
import { type Store, StoreError } from '../store.js';
import { homeOf } from '../tasks/record.js';
import type { Origin, Task } from '../tasks/task.js';
import { LeaseLostError, StoreTakenError } from './fatal.js';

/** What this process shares with others, or has for itself. */
export interface Cluster {
  /**
   * Settles when this process may work: on Redis it waits for whoever holds its shards. Until then it answers nobody.
   * @throws StoreTakenError where the store is another's; the signal's reason.
   */
  admit(signal: AbortSignal): Promise<void>;
  /** Whether a guild is told of here. */
  holds(guildId: string): boolean;
  /** Whether a task is this process's to run. */
  owns(task: Pick<Task, 'origin'>): boolean;
  /** The origin of a task that was ordered here, with what tells the next owner of these shards whose it is. */
  place(origin: Origin): Origin;
  /** Whether it does what one process does for all of them. */
  readonly isFirst: boolean;
  /** Its part of what all processes may do together, of 1. */
  readonly share: number;
  /** The limits of MPS. */
  readonly limits: Limits;
  /** MAX_IMAGE_TASKS and MAX_VIDEO_TASKS, where other processes have a part of them. */
  readonly slots?: Slots;
  /** Whose tasks are whose, where other processes take orders of the same persons. */
  readonly people?: People;
  /** What processes do for each other's people; absent where there is but one. */
  readonly errands?: Errands;
  /** Lets shards identify one after the other, whichever process they are in; absent where there is but one. */
  readonly identify?: IdentifyTurns;
  /** Gives everything back. */
  close(): Promise<void>;
}

interface Deps {
  readonly config: Config;
  readonly store: Store;
  readonly log: Log;
  readonly now: () => number;
  /** It lost what it held, and must do nothing more. */
  readonly onLost: (error: Error) => void;
}

/** The table of the ledger. */
export const tasksTable = 'tasks';

/** The longest a start waits before it looks for Redis again, ms. */
const longestWaitMs = 5_000;

export function createCluster(deps: Deps): Cluster {
  const { shards } = deps.config.discord;
  const share = shards === 'auto' ? 1 : shards.ids.length / shards.count;
  const parts = isRedis(deps.config.storeUrl) ? together(deps, share) : alone(deps);
  return {
    ...parts,
    holds: (guildId) => holds(shards, guildId),
    owns: ({ origin }) => holds(shards, homeOf(origin)),
    place(origin) {
      const { guildId, guildInstalled } = origin;
      const viaGuild = !guildInstalled && guildId && !holds(shards, undefined) && holds(shards, guildId);
      return viaGuild ? { ...origin, viaGuild: true } : origin;
    },
    isFirst: holds(shards, undefined),
    share,
  };
}

type Parts = Pick<Cluster, 'admit' | 'limits' | 'slots' | 'people' | 'errands' | 'identify' | 'close'>;

/** One process on one file. */
function alone({ store, log, now, onLost }: Deps): Parts {
  const lease = createLease({
    ...{ table: store.table('lease'), log, now },
    onLost: () => onLost(new StoreTakenError('Another process has taken over.')),
  });
  let held = false;
  return {
    limits: createLimits(),
    async admit(signal) {
      if (held) return;
      held = await lease.take(signal);
      if (!held) throw new StoreTakenError('Another process works on this store.');
    },
    async close() {
      if (held) await lease.release();
    },
  };
}

/** Any number of processes on one Redis, each with shards of its own. */
function together({ config, store, log, onLost }: Deps, share: number): Parts {
  const { storeUrl, image, video } = config;
  const { shards } = config.discord;
  const connect = () => connectRedis(storeUrl);
  const redis = connect();
  let number = '';
  const lease = createRangeLease({
    ...{ redis, shards, log },
    onTaken(given) {
      number = given;
      store.fence(given);
    },
    onLost: () => onLost(new LeaseLostError()),
  });
  const max = { image: image.maxTasks, video: video.maxTasks };
  const slots = createSlots({ redis, lease: () => number, max, log });
  const errands = isWhole(shards)
    ? undefined
    : createErrands({ redis, connect, shards, lease: () => number, log });
  let held = false;
  return {
    limits: createSharedLimits({ connect: () => connectRedis(storeUrl, { comesBack: false }), share, log }),
    slots,
    people: createPeople({ redis, lease: () => number, table: tasksTable }),
    ...(errands && { errands }),
    identify: createIdentifyTurns({ redis }),
    async admit(signal) {
      for (let waitMs = 250; !held; waitMs = Math.min(waitMs * 2, longestWaitMs)) {
        try {
          held = await lease.take(signal);
        } catch (error) {
          if (!(error instanceof StoreError)) throw error;
          log.error({ err: error, againInMs: waitMs }, 'no shards can be had: Redis is out of reach');
          await sleep(waitMs, undefined, { signal });
        }
      }
    },
    async close() {
      slots.close();
      errands?.close();
      await lease.release();
      redis.disconnect();
    },
  };
}
