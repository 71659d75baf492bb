import type { Log } from '../../log.js';
import type { Limits } from '../limits/rate-limits.js';
import type { Clock } from './server-clock.js';
import type { Sign } from './signed-request.js';

/** What the client's operations share. */
export interface Context {
  readonly limits: Limits;
  readonly log: Log;
  /** Our clock, ms since the epoch. */
  readonly now: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  /** The server's clock. */
  readonly clock: Clock;
  readonly sign: Sign;
  /** As of Transport, at MPS. */
  readonly ready: () => Promise<void>;
}
