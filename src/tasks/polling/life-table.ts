import { bucketOf, buckets, createDistribution, type Distribution, edges } from './distribution.js';

/**
 * A life table: how many entered each bucket of ages and how many ended in it, newest weighted most. Unfinished tasks
 * count as well: of recent tasks only the fast ones have ended, and those alone would make everything look fast.
 */
export interface LifeTable {
  readonly entered: Float64Array;
  readonly ended: Float64Array;
  /** Its weight, as a number of ends. */
  worth: number;
}

/** An observation between two responses, ages in ms: not ended by `after`; ended or not by `by`. */
export interface Observation {
  readonly after: number;
  readonly by: number;
  readonly ended: boolean;
}

export function createLifeTable(): LifeTable {
  return { entered: new Float64Array(buckets), ended: new Float64Array(buckets), worth: 0 };
}

/**
 * Adds one observation to `table`. The exact end between two responses is unknown, so it is spread according to
 * `belief`: if it were put where it was seen, late polling would learn that everything ends late and poll ever later.
 * @param memory its maximum weight in ends: older ones fade.
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

/** The share of bucket `n` beyond `age`. */
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
  // Of all that end between the two ages: the share that reaches this bucket, and the share that passes it.
  let reaching = 1;
  for (let n = from; n <= to; n++) {
    const share =
      whole > 1e-9 ? belief.endedBy(edges[n + 1] ?? by, after) / whole : (n + 1 - from) / (to - from + 1);
    const through = n === to ? 0 : Math.min(reaching, Math.max(0, 1 - share));
    // The part of the first bucket already passed was counted with an earlier response.
    entered[n] = (entered[n] ?? 0) + reaching * (n === from ? beyond(n, after) : 1);
    ended[n] = (ended[n] ?? 0) + reaching - through;
    reaching = through;
  }
}

/**
 * The observations, blended with the prior as long as there are few: the prior weighs as much as `strength` complete
 * lives.
 */
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
