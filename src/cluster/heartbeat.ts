import { StoreError } from '../store/store-error.js';

/** The heartbeat that keeps a lease. */
export interface Heartbeat {
  /** The time on both clocks: read it before the request for the lease leaves. */
  clocks(): Clocks;
  /**
   * The lease is held from now on.
   * @param since `clocks()` of before the request. The store counts the lease's life from when it handled the request; with the
   * time of a late answer, the lease would seem to live longer here than there.
   */
  start(since: Clocks): void;
  /** The lease is released. */
  stop(): void;
  /**
   * Call before each externally visible step. Resolves immediately while the last heartbeat is fresh; after a pause,
   * in which another process may have taken over, it sends one first. While the store is unreachable no one waits for
   * it here: most steps depend on a write, and that waits anyway.
   * @returns whether the lease is known to be held. False if the store could not be asked: what costs money and was
   * persisted before the pause must not be done then.
   * @throws StoreError `fenced` once the lease is lost.
   */
  confirm(): Promise<boolean>;
}

export interface Clocks {
  /** Monotonic ms. */
  readonly ticks: number;
  /** ms since the epoch. */
  readonly wall: number;
}

interface Deps {
  /** ms without a sign of life after which another process may take the lease. */
  readonly lifeMs: number;
  /**
   * Sends one heartbeat.
   * @returns false if another process has the lease.
   */
  readonly renew: () => Promise<boolean>;
  /** Called once. */
  readonly onLost: () => void;
  /** A heartbeat failed. */
  readonly onFailure: (error: unknown) => void;
  /** Monotonic ms; may stand still while the machine sleeps. */
  readonly monotonic?: () => number;
  /** ms since the epoch: advances during sleep, but may be set. */
  readonly now?: () => number;
}

/** Heartbeats per lifetime of a lease. */
const beatsPerLife = 5;
/** The part of the lifetime during which the last heartbeat proves that the lease is still ours. */
const freshShare = 0.8;

type Standing = 'none' | 'held' | 'lost';

export function createHeartbeat(deps: Deps): Heartbeat {
  const { lifeMs, renew, onLost, onFailure } = deps;
  const { clocks, freshFrom, failed, isFresh, isUnreachable } = createFreshness(deps);
  let beating: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let standing: Standing = 'none';

  async function renewOnce(): Promise<void> {
    // Measured before sending: the store's clock, and so the other process's time-out, starts later.
    const sent = clocks();
    try {
      if (await renew()) {
        freshFrom(sent);
        return;
      }
    } catch (error) {
      failed();
      return onFailure(error);
    }
    if (standing !== 'held') return;
    standing = 'lost';
    clearInterval(timer);
    onLost();
  }

  function beat(): Promise<void> {
    beating ??= renewOnce().finally(() => {
      beating = undefined;
    });
    return beating;
  }

  return {
    clocks,
    start(since) {
      standing = 'held';
      freshFrom(since);
      timer = setInterval(() => void beat(), lifeMs / beatsPerLife).unref();
    },
    stop() {
      clearInterval(timer);
      if (standing === 'held') standing = 'none';
    },
    async confirm() {
      requireHeld(standing);
      if (standing === 'none' || isFresh()) return true;
      if (isUnreachable()) return false;
      // One in flight may have been sent before the pause; its response counts from then.
      const wasInFlight = beating !== undefined;
      await beat();
      if (wasInFlight && standing === 'held' && !isFresh()) await beat();
      requireHeld(standing);
      return isFresh();
    },
  };
}

/** @throws StoreError `fenced` once the lease is lost. */
function requireHeld(standing: Standing): void {
  if (standing === 'lost') throw new StoreError('fenced', 'lease', 'this process has lost its lease');
}

/** How long ago the last heartbeat was, by the faster of two clocks. */
function createFreshness({
  lifeMs,
  monotonic = () => performance.now(),
  now = Date.now,
}: Pick<Deps, 'lifeMs' | 'monotonic' | 'now'>) {
  const clocks = (): Clocks => ({ ticks: monotonic(), wall: now() });
  let last = clocks();
  let failedAt: Clocks | undefined;

  function msSince(then: Clocks): number {
    const { ticks, wall } = clocks();
    return Math.max(ticks - then.ticks, wall - then.wall);
  }

  return {
    clocks,
    /** A heartbeat sent at `since` succeeded. */
    freshFrom(since: Clocks): void {
      last = since;
    },
    failed(): void {
      failedAt = clocks();
    },
    isFresh: () => msSince(last) < lifeMs * freshShare,
    /** The store was just unreachable; the timer asks it again. A request that asked too would only come too late. */
    isUnreachable: () => failedAt !== undefined && msSince(failedAt) < (2 * lifeMs) / beatsPerLife,
  };
}
