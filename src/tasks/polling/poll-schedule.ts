import { createHeap } from './min-heap.js';

/** One that is to be asked about some time. Times are ms since the epoch. */
export interface Item {
  /** Before this it is not asked about, however free the budget is. */
  readonly from: number;
  /** When its result will have been lying there for `ms`, as far as one can expect. */
  reaches(ms: number): number;
  /**
   * How long its result has been lying there by `at`, as far as one can expect, ms; undefined if that is not guessed.
   */
  lying(at: number): number | undefined;
}

/**
 * Who is asked about next: whoever's result, by what is expected, has been lying finished the longest. Items are kept
 * by the time at which theirs reaches the `pressure`: how long the results of those lie who were chosen lately. With
 * that, the order of these times is the order of waits, and one decision is O(log n). An item that was placed under
 * quite another pressure is placed again when it comes to the top.
 */
export interface Agenda<T extends Item> {
  /** Takes an item up that is not in it. */
  add(item: T): void;
  /** Whether it was in it. */
  delete(item: T): boolean;
  /** Takes the next item out; undefined if none may be asked about yet. */
  next(now: number): T | undefined;
  /** How many may be asked about. */
  ready(now: number): number;
  /** When the next of the others may, ms since the epoch; Infinity if there are none. */
  wakesAt(): number;
  /** How long results lie now until they are asked for, ms. */
  readonly pressure: number;
}

/** Bounds of the pressure, ms. */
const [least, most] = [50, 1_800_000];
/** How much one choice counts. */
const weight = 0.05;
/** Placed under a pressure that differs by more than this factor, an item is placed again. */
const stale = 1.15;
/** Most items placed again for one choice, so that a choice stays cheap whatever happens to the pressure. */
const mostPlaced = 6;

interface Place<T> {
  readonly item: T;
  /** The pressure it was placed under. */
  readonly under: number;
}

export function createAgenda<T extends Item>(): Agenda<T> {
  const resting = createHeap<T>();
  const ready = createHeap<Place<T>>();
  /** Those that count: one that was deleted stays in its heap until it comes to the top. */
  const members = new Set<T>();
  let pressure = 1_000;

  function place(item: T): number {
    const at = Math.max(item.from, item.reaches(pressure));
    ready.push(at, { item, under: pressure });
    return at;
  }

  /** Brings over who has rested long enough. */
  function rouse(now: number): void {
    while (resting.first() <= now) {
      const item = resting.pop();
      if (item && members.has(item)) place(item);
    }
  }

  function isStale({ under }: Place<T>): boolean {
    return under > pressure * stale || under * stale < pressure;
  }

  function take(): T | undefined {
    for (let placed = 0; ready.size > 0; ) {
      const top = ready.pop();
      if (!top || !members.has(top.item)) continue;
      if (placed < mostPlaced && isStale(top)) {
        placed += 1;
        const before = ready.first();
        if (place(top.item) > before) continue;
        return ready.pop()?.item;
      }
      return top.item;
    }
    return undefined;
  }

  return {
    add(item) {
      members.add(item);
      resting.push(item.from, item);
    },
    delete: (item) => members.delete(item),
    next(now) {
      rouse(now);
      const item = take();
      if (!item) return undefined;
      members.delete(item);
      const lying = item.lying(now);
      if (lying !== undefined) pressure *= (Math.min(most, Math.max(least, lying)) / pressure) ** weight;
      return item;
    },
    ready(now) {
      rouse(now);
      return ready.size;
    },
    wakesAt: () => resting.first(),
    get pressure() {
      return pressure;
    },
  };
}
