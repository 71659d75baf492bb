import { bucketOf, buckets, createDistribution, type Distribution, edges } from './distribution.js';

/** What was seen, newest counting most: a weight for each bucket of ages. Plain numbers, never changed in place. */
export interface Histogram {
  readonly weights: readonly number[];
  /** How many observations it is worth: their weights' sum. */
  readonly worth: number;
}

/** Between two answers: not ended by `after`, ended by `by`; ages, ms. */
export interface Observation {
  readonly after: number;
  readonly by: number;
}

export const nothingSeen: Histogram = { weights: new Array<number>(buckets).fill(0), worth: 0 };

/**
 * Adds one observation. When it ended between two answers is not known, so it is spread as `belief` says within them: were
 * it put where it was seen, whoever asks late would learn that all comes late, and ask ever later.
 * @param memory the most observations it is ever worth: older ones fade.
 */
export function observe(
  { weights, worth }: Histogram,
  { after, by }: Observation,
  belief: Distribution,
  memory: number,
): Histogram {
  const keep = Math.min(1, (memory - 1) / Math.max(worth, 1));
  const shares = spread(after, by, belief);
  return {
    weights: weights.map((weight, n) => weight * keep + (shares.get(n) ?? 0)),
    worth: worth * keep + 1,
  };
}

/** The share of each bucket in an observation. */
function spread(after: number, by: number, belief: Distribution): ReadonlyMap<number, number> {
  const [from, to] = [bucketOf(after), bucketOf(Math.max(after, by))];
  const whole = belief.endedBy(by, after);
  const shares = new Map<number, number>();
  for (let n = from; n <= to; n++) {
    const low = Math.max(after, edges[n] ?? 0);
    const high = n === to ? by : (edges[n + 1] ?? by);
    const believed = belief.endedBy(high, after) - belief.endedBy(low, after);
    // What nobody expected has happened all the same.
    shares.set(n, whole > 1e-9 ? believed / whole : 1 / (to - from + 1));
  }
  return shares;
}

/** What was seen, and for as long as that is little, what was believed before: as much as `strength` observations. */
export function blend(seen: Histogram, before: Distribution, strength: number): Distribution {
  return createDistribution(seen.weights.map((weight, n) => weight + strength * (before.chances[n] ?? 0)));
}
