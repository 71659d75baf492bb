import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { isProcess } from './cluster/process.js';
import type { Log } from './log.js';
import type { Table } from './store.js';

/** The right to work on a store, held by one process at a time: two would each take the other's tasks for interrupted. */
export interface Lease {
  /**
   * Takes the right, from a process that is gone where need be; waits a while for one on another machine that may be.
   * @returns false where another process is at work.
   * @throws StoreError while the store cannot be read or written; the signal's reason.
   */
  take(signal?: AbortSignal): Promise<boolean>;
  /** Gives it back. */
  release(): Promise<void>;
}

interface Holder {
  readonly owner: string;
  readonly host: string;
  readonly pid: number;
  /** ms since the epoch. */
  readonly seenAt: number;
}

interface Deps {
  readonly table: Table<Holder>;
  readonly log: Log;
  readonly now: () => number;
  /** Another process has taken over, as may happen to one that slept: it must do nothing more. */
  readonly onLost: () => void;
  readonly host?: string;
  readonly pid?: number;
  readonly isAlive?: (pid: number) => boolean;
  /** ms after which a holder that is not heard of is gone. */
  readonly lifeMs?: number;
}

const key = 'bot';

export function createLease(deps: Deps): Lease {
  const {
    table,
    log,
    now,
    onLost,
    host = hostname(),
    pid = process.pid,
    isAlive = isProcess,
    lifeMs = 20_000,
  } = deps;
  const owner = randomUUID();
  let beating: NodeJS.Timeout | undefined;

  /** On this machine a dead process is gone at once; one with our own number died in a container that was restarted. */
  function isGone(holder: Holder): boolean {
    if (holder.seenAt + lifeMs < now()) return true;
    return holder.host === host && (holder.pid === pid || !isAlive(holder.pid));
  }

  async function beat(): Promise<void> {
    try {
      const holder = await table.get(key);
      if (holder && holder.owner !== owner) {
        // A slow store may tell two beats at once.
        if (beating) onLost();
        clearInterval(beating);
        beating = undefined;
        return;
      }
      await table.set(key, { owner, host, pid, seenAt: now() });
    } catch (error) {
      log.warn({ err: error }, 'the lease of the store could not be renewed');
    }
  }

  return {
    async take(signal) {
      const until = now() + lifeMs + 1_000;
      for (let holder = await table.get(key); holder && !isGone(holder); holder = await table.get(key)) {
        if (holder.host === host || now() > until) return false;
        await sleep(Math.min(1_000, lifeMs), undefined, signal && { signal });
      }
      await table.set(key, { owner, host, pid, seenAt: now() });
      // Two may have found it free at one instant: the last one to write has it.
      await sleep(settleMs);
      if ((await table.get(key))?.owner !== owner) return false;
      beating = setInterval(() => void beat(), lifeMs / 4).unref();
      return true;
    },
    async release() {
      clearInterval(beating);
      const holder = await table.get(key).catch(() => undefined);
      if (holder?.owner === owner) await table.delete(key).catch(() => false);
    },
  };
}

/** Longer than a write takes, ms. */
const settleMs = 50;
