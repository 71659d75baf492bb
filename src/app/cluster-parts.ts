import type { IdentifyTurns } from '../cluster/identify-throttler.js';
import type { PeerRequests } from '../cluster/peer-requests.js';
import type { Slots } from '../cluster/shared-slots.js';
import type { SharedTotals } from '../cluster/shared-totals.js';
import type { SharedOwners } from '../cluster/user-task-index.js';
import type { UserUsageIndex } from '../cluster/user-usage-index.js';
import type { Config } from '../config/config.js';
import type { Log } from '../log.js';
import type { Limits } from '../mps/limits/rate-limits.js';
import type { Store } from '../store/store.js';

/** What a process shares with others, or keeps to itself. */
export interface ClusterParts {
  /** Whether a process waits for its predecessor to stop instead of being rejected. */
  readonly waits: boolean;
  /**
   * Resolves when this process may work; on Redis it waits for the current holder of its shards. Until then it
   * answers no one.
   * @throws StoreTakenError if another process holds the store; the signal's reason.
   */
  admit(signal: AbortSignal): Promise<void>;
  /**
   * Like `Heartbeat.confirm`; call it before each externally visible step.
   * @throws StoreError `fenced` once the lease is lost.
   */
  confirm(): Promise<boolean>;
  /** The limits of MPS. */
  readonly limits: Limits;
  /** MAX_IMAGE_TASKS and MAX_VIDEO_TASKS, shared with other processes. */
  readonly slots?: Slots;
  /** Index of users' tasks, if other processes take orders of the same users. */
  readonly people?: UserUsageIndex;
  /** Which tasks are a user's, whichever process runs them. */
  readonly owners?: SharedOwners;
  /** What everything together and each user has used, over all processes. */
  readonly totals?: SharedTotals;
  /** Requests between processes; absent if there is only one process. */
  readonly errands?: PeerRequests;
  /** Lets shards identify one after another across processes; absent if there is only one process. */
  readonly identify?: IdentifyTurns;
  /** Releases everything. */
  close(): Promise<void>;
}

export interface ClusterDeps {
  readonly config: Config;
  readonly store: Store;
  readonly log: Log;
  readonly now: () => number;
  /** ms without a sign of life after which the holder of a file counts as dead. */
  readonly leaseMs?: number | undefined;
  /** The lease is lost; this process must do nothing more. */
  readonly onLost: (error: Error) => void;
}

/**
 * Called once when the lease is lost, by a failed renewal or a refused write, whichever comes first. Writes stop
 * before anything else happens.
 */
export function giveUp(store: Pick<Store, 'shut'>, tell: () => void): () => void {
  let given = false;
  return () => {
    if (given) return;
    given = true;
    store.shut();
    tell();
  };
}
