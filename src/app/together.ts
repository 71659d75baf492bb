import { setTimeout as sleep } from 'node:timers/promises';
import { connectRedis } from '../cluster/connection.js';
import { createErrands, type Errands } from '../cluster/errands.js';
import { createIdentifyTurns, type IdentifyTurns } from '../cluster/identify.js';
import { createRangeLease } from '../cluster/lease.js';
import { createPeople, type People } from '../cluster/people.js';
import { isWhole } from '../cluster/shards.js';
import { createSlots, type Slots } from '../cluster/slots.js';
import type { Config } from '../config.js';
import type { Log } from '../log.js';
import type { Limits } from '../mps/limits.js';
import { createSharedLimits } from '../mps/shared-limits.js';
import { type Store, StoreError } from '../store.js';
import { ledgerTable } from '../tasks/ledger.js';
import { LeaseLostError } from './fatal.js';

/** What a process shares with others, or has for itself. */
export interface ClusterParts {
  /**
   * Settles when this process may work: on Redis it waits for whoever holds its shards. Until then it answers nobody.
   * @throws StoreTakenError where the store is another's; the signal's reason.
   */
  admit(signal: AbortSignal): Promise<void>;
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

export interface ClusterDeps {
  readonly config: Config;
  readonly store: Store;
  readonly log: Log;
  readonly now: () => number;
  /** It lost what it held, and must do nothing more. */
  readonly onLost: (error: Error) => void;
}

/** The longest a start waits before it looks for Redis again, ms. */
const longestWaitMs = 5_000;

/** Any number of processes on one Redis, each with shards of its own. */
export function together({ config, store, log, onLost }: ClusterDeps, share: number): ClusterParts {
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
    people: createPeople({ redis, lease: () => number, table: ledgerTable }),
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
