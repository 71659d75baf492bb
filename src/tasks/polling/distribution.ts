/** Buckets of ages: the first up to a second, then ten to each doubling, the last beyond two hours. */
const perOctave = 10;
const first = 1_000;
/** How many buckets there are. */
export const buckets = 130;

/** Where each bucket begins, ms; `edges[buckets]` is where the last one ends. */
export const edges: readonly number[] = Array.from({ length: buckets + 1 }, (_, n) =>
  n === 0 ? 0 : first * 2 ** ((n - 1) / perOctave),
);

/** The bucket of an age, ms; ages beyond all edges are in the last. */
export function bucketOf(age: number): number {
  if (age < first) return 0;
  const near = Math.min(buckets - 1, 1 + Math.floor(perOctave * Math.log2(age / first)));
  // The logarithm may round to the other side of an edge.
  if (age < edge(near)) return near - 1;
  return near < buckets - 1 && age >= edge(near + 1) ? near + 1 : near;
}

function edge(n: number): number {
  return edges[n] ?? 0;
}

/**
 * A distribution of durations: a probability per bucket of ages, spread evenly within it, so that the cumulative
 * function and its integrals are exact at any age. Ages are in ms.
 */
export interface Distribution {
  /** The probability of each bucket; they sum to 1. */
  readonly chances: ArrayLike<number>;
  /** The probability that it has ended by `age`, given (optionally) that it hadn't by `since`. */
  endedBy(age: number, since?: number): number;
  /** The age by which `share` of those that hadn't ended by `since` have ended. */
  quantile(share: number, since?: number): number;
  readonly mean: number;
  /**
   * How long it has been finished by `age`, ms, given that it hadn't ended by `since`: root mean square, counting 0
   * if it hasn't ended. It grows with age, and faster for long waits than a plain mean.
   */
  lying(since: number, age: number): number;
  /** The inverse of `lying`: the age at which it reaches `ms`. */
  lyingAt(since: number, ms: number): number;
}

/** Practically certain: anything that outlived this share is beyond everything observed, and counts as ended. */
const certain = 1 - 1e-9;

/** @param weights one per bucket, at least one above 0; they need not sum to 1. */
export function createDistribution(weights: ArrayLike<number>): Distribution {
  const chances = normalized(weights);
  const sums = integrals(chances);
  const { ended, once } = sums;
  const at = cumulative(sums);

  function endedBy(age: number, since = 0): number {
    if (age <= since) return 0;
    const [before] = at(since);
    return before < certain ? Math.min(1, (at(age)[0] - before) / (1 - before)) : 1;
  }

  function quantile(share: number, since = 0): number {
    const [before] = at(since);
    const wanted = before + share * (1 - before);
    const n = Math.max(0, firstWhere(buckets + 1, (m) => (ended[m] ?? 1) >= wanted) - 1);
    const [f, chance] = [ended[n] ?? 0, chances[n] ?? 0];
    const within = chance > 0 ? Math.min(1, (wanted - f) / chance) : 0;
    return Math.max(since, edge(n) + within * (edge(n + 1) - edge(n)));
  }

  function lying(since: number, age: number): number {
    const x = age - since;
    if (x <= 0) return 0;
    const [f, i, j] = at(since);
    if (f >= certain) return x;
    const square = (2 * (at(age)[2] - j - i * x - (f * x * x) / 2)) / (1 - f);
    return Math.min(x, Math.sqrt(Math.max(0, square)));
  }

  return {
    chances,
    endedBy,
    quantile,
    mean: edge(buckets) - (once[buckets] ?? 0),
    lying,
    lyingAt: (since, ms) => ageAtLying(lying, since, ms),
  };
}

/** The age, not below `since`, at which `lying` reaches `ms`. */
function ageAtLying(lying: Distribution['lying'], since: number, ms: number): number {
  if (ms <= 0) return since;
  const after = bucketOf(since) + 1;
  const n = after + firstWhere(buckets + 1 - after, (m) => lying(since, edge(after + m)) >= ms);
  const low = Math.max(since, n > after ? edge(n - 1) : since);
  // It can't have been finished for longer than the time since.
  const high = n > buckets ? Math.max(low, since) + ms + edge(buckets) : edge(n);
  return bisect(low, high, (age) => lying(since, age) >= ms);
}

