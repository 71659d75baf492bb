/** Ids of tasks, newest first; they are Discord's and so sort by time. Every operation is fast also with 100,000 of them. */
export interface SortedIds<Id extends string = string> {
  readonly size: number;
  add(id: Id): void;
  delete(id: Id): void;
  /** How many are newer than this id, whether it is there or not. */
  newerThan(id: string): number;
  /** From a rank on (the newest is 0). The ids must not change meanwhile. */
  from(rank: number): Iterable<Id>;
  /** A page by key, for walks during which ids come and go: the newest ones that are older than `id`, at most `count`. */
  olderThan(id: Id | undefined, count: number): readonly Id[];
}

/** Longest run of ids; a longer one is cut in half. */
const longestRun = 512;

/** Sorted runs of ids, oldest first: nothing is moved but within one run. */
export function createSortedIds<Id extends string = string>(): SortedIds<Id> {
  const runs: Id[][] = [];
  let size = 0;

  /** The first run whose last id isn't older. */
  function runOf(id: string): number {
    return firstIndex(runs.length, (at) => !isBefore(runs[at]?.at(-1) ?? '', id));
  }

  return {
    get size() {
      return size;
    },
    add(id) {
      // A new id is nearly always the newest.
      const at = Math.min(runOf(id), Math.max(0, runs.length - 1));
      const run = runs[at] ?? [];
      if (runs.length === 0) runs.push(run);
      const place = placeIn(run, id);
      if (run[place] === id) return;
      run.splice(place, 0, id);
      size += 1;
      if (run.length > longestRun) runs.splice(at + 1, 0, run.splice(longestRun / 2));
    },
    delete(id) {
      const at = runOf(id);
      const run = runs[at] ?? [];
      const place = placeIn(run, id);
      if (run[place] !== id) return;
      run.splice(place, 1);
      size -= 1;
      if (run.length === 0) runs.splice(at, 1);
    },
    newerThan(id) {
      const at = runOf(id);
      const run = runs[at];
      if (!run) return 0;
      const place = placeIn(run, id);
      const inRun = run.length - place - (run[place] === id ? 1 : 0);
      return runs.slice(at + 1).reduce((sum, { length }) => sum + length, inRun);
    },
    *from(rank) {
      let left = rank;
      for (const run of reversed(runs)) {
        if (left >= run.length) {
          left -= run.length;
          continue;
        }
        for (let place = run.length - 1 - left; place >= 0; place--) {
          const id = run[place];
          if (id !== undefined) yield id;
        }
        left = 0;
      }
    },
    olderThan(id, count) {
      const found: Id[] = [];
      let at = id === undefined ? runs.length - 1 : Math.min(runOf(id), runs.length - 1);
      for (; at >= 0 && found.length < count; at--) {
        const run = runs[at] ?? [];
        const end = id === undefined ? run.length : placeIn(run, id);
        found.push(...run.slice(Math.max(0, end - (count - found.length)), end).reverse());
      }
      return found;
    },
  };
}

/** The first index of which it is true, of those after which it stays true. */
export function firstIndex(count: number, isTrue: (at: number) => boolean): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isTrue(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Where an id is in a run, or would be. */
function placeIn(run: readonly string[], id: string): number {
  return firstIndex(run.length, (at) => !isBefore(run[at] ?? '', id));
}

function* reversed<T>(list: readonly T[]): Iterable<T> {
  for (let at = list.length - 1; at >= 0; at--) yield list[at] as T;
}

/** True if one id is older: by Discord's id, then by part. */
export function isBefore(one: string, other: string): boolean {
  const at = one.indexOf(':');
  const otherAt = other.indexOf(':');
  if (at !== otherAt) return at < otherAt;
  if (one.length === other.length) return one < other;
  const event = one.slice(0, at);
  const otherEvent = other.slice(0, at);
  return event === otherEvent ? one.length < other.length : event < otherEvent;
}
