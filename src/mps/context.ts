import type { Log } from '../log.js';
import type { Clock } from './clock.js';
import type { Limits } from './limits.js';
import type { Request } from './request.js';

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
  readonly request: Request;
}
