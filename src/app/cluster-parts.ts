import type { IdentifyTurns } from '../cluster/identify-throttler.js';
import type { Errands } from '../cluster/peer-requests.js';
import type { Slots } from '../cluster/shared-slots.js';
import type { SharedTotals } from '../cluster/shared-totals.js';
import type { SharedOwners } from '../cluster/user-task-index.js';
import type { People } from '../cluster/user-usage-index.js';
import type { Config } from '../config/config.js';
import type { Log } from '../log.js';
import type { Limits } from '../mps/limits/rate-limits.js';
import type { Store } from '../store/store.js';

/** What a process shares with others, or has for itself. */
export interface ClusterParts {
  /** Whether a process waits until the one before it is gone, instead of being turned away. */
  readonly waits: boolean;
  /**
   * Settles when this process may work: on Redis it waits for whoever holds its shards. Until then it answers nobody.
   * @throws StoreTakenError where the store is another's; the signal's reason.
   */
  admit(signal: AbortSignal): Promise<void>;
  /** As `Heartbeat.confirm`: before each act that others see. @throws StoreError `fenced` once the lease is lost. */
  confirm(): Promise<void>;
  /** The limits of MPS. */
  readonly limits: Limits;
  /** MAX_IMAGE_TASKS and MAX_VIDEO_TASKS, where other processes have a part of them. */
  readonly slots?: Slots;
  /** Whose tasks are whose, where other processes take orders of the same persons. */
  readonly people?: People;
  /** Which tasks are a user's, whichever process runs them. */
  readonly owners?: SharedOwners;
  /** What everything together and each user has used, over all processes. */
  readonly totals?: SharedTotals;
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
  /** ms without a sign of life after which a holder of a file is gone; as usual unless given. */
  readonly leaseMs?: number | undefined;
  /** It lost what it held, and must do nothing more. */
  readonly onLost: (error: Error) => void;
}

/**
 * What to do when the lease is lost, once, whichever notices first: its renewal, or a write that was refused. Nothing is
 * written any more before anything else happens.
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
