import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Log } from '../log.js';
import { leaseKey } from '../store/fencing.js';
import type { Table } from '../store/store.js';
import { fateOf, identityOf, type ProcessIdentity, processIdentity } from '../util/process-liveness.js';
import { createHeartbeat } from './heartbeat.js';

/** The right to work on a store, held by one process at a time: two would each take the other's tasks for interrupted. */
export interface Lease {
  /**
   * Takes the right; from a process that is certainly dead at once, from one that cannot be seen when it has not been
   * heard of for its life.
   * @returns false if another process is at work.
   * @throws StoreError while the store cannot be read or written; the signal's reason.
   */
  take(signal?: AbortSignal): Promise<boolean>;
  /** As `Heartbeat.confirm`. */
  confirm(): Promise<void>;
  /** Gives it back. */
  release(): Promise<void>;
}

interface Deps {
  readonly table: Table<unknown>;
  readonly log: Log;
  /** ms since the epoch. */
  readonly now: () => number;
  /** The lease's number, before anything is done under it; ever greater ones fence the earlier ones off. */
  readonly onTaken: (number: string) => void;
  /** Another process has taken over, as may happen to one that slept: it must do nothing more. */
  readonly onLost: () => void;
  /** This process unless given. */
  readonly identity?: ProcessIdentity;
  readonly fate?: typeof fateOf;
  /** ms that only ever grow, whatever is done to the clock. */
  readonly monotonic?: () => number;
  /** ms without a sign of life after which a holder is gone. */
  readonly lifeMs?: number;
}

const holderSchema = z.object({
  /** Checked by every write of the store (store/fence): it only grows. */
  number: z.int(),
  owner: z.string(),
  process: processIdentity,
  /** Counts the signs of life: who waits compares it with what it saw, not a clock of another machine with its own. */
  beat: z.int(),
  /** ms since the epoch by the holder's clock. */
  seenAt: z.number(),
});
type Holder = z.infer<typeof holderSchema>;

/** No one has it; the number stays, so that the next one is greater. */
const freeSchema = z.object({ number: z.int(), free: z.literal(true) });

/** How a row is to be taken by one that waits. `unclear`: it has a holder of whom nothing is certain. */
type Standing = 'free' | 'held' | 'unclear';

/**
 * A lease on one row of a store, by compare-and-set: of several that want it, whatever they see, one gets it. A holder in
 * another container looks like a dead one and the other way round, so that in doubt its life is waited out; a sign of life
 * meanwhile ends the wait at once. What a process writes that lost it is refused by the database itself.
 */
export function createLease(deps: Deps): Lease {
  const { table, log, now, onTaken, onLost, identity = identityOf(), fate = fateOf } = deps;
  const { monotonic = () => performance.now(), lifeMs = 15_000 } = deps;
  const owner = randomUUID();
  let mine: Holder | undefined;
  const heartbeat = createHeartbeat({
    ...{ lifeMs, renew, monotonic, now },
    onLost() {
      mine = undefined;
      onLost();
    },
    onFailure: (error) => log.warn({ err: error }, 'the store lease could not be renewed'),
  });

  function standingOf(value: unknown): Standing {
    if (value === undefined || freeSchema.safeParse(value).success) return 'free';
    const holder = holderSchema.safeParse(value).data;
    if (!holder) return 'unclear'; // Of an earlier version of Easel, perhaps a living one.
    const fateIs = fate(holder.process);
    if (fateIs === 'dead') return 'free';
    // A process may be there and hang: then it is not heard of, either.
    return fateIs === 'alive' && now() - holder.seenAt < lifeMs ? 'held' : 'unclear';
  }

  async function claim(value: unknown, version: string | undefined): Promise<boolean> {
    const before = z.object({ number: z.int() }).safeParse(value).data?.number ?? 0;
    // Also greater than in a backup that was put back, in which the last number is forgotten.
    const number = Math.max(before + 1, now());
    const next: Holder = { number, owner, process: identity, beat: 0, seenAt: now() };
    if (!(await table.compareAndSet(leaseKey, version, next))) return false;
    mine = next;
    onTaken(String(number));
    heartbeat.start();
    return true;
  }

  async function renew(): Promise<boolean> {
    const { value, version } = await table.read(leaseKey);
    // Given back meanwhile.
    if (!mine) return true;
    const next: Holder = { ...mine, beat: mine.beat + 1, seenAt: now() };
    if (!isOurs(value) || !(await table.compareAndSet(leaseKey, version, next))) return false;
    mine &&= next;
    return true;
  }

  function isOurs(value: unknown): boolean {
    return holderSchema.safeParse(value).data?.owner === owner;
  }

  return {
    async take(signal) {
      let seen: { readonly version: string | undefined; readonly at: number } | undefined;
      for (;;) {
        const { value, version } = await table.read(leaseKey);
        const isSilent = seen?.version === version && seen !== undefined && monotonic() - seen.at >= lifeMs;
        const standing = isSilent ? 'free' : standingOf(value);
        if (standing === 'free') {
          if (await claim(value, version)) return true;
          // Another one was faster; whether it lives, the next look says.
          seen = undefined;
          continue;
        }
        if (standing === 'held' || (seen && seen.version !== version)) return false;
        if (!seen) log.info({ lifeMs }, 'another process may be using the store; waiting for a sign of life');
        seen ??= { version, at: monotonic() };
        await sleep(Math.min(500, lifeMs / 10), undefined, signal && { signal });
      }
    },
    confirm: heartbeat.confirm,
    async release() {
      heartbeat.stop();
      const held = mine;
      mine = undefined;
      if (!held) return;
      const free = { number: held.number, free: true, seenAt: 0 };
      const { value, version } = await table
        .read(leaseKey)
        .catch(() => ({ value: undefined, version: undefined }));
      if (isOurs(value)) await table.compareAndSet(leaseKey, version, free).catch(() => false);
    },
  };
}
