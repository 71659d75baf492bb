import { isDeepStrictEqual } from 'node:util';
import { hour } from '../util/time.js';
import { type Account, type Holder, holdersOf } from './account.js';
import type { BilledUnit, Unit } from './measures.js';
import type { Period } from './period.js';

/**
 * What a task uses according to its record. `at` is when quota was reserved, and doesn't change when the task
 * settles: the limit was checked against that period, so it must count there. Otherwise a video ordered on the 31st
 * and finished on the 1st would land unchecked in the next month and overfill it. Since it never moves, usage of a
 * past period only shrinks.
 */
export interface UsageEntry {
  readonly taskId: string;
  /** What its order has in common with its other tasks: together they count as one open order. @default its own */
  readonly order?: string;
  readonly account: Account;
  readonly unit: BilledUnit;
  /** The ordered amount while reserved, the billed amount once spent; whole images or seconds. */
  readonly amount: number;
  /** The same in money, millionths of a currency unit; absent if the price is not known. */
  readonly cost?: number;
  /** ms since the epoch. */
  readonly at: number;
  readonly state: 'reserved' | 'spent' | 'refunded';
  /** Unfinished: its order counts as open. */
  readonly open: boolean;
  /** Nothing is reserved yet: it only counts as an open order. */
  readonly unreserved?: true;
}

export interface Tally {
  readonly reserved: number;
  readonly spent: number;
}

/** What a check needs to know. */
export interface UsageView {
  /** What `holder` has reserved and spent of `unit` in `period`. */
  tally(holder: Holder, unit: Unit, period: Period): Tally;
  /** How many unfinished orders `holder` has. */
  open(holder: Holder): number;
}

/** Usage by holder, derived from the tasks: fed with all of them at the start and with each change afterwards. */
export interface Usage extends UsageView {
  /**
   * Sets what this task uses, replacing its previous entry.
   * @throws RangeError unless amount, cost and time are whole numbers from 0; nothing is changed then.
   */
  put(entry: UsageEntry): void;
  /** Whether a task is counted. */
  has(taskId: string): boolean;
  get(taskId: string): UsageEntry | undefined;
  /** Reserved and spent together. */
  used(holder: Holder, unit: Unit, period: Period): number;
  remove(taskId: string): void;
  /** Drops settled tasks too old for any period still running at `now`. Returns how many. */
  prune(now: number): number;
}

/**
 * The longest period: 31 days, one hour of daylight saving, and 26 hours between the easternmost and westernmost
 * clocks.
 */
export const longestMs = 31 * 24 * hour + hour + 26 * hour;

/** True if a task counts in no period still running at `now` (ms since the epoch), nor in any later one. */
export function isPast({ open, state, at }: UsageEntry, now: number): boolean {
  return !open && (state === 'refunded' || (state === 'spent' && at < now - longestMs));
}

type Sums = Record<'reserved' | 'spent', Record<Unit, number>>;

/** Sums per hour since the epoch. Most periods consist of whole hours. */
interface Hour {
  readonly sums: Sums;
  readonly entries: Set<UsageEntry>;
}

interface Shelf {
  readonly hours: Map<number, Hour>;
  /** Unfinished tasks by order. */
  readonly open: Map<string, number>;
}

export function createUsage(): Usage {
  const entries = new Map<string, UsageEntry>();
  const shelves = new Map<Holder, Shelf>();

  function add(entry: UsageEntry): void {
    for (const holder of Object.values(holdersOf(entry.account))) {
      const shelf = shelves.get(holder) ?? { hours: new Map(), open: new Map() };
      shelves.set(holder, shelf);
      if (entry.open) countOpen(shelf, entry, 1);
      if (entry.state !== 'refunded') addToHour(shelf, entry);
    }
    entries.set(entry.taskId, entry);
  }

  function remove(taskId: string): void {
    const entry = entries.get(taskId);
    if (!entry) return;
    entries.delete(taskId);
    for (const holder of Object.values(holdersOf(entry.account))) {
      const shelf = shelves.get(holder);
      if (!shelf) continue;
      if (entry.open) countOpen(shelf, entry, -1);
      if (entry.state !== 'refunded') takeFromHour(shelf, entry);
      if (shelf.open.size === 0 && shelf.hours.size === 0) shelves.delete(holder);
    }
  }

  return {
    tally: (holder, unit, period) => tally(shelves.get(holder), unit, period),
    remove,
    has: (taskId) => entries.has(taskId),
    get: (taskId) => entries.get(taskId),
    put(entry) {
      for (const number of [entry.amount, entry.cost ?? 0, entry.at])
        if (!Number.isSafeInteger(number) || number < 0)
          throw new RangeError(`Task ${entry.taskId} cannot use ${number}: whole numbers, 0 or more.`);
      // A task is noted with each of its steps, and few of them change what it uses.
      if (isDeepStrictEqual(entries.get(entry.taskId), entry)) return;
      remove(entry.taskId);
      if (entry.open || entry.state !== 'refunded') add(entry);
    },
    used(holder, unit, period) {
      const { reserved, spent } = tally(shelves.get(holder), unit, period);
      return reserved + spent;
    },
    open: (holder) => shelves.get(holder)?.open.size ?? 0,
    prune(now) {
      const old = [...entries.values()].filter((entry) => isPast(entry, now));
      for (const { taskId } of old) remove(taskId);
      return old.length;
    },
  };
}

function tally(shelf: Shelf | undefined, unit: Unit, period: Period): Tally {
  const total = { reserved: 0, spent: 0 };
  const include = ({ reserved, spent }: Sums) => {
    total.reserved += reserved[unit];
    total.spent += spent[unit];
  };
  for (const [index, { sums, entries: inHour }] of shelf?.hours ?? []) {
    const start = index * hour;
    const end = start + hour;
    if (end <= period.start || start >= period.end) continue;
    if (period.start <= start && end <= period.end) include(sums);
    else for (const entry of inHour) if (isWithin(period, entry)) include(sumsOf(entry));
  }
  return total;
}

function isWithin({ start, end }: Period, { at }: UsageEntry): boolean {
  return start <= at && at < end;
}

function countOpen({ open }: Shelf, { order, taskId }: UsageEntry, sign: 1 | -1): void {
  const key = order ?? taskId;
  const left = (open.get(key) ?? 0) + sign;
  if (left > 0) open.set(key, left);
  else open.delete(key);
}

function addToHour({ hours }: Shelf, entry: UsageEntry): void {
  const index = Math.floor(entry.at / hour);
  const found = hours.get(index) ?? { sums: noSums(), entries: new Set() };
  hours.set(index, found);
  found.entries.add(entry);
  count(found.sums, entry, 1);
}

function takeFromHour({ hours }: Shelf, entry: UsageEntry): void {
  const index = Math.floor(entry.at / hour);
  const found = hours.get(index);
  if (!found?.entries.delete(entry)) return;
  count(found.sums, entry, -1);
  if (found.entries.size === 0) hours.delete(index);
}

function count(sums: Sums, { state, unit, amount, cost = 0 }: UsageEntry, sign: 1 | -1): void {
  if (state === 'refunded') return;
  sums[state][unit] += sign * amount;
  sums[state].cost += sign * cost;
}

function sumsOf(entry: UsageEntry): Sums {
  const sums = noSums();
  count(sums, entry, 1);
  return sums;
}

function noSums(): Sums {
  return { reserved: { image: 0, second: 0, cost: 0 }, spent: { image: 0, second: 0, cost: 0 } };
}