function normalized(weights: ArrayLike<number>): Float64Array {
  let total = 0;
  for (let n = 0; n < buckets; n++) total += weights[n] ?? 0;
  const chances = new Float64Array(buckets);
  for (let n = 0; n < buckets; n++) chances[n] = (weights[n] ?? 0) / total;
  return chances;
}

interface Integrals {
  readonly chances: Float64Array;
  /** At each edge: the cumulative probability, its integral from 0, and the integral of that. */
  readonly ended: Float64Array;
  readonly once: Float64Array;
  readonly twice: Float64Array;
}

function integrals(chances: Float64Array): Integrals {
  const ended = new Float64Array(buckets + 1);
  const once = new Float64Array(buckets + 1);
  const twice = new Float64Array(buckets + 1);
  for (let n = 0; n < buckets; n++) {
    const h = edge(n + 1) - edge(n);
    const [chance, f, i, j] = [chances[n] ?? 0, ended[n] ?? 0, once[n] ?? 0, twice[n] ?? 0];
    ended[n + 1] = n === buckets - 1 ? 1 : Math.min(1, f + chance);
    once[n + 1] = i + f * h + (chance * h) / 2;
    twice[n + 1] = j + i * h + (f * h * h) / 2 + (chance * h * h) / 6;
  }
  return { chances, ended, once, twice };
}

/**
 * A function of the age, ms: the cumulative probability, its integral, and the integral of that, from 0. Each
 * decision of the poller calls it many times, so it keeps its arrays in a closure.
 */
function cumulative({ chances, ended, once, twice }: Integrals) {
  return (age: number): readonly [number, number, number] => {
    if (age >= edge(buckets)) {
      const x = age - edge(buckets);
      const [f, i, j] = [1, once[buckets] ?? 0, twice[buckets] ?? 0];
      return [f, i + x, j + i * x + (x * x) / 2];
    }
    const n = bucketOf(Math.max(0, age));
    const x = Math.max(0, age) - edge(n);
    const density = (chances[n] ?? 0) / (edge(n + 1) - edge(n));
    const [f, i, j] = [ended[n] ?? 0, once[n] ?? 0, twice[n] ?? 0];
    return [
      Math.min(1, f + density * x),
      i + f * x + (density * x * x) / 2,
      j + i * x + (f * x * x) / 2 + (density * x * x * x) / 6,
    ];
  };
}

/** Binary search: the first of 0 … count-1 for which `is` holds (it stays true from there); `count` if none. */
function firstWhere(count: number, is: (n: number) => boolean): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (is(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Bisection: where between `low` and `high` `is` becomes true, to 10 ms or a thousandth. */
function bisect(low: number, high: number, is: (age: number) => boolean): number {
  let [from, to] = [low, high];
  while (to - from > Math.max(10, to / 1_000)) {
    const middle = (from + to) / 2;
    if (is(middle)) to = middle;
    else from = middle;
  }
  return to;
}

/** The share that takes less than `least`, and the share that takes more than `most`. */
const stray = { early: 0.005, late: 0.02 };

/**
 * A prior for a statement like "1 to 3 minutes": log-normal with two standard deviations to either end, plus a little
 * of everything else, because statements may be wrong.
 * @param range ms, least and most.
 */
export function fromRange([least, most]: readonly [number, number]): Distribution {
  const middle = Math.log(least * most) / 2;
  const deviation = Math.log(most / least) / 4;
  const below = (age: number) => (age > 0 ? normal((Math.log(age) - middle) / deviation) : 0);
  const weights = Array.from({ length: buckets }, (_, n) => {
    const share = below(edge(n + 1)) - below(edge(n));
    const early = edge(n) < least ? stray.early / bucketOf(least) : 0;
    const late = edge(n) >= most ? stray.late / (buckets - bucketOf(most)) : 0;
    return share + early + late;
  });
  return createDistribution(weights);
}

/** The standard normal distribution's cumulative function, to 1e-7 (Abramowitz and Stegun 26.2.17). */
function normal(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const sum =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const upper = (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * sum;
  return x >= 0 ? 1 - upper : upper;
}
