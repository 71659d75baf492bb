import type { Log } from '../../log.js';
import type { MpsError } from './errors.js';

/** The server's time as far as we know it: ours, plus what its refusals taught us. */
export interface Clock {
  /** Ms since the epoch. */
  now(): number;
  /** Takes over the server's time from the refusal of a stale signature; false where it does not tell the time. */
  correctBy(refusal: MpsError): boolean;
}

/** A clock that starts out as `now` and can be set right; all requests of a client share one. */
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
