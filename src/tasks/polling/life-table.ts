import { bucketOf, buckets, createDistribution, type Distribution, edges } from './distribution.js';

/**
 * How many came into each bucket of ages, and how many ended in it, newest counting most: a life table. It counts who still
 * goes on as well: of tasks that began lately only the quick ones have ended, and from those alone all would seem quick.
 */
export interface LifeTable {
  readonly entered: Float64Array;
  readonly ended: Float64Array;
  /** How many ends it is worth. */
  worth: number;
}

/** Between two answers, ages in ms: it had not ended by `after`, and by `by` it had, or had not. */
export interface Observation {
  readonly after: number;
  readonly by: number;
  readonly ended: boolean;
}

export function createLifeTable(): LifeTable {
  return { entered: new Float64Array(buckets), ended: new Float64Array(buckets), worth: 0 };
}

/**
 * Adds one observation to `table`. When between two answers it ended is not known, so that is spread as `belief` says: were
 * it put where it was seen, whoever asks late would learn that all comes late, and ask ever later.
 * @param memory the most ends it is ever worth: older ones fade.
 */
export function observe(table: LifeTable, seen: Observation, belief: Distribution, memory: number): void {
  if (seen.ended) {
    fade(table, Math.min(1, (memory - 1) / Math.max(table.worth, 1)));
    table.worth += 1;
    addEnd(table, seen, belief);
  } else addPassage(table, seen);
}

function fade(table: LifeTable, keep: number): void {
  if (keep === 1) return;
  for (let n = 0; n < buckets; n++) {
    table.entered[n] = (table.entered[n] ?? 0) * keep;
    table.ended[n] = (table.ended[n] ?? 0) * keep;
  }
  table.worth *= keep;
}

/** What part of bucket `n` lies beyond `age`. */
function beyond(n: number, age: number): number {
  const [low, high] = [edges[n] ?? 0, edges[n + 1] ?? 0];
  return Math.min(1, Math.max(0, (high - age) / (high - low)));
}

function addPassage({ entered }: LifeTable, { after, by }: Observation): void {
  const to = bucketOf(by);
  for (let n = bucketOf(after); n <= to; n++) {
    entered[n] = (entered[n] ?? 0) + Math.max(0, beyond(n, after) - beyond(n, by));
  }
}

function addEnd({ entered, ended }: LifeTable, { after, by }: Observation, belief: Distribution): void {
  const [from, to] = [bucketOf(after), bucketOf(by)];
  const whole = belief.endedBy(by, after);
  // Of all that end between the two, those that come as far as this bucket, and those that come through.
  let reaching = 1;
  for (let n = from; n <= to; n++) {
    const share =
      whole > 1e-9 ? belief.endedBy(edges[n + 1] ?? by, after) / whole : (n + 1 - from) / (to - from + 1);
    const through = n === to ? 0 : Math.min(reaching, Math.max(0, 1 - share));
    // What it came through of the first was counted with an earlier answer.
    entered[n] = (entered[n] ?? 0) + reaching * (n === from ? beyond(n, after) : 1);
    ended[n] = (ended[n] ?? 0) + reaching - through;
    reaching = through;
  }
}

/** What was seen, and for as long as that is little, what was believed before: as much as `strength` whole lives. */
export function blend({ entered, ended }: LifeTable, before: Distribution, strength: number): Distribution {
  const chances = new Float64Array(buckets);
  let [left, leftBefore] = [1, 1];
  for (let n = 0; n < buckets; n++) {
    const chance = before.chances[n] ?? 0;
    const risk = (entered[n] ?? 0) + strength * leftBefore;
    const hazard = risk > 0 ? Math.min(1, ((ended[n] ?? 0) + strength * chance) / risk) : 0;
    const own = n === buckets - 1 ? left : left * hazard;
    chances[n] = own;
    left -= own;
    leftBefore = Math.max(0, leftBefore - chance);
  }
  return createDistribution(chances);
}
