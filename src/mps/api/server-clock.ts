import type { Log } from '../../log.js';
import type { MpsError } from './errors.js';

/** The server's time as far as we know it: ours plus the offset learned from its refusals. */
export interface Clock {
  /** Ms since the epoch. */
  now(): number;
  /** Adopts the server's time from a stale-signature refusal; false if it doesn't contain the time. */
  correctBy(refusal: MpsError): boolean;
}

/** A clock that starts as `now` and can be corrected; all requests of a client share it. */
export function createClock(now: () => number, log: Log): Clock {
  let offset = 0;
  return {
    now: () => now() + offset,
    correctBy({ serverTime, action, requestId }) {
      if (serverTime === undefined) return false;
      offset = serverTime - now();
      const offsetSeconds = Math.round(offset / 1000);
      log.warn(
        { action, requestId, offsetSeconds },
        "MPS: this machine's clock is off; signing with the server's time",
      );
      return true;
    },
  };
}
