import type { Config } from '../../config/config.js';
import type { Log } from '../../log.js';
import type { Decoder } from '../../media/decoding/decoder.js';
import type { Catalogue } from '../../mps/catalogue/catalogue.js';
import type { Observer } from '../../ops/observer.js';
import type { Store } from '../../store/store.js';
import type { Timing } from '../../tasks/lifecycle/task-parts.js';
import type { Cluster } from '../cluster.js';

/** Delays that tests shorten. */
export interface AppTiming extends Timing {
  /** ms between two edits of one card. */
  readonly cardsApartMs: number;
  /** ms from the start until old records are removed for the first time. */
  readonly firstPruneMs: number;
  /** ms between two removals of what users typed for orders that were refused or in doubt. */
  readonly typedPruneMs: number;
  /** ms without a byte after which a result is requested again. */
  readonly stallMs?: number;
  /** ms without a sign of life after which another process takes over an SQLite file. */
  readonly leaseMs?: number;
}

export interface Base {
  readonly config: Config;
  readonly catalogue: Catalogue;
  readonly store: Store;
  readonly cluster: Cluster;
  readonly observer: Observer;
  readonly log: Log;
  /** ms since the epoch. */
  readonly now: () => number;
  readonly timing: AppTiming;
  readonly decoder?: Decoder;
}
