import type { Redis } from 'ioredis';
import { z } from 'zod';
import { fence, leasesKey } from '../store/redis-fencing.js';
import { toStoreError } from '../store/store-error.js';
import { minute } from '../util/time.js';
import { claimScript, lookScript, putScript, totalsKey } from './shared-totals-script.js';

type Unit = 'image' | 'second' | 'cost';
type WideScope = 'user' | 'total';

/** What one task uses. Whole numbers; zero once refunded. */
export interface Spend {
  readonly id: string;
  readonly person: string;
  /** When it was reserved, ms since the epoch. */
  readonly at: number;
  readonly unit: Exclude<Unit, 'cost'>;
  readonly amount: number;
  /** Millionths of a currency unit. */
  readonly cost: number;
  readonly state: 'reserved' | 'spent';
}

/** A limit of `max` of `unit` from `start` to `end` (ms since the epoch), of which `need` is requested. */
export interface WideLimit {
  readonly scope: WideScope;
  readonly unit: Unit;
  readonly start: number;
  readonly end: number;
  readonly max: number;
  readonly need: number;
}

/** What was used of a unit in a slot of time. */
export interface Used {
  /** When the slot begins, ms since the epoch. */
  readonly at: number;
  readonly unit: Unit;
  readonly state: Spend['state'];
  readonly amount: number;
}

/** `all`: as it is now. `absent`: unless the task is counted already, by the process that runs it. */
export type PutMode = 'all' | 'absent';

/**
 * Usage in total and per user, across processes: sums of the tasks' records, stored only so that checking and
 * counting are one atomic Redis step. Each process writes its tasks from their records at the start and on every
 * change, so losing the sums does no harm. All methods throw StoreError.
 */
export interface SharedTotals {
  /** Usage of a user and in total, excluding the given tasks. */
  look(person: string, without: readonly string[]): Promise<Readonly<Record<WideScope, readonly Used[]>>>;
  /**
   * Counts all of `spends` of one user, replacing earlier counts of these tasks; or none if a limit would be
   * exceeded.
   */
  claim(spends: readonly Spend[], limits: readonly WideLimit[]): Promise<boolean>;
  put(spends: readonly Spend[], mode: PutMode): Promise<void>;
  /** Which of these aren't counted in their current state. */
  differing(spends: readonly Spend[]): Promise<readonly Spend[]>;
  /** Forgets tasks that were reserved before (ms since the epoch): no period holds them any more. */
  prune(before: number): Promise<void>;
}

interface Deps {
  readonly redis: Redis;
  /** The number of this process's lease; empty while it holds none. */
  readonly lease: () => string;
}

/** Every time zone's midnight begins one. */
const slotMs = 15 * minute;
/** Tasks changed in one step: others wait for it. */
const atOnce = 200;
const pairs = z.array(z.string());
const seen = z.tuple([pairs, pairs, z.array(z.string())]);
const packedForm = /^(\S+) (\d+) (image|second) (\d+) (\d+) (reserved|spent)$/;
const fieldForm = /^(\d+):(image|second|cost):(reserved|spent)$/;

const entriesKey = `${totalsKey}entries`;
const totalKey = `${totalsKey}total`;
const userKey = (person: string) => `${totalsKey}user:${person}`;

/** @throws StoreError for any error of Redis. */
async function use<R>(work: () => Promise<R>): Promise<R> {
  try {
    return await work();
  } catch (error) {
    throw toStoreError(error, 'totals', 'away');
  }
}

export function createSharedTotals({ redis, lease }: Deps): SharedTotals {
  return {
    look: (person, without) =>
      use(async () => {
        const keys = [totalKey, userKey(person), entriesKey];
        const [total, user, own] = seen.parse(await redis.eval(lookScript, 3, ...keys, ...without));
        return { total: lessen(usedIn(total), own), user: lessen(usedIn(user), own) };
      }),
    claim: (spends, limits) =>
      use(async () => {
        const asked = JSON.stringify({
          entries: spends.map((spend) => [spend.id, pack(spend)]),
          limits: limits.map(({ scope, unit, start, end, max, need }) => ({
            key: scope === 'total' ? totalKey : userKey(spends[0]?.person ?? ''),
            unit,
            max,
            need,
            from: slotOf(start),
            to: slotOf(end),
          })),
        });
        return (await redis.eval(fence + claimScript, 2, leasesKey, entriesKey, lease(), asked)) === 1;
      }),
    async put(spends, mode) {
      for (let from = 0; from < spends.length; from += atOnce) {
        const entries = spends.slice(from, from + atOnce).map((spend) => [spend.id, pack(spend)]);
        const asked = JSON.stringify({ entries, mode });
        await use(() => redis.eval(fence + putScript, 2, leasesKey, entriesKey, lease(), asked));
      }
    },
    async differing(spends) {
      const found: Spend[] = [];
      for (let from = 0; from < spends.length; from += atOnce) {
        const some = spends.slice(from, from + atOnce);
        const there = await use(() => redis.hmget(entriesKey, ...some.map(({ id }) => id)));
        found.push(...some.filter((spend, n) => there[n] !== pack(spend)));
      }
      return found;
    },
    prune: (before) =>
      use(async () => {
        let cursor = '0';
        do {
          const [next, found] = await redis.hscan(entriesKey, cursor, 'COUNT', atOnce);
          const old = found.filter((_, n) => n % 2 === 0 && isBefore(found[n + 1], slotOf(before)));
          if (old.length > 0) await redis.hdel(entriesKey, ...old);
          cursor = next;
        } while (cursor !== '0');
      }),
  };
}

function slotOf(at: number): number {
  return Math.floor(at / slotMs);
}

function pack({ person, at, unit, amount, cost, state }: Spend): string {
  return [person, slotOf(at), unit, amount, cost, state].join(' ');
}

function isBefore(packed: string | undefined, slot: number): boolean {
  const [, , at] = packedForm.exec(packed ?? '') ?? [];
  return at !== undefined && Number(at) < slot;
}

/** A hash as Redis answers it: fields and values in turns. */
function usedIn(hash: readonly string[]): Used[] {
  return hash.flatMap((field, n) => {
    const [, slot, unit, state] = fieldForm.exec(field) ?? [];
    if (n % 2 === 1 || slot === undefined) return [];
    const at = Number(slot) * slotMs;
    return [{ at, unit: unit as Unit, state: state as Spend['state'], amount: Number(hash[n + 1]) }];
  });
}

/** Without what is counted of some tasks. */
function lessen(used: readonly Used[], tasks: readonly string[]): readonly Used[] {
  const less = tasks.flatMap((packed): Used[] => {
    const [, , slot, unit, amount, cost, state] = packedForm.exec(packed) ?? [];
    if (slot === undefined) return [];
    const common = { at: Number(slot) * slotMs, state: state as Spend['state'] };
    return [
      { ...common, unit: unit as Unit, amount: -Number(amount) },
      { ...common, unit: 'cost', amount: -Number(cost) },
    ];
  });
  return [...used, ...less];
}
