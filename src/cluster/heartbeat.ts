import { StoreError } from '../store/store-error.js';

/** The signs of life that keep a lease. */
export interface Heartbeat {
  /** From now on the lease is held: it was taken just now. */
  start(): void;
  /** The lease is given back. */
  stop(): void;
  /**
   * Before each act that others see. Resolves at once while the last sign of life is fresh; after a pause, in which
   * another process may have taken over, gives one first. If the store cannot be reached it resolves as well: what
   * depends on a write waits for the store by itself.
   * @throws StoreError `fenced` once the lease is lost.
   */
  confirm(): Promise<void>;
}

interface Deps {
  /** ms without a sign of life after which another process may take the lease. */
  readonly lifeMs: number;
  /** One sign of life. @returns false if the lease is another's. */
  readonly renew: () => Promise<boolean>;
  /** Called once. */
  readonly onLost: () => void;
  /** A sign of life could not be given. */
  readonly onFailure: (error: unknown) => void;
  /** ms that only ever grow; they may stand still while the machine sleeps. */
  readonly monotonic?: () => number;
  /** ms since the epoch, which go on meanwhile but may be set. */
  readonly now?: () => number;
}

/** Signs of life in a lease's life. */
const beatsPerLife = 5;
/** Of its life, in which the last sign of life proves that the lease is still ours: less than all of it. */
const freshShare = 0.8;

export function createHeartbeat(deps: Deps): Heartbeat {
  const { lifeMs, renew, onLost, onFailure, monotonic = () => performance.now(), now = Date.now } = deps;
  const clocks = () => ({ ticks: monotonic(), wall: now() });
  let last = clocks();
  let beating: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let standing: 'none' | 'held' | 'lost' = 'none';

  async function renewOnce(): Promise<void> {
    // Before it is sent: the store's clock starts later than this, and so the other process's patience.
    const sent = clocks();
    try {
      if (await renew()) {
        last = sent;
        return;
      }
    } catch (error) {
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

  function isFresh(): boolean {
    const { ticks, wall } = clocks();
    return Math.max(ticks - last.ticks, wall - last.wall) < lifeMs * freshShare;
  }

  function requireHeld(): void {
    if (standing === 'lost') throw new StoreError('fenced', 'lease', 'this process has lost its lease');
  }

  return {
    start() {
      standing = 'held';
      last = clocks();
      timer = setInterval(() => void beat(), lifeMs / beatsPerLife).unref();
    },
    stop() {
      clearInterval(timer);
      if (standing === 'held') standing = 'none';
    },
    async confirm() {
      requireHeld();
      if (standing === 'none' || isFresh()) return;
      // One that is under way may have been sent before the pause; its answer counts from then.
      await beat();
      if (standing === 'held' && !isFresh()) await beat();
      requireHeld();
    },
  };
}
