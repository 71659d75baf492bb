import { createHeap } from './min-heap.js';

/** Something to be polled. Times are ms since the epoch. */
export interface Item {
  /** It isn't polled before this, however free the budget is. */
  readonly from: number;
  /** When its result is expected to have been finished for `ms`. */
  reaches(ms: number): number;
  /** How long its result is expected to have been finished by `at`, ms; undefined if not estimated. */
  lying(at: number): number | undefined;
}

/**
 * Chooses what to poll next: the item whose result is expected to have been finished the longest. Items are keyed by
 * the time at which their wait reaches the `pressure`, the typical wait of recently chosen items, so the order of
 * keys is the order of waits and a decision is O(log n). An item keyed under a very different pressure is re-keyed
 * when it reaches the top.
 */
export interface PollSchedule<T extends Item> {
  /** Adds an item. */
  add(item: T): void;
  /** True if it was present. */
  delete(item: T): boolean;
  /** Removes the next item; undefined if none may be polled yet. */
  next(now: number): T | undefined;
  /** How many may be polled. */
  ready(now: number): number;
  /** When the next of the others may be polled, ms since the epoch; Infinity if there are none. */
  wakesAt(): number;
  /** How long results currently wait to be polled, ms. */
  readonly pressure: number;
}

/** Bounds of the pressure, ms. */
const [least, most] = [50, 1_800_000];
/** Weight of one choice. */
const weight = 0.05;
/** An item is re-keyed if the pressure has changed by more than this factor. */
const stale = 1.15;
/** Most items re-keyed per choice, so that a choice stays cheap. */
const mostPlaced = 6;

interface Place<T> {
  readonly item: T;
  /** The pressure under which it was keyed. */
  readonly under: number;
}

export function createPollSchedule<T extends Item>(): PollSchedule<T> {
  const resting = createHeap<T>();
  /** Valid items: a deleted one stays in its heap until it reaches the top. */
  const members = new Set<T>();
  const ranking = createRanking<T>((item) => members.has(item));

  /** Moves items that have rested long enough. */
  function rouse(now: number): void {
    while (resting.first() <= now) {
      const item = resting.pop();
      if (item && members.has(item)) ranking.add(item);
    }
  }

  return {
    add(item) {
      members.add(item);
      resting.push(item.from, item);
    },
    delete: (item) => members.delete(item),
    next(now) {
      rouse(now);
      const item = ranking.take();
      if (!item) return undefined;
      members.delete(item);
      ranking.adapt(item.lying(now));
      return item;
    },
    ready(now) {
      rouse(now);
      return ranking.size;
    },
    wakesAt: () => resting.first(),
    get pressure() {
      return ranking.pressure;
    },
  };
}

/** Items that may be polled, the longest expected wait first; those that are no longer valid are skipped. */
function createRanking<T extends Item>(isValid: (item: T) => boolean) {
  const ready = createHeap<Place<T>>();
  let pressure = 1_000;

  function add(item: T): number {
    const at = Math.max(item.from, item.reaches(pressure));
    ready.push(at, { item, under: pressure });
    return at;
  }

  function isStale({ under }: Place<T>): boolean {
    return under > pressure * stale || under * stale < pressure;
  }

  /** Removes the first item; undefined if there is none. */
  function take(): T | undefined {
    for (let placed = 0; ready.size > 0; ) {
      const top = ready.pop();
      if (!top || !isValid(top.item)) continue;
      if (placed < mostPlaced && isStale(top)) {
        placed += 1;
        const before = ready.first();
        if (add(top.item) > before) continue;
        return ready.pop()?.item;
      }
      return top.item;
    }
    return undefined;
  }

  return {
    add,
    take,
    /** Moves the pressure towards the wait of a chosen item, ms; undefined if that isn't estimated. */
    adapt(lying: number | undefined): void {
      if (lying !== undefined) pressure *= (Math.min(most, Math.max(least, lying)) / pressure) ** weight;
    },
    get size() {
      return ready.size;
    },
    get pressure() {
      return pressure;
    },
  };
}
