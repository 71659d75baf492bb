import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Log } from '../log.js';
import { leaseKey } from '../store/fencing.js';
import type { Table } from '../store/store.js';
import { fateOf, identityOf, type ProcessIdentity, processIdentity } from '../util/process-liveness.js';
import { createHeartbeat } from './heartbeat.js';

/** The lease of a store, held by one process at a time: two would each treat the other's tasks as interrupted. */
export interface Lease {
  /**
   * Takes the lease: immediately from a process that is certainly dead, from an invisible one once its heartbeat has
   * expired.
   * @returns false if another process is running.
   * @throws StoreError while the store can't be read or written; the signal's reason.
   */
  take(signal?: AbortSignal): Promise<boolean>;
  /** As `Heartbeat.confirm`. */
  confirm(): Promise<boolean>;
  /** Releases it. */
  release(): Promise<void>;
}

interface Deps {
  readonly table: Table<unknown>;
  readonly log: Log;
  /** ms since the epoch. */
  readonly now: () => number;
  /**
   * Called with the lease's number (fencing token) before anything is done under it; greater numbers fence off
   * earlier ones.
   */
  readonly onTaken: (number: string) => void;
  /** Called if another process has taken over, for example after a sleep: this one must do nothing more. */
  readonly onLost: () => void;
  /** @default this process */
  readonly identity?: ProcessIdentity;
  readonly fate?: typeof fateOf;
  /** Monotonic ms, unaffected by clock changes. */
  readonly monotonic?: () => number;
  /** ms without a heartbeat after which a holder counts as dead. */
  readonly lifeMs?: number;
}

const holderSchema = z.object({
  /** Checked by every write of the store (src/store/fencing.ts): it only grows. */
  number: z.int(),
  owner: z.string(),
  process: processIdentity,
  /**
   * Counts heartbeats: a waiting process compares it with the last value seen, not another machine's clock with its
   * own.
   */
  beat: z.int(),
  /** ms since the epoch by the holder's clock. */
  seenAt: z.number(),
});
type Holder = z.infer<typeof holderSchema>;

/** No holder; the number stays, so that the next one is greater. */
const freeSchema = z.object({ number: z.int(), free: z.literal(true) });

/** How a waiting process treats a row. `unclear`: its holder may or may not be alive. */
type Standing = 'free' | 'held' | 'unclear';

/**
 * A lease on one row of a store by compare-and-set: exactly one of several contenders gets it. A holder in another
 * container looks like a dead one and vice versa, so if in doubt its lifetime is waited out; a heartbeat meanwhile
 * ends the wait immediately. The database itself rejects writes of a process that lost the lease.
 */
export function createLease(deps: Deps): Lease {
  const { table, log, now, onTaken, onLost, identity = identityOf(), fate = fateOf } = deps;
  const { monotonic = () => performance.now(), lifeMs = 15_000 } = deps;
  const owner = randomUUID();
  let mine: Holder | undefined;
  const heartbeat = createHeartbeat({
    lifeMs,
    renew,
    monotonic,
    now,
    onLost() {
      mine = undefined;
      onLost();
    },
    onFailure: (error) => log.warn({ err: error }, 'the store lease could not be renewed'),
  });

  async function claim(value: unknown, version: string | undefined): Promise<boolean> {
    const before = z.object({ number: z.int() }).safeParse(value).data?.number ?? 0;
    // Also greater than in a restored backup, in which the last number is missing.
    const number = Math.max(before + 1, now());
    const next: Holder = { number, owner, process: identity, beat: 0, seenAt: now() };
    const asked = heartbeat.clocks();
    if (!(await table.compareAndSet(leaseKey, version, next))) return false;
    mine = next;
    onTaken(String(number));
    heartbeat.start(asked);
    return true;
  }

  async function renew(): Promise<boolean> {
    const { value, version } = await table.read(leaseKey);
    // Released meanwhile.
    if (!mine) return true;
    const next: Holder = { ...mine, beat: mine.beat + 1, seenAt: now() };
    if (!isOurs(value) || !(await table.compareAndSet(leaseKey, version, next))) return false;
    mine &&= next;
    return true;
  }

  const isOurs = (value: unknown) => holderSchema.safeParse(value).data?.owner === owner;

  return {
    take: (signal) => contend(claim, { table, log, fate, now, monotonic, lifeMs }, signal),
    confirm: heartbeat.confirm,
    async release() {
      heartbeat.stop();
      const held = mine;
      mine = undefined;
      if (!held) return;
      await free(table, held, isOurs);
    },
  };
}

/** Frees the row if it is still ours. If the store is unreachable, the missing heartbeat says it later. */
async function free(
  table: Deps['table'],
  { number }: Pick<Holder, 'number'>,
  isOurs: (value: unknown) => boolean,
): Promise<void> {
  const { value, version } = await table
    .read(leaseKey)
    .catch(() => ({ value: undefined, version: undefined }));
  const row = { number, free: true, seenAt: 0 };
  if (isOurs(value)) await table.compareAndSet(leaseKey, version, row).catch(() => false);
}

type ContendDeps = Required<Pick<Deps, 'table' | 'log' | 'fate' | 'now' | 'monotonic' | 'lifeMs'>>;

/** Watches the row until it may be claimed, or its holder is known to be alive. @returns whether it was claimed. */
async function contend(
  claim: (value: unknown, version: string | undefined) => Promise<boolean>,
  { table, log, fate, now, monotonic, lifeMs }: ContendDeps,
  signal?: AbortSignal,
): Promise<boolean> {
  let seen: { readonly version: string | undefined; readonly at: number } | undefined;
  for (;;) {
    const { value, version } = await table.read(leaseKey);
    const isSilent = seen?.version === version && seen !== undefined && monotonic() - seen.at >= lifeMs;
    const standing = isSilent ? 'free' : standingOf(value, { fate, now, lifeMs });
    if (standing === 'free') {
      if (await claim(value, version)) return true;
      // Another process was faster; the next check shows whether it is alive.
      seen = undefined;
      continue;
    }
    if (standing === 'held' || (seen && seen.version !== version)) return false;
    if (!seen) log.info({ lifeMs }, 'another process may be using the store; waiting for a sign of life');
    seen ??= { version, at: monotonic() };
    await sleep(Math.min(500, lifeMs / 10), undefined, signal && { signal });
  }
}

function standingOf(
  value: unknown,
  { fate, now, lifeMs }: Required<Pick<Deps, 'fate' | 'now' | 'lifeMs'>>,
): Standing {
  if (value === undefined || freeSchema.safeParse(value).success) return 'free';
  const holder = holderSchema.safeParse(value).data;
  if (!holder) return 'unclear'; // Of an earlier version of Easel, perhaps a living one.
  const fateIs = fate(holder.process);
  if (fateIs === 'dead') return 'free';
  // A process may exist but hang: then it sends no heartbeat either.
  return fateIs === 'alive' && now() - holder.seenAt < lifeMs ? 'held' : 'unclear';
}
