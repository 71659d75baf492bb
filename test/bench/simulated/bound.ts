/** Steps in which durations are looked at: twice as many change the bound by less than a thousandth. */
const enough = 3_000;

/**
 * A lower bound for the mean time from "finished" to "queried", s, of any poller that knows how the stand-in's
 * durations are distributed and may send `budget` queries a task on average. The limit ties all tasks together; relaxed
 * to a price for each query (a Lagrange multiplier), each task stands alone, and the best times of its queries are found
 * by dynamic programming, from the last one back. Each price gives a bound; the best one gives the highest.
 * @param range seconds that tasks take, least and most
 */
export function lowestMeanDelay(range: readonly [number, number], budget: number, steps = enough): number {
  const plan = createPlanner(range, steps);
  let [low, high] = [0, 1];
  while (plan(high).queries > budget) high *= 4;
  for (let n = 0; n < 30; n++) {
    const price = (low + high) / 2;
    if (plan(price).queries > budget) low = price;
    else high = price;
  }
  return Math.max(0, ...[low, high].map((price) => plan(price).cost - price * budget));
}

interface Grid {
  /** Ages at which a task may be queried, s. The first one stands for its Create. */
  readonly ages: Float64Array;
  /** By age: the probability that it has ended, and the sum of the ages at which it did, each by its probability. */
  readonly ended: Float64Array;
  readonly ends: Float64Array;
}

/** By the price of a query, in seconds of delay: what the best queries of a task cost with its delay, and how many they are. */
function createPlanner(range: readonly [number, number], steps: number) {
  const grid = createGrid(range, steps);
  return (price: number) => planQueries(grid, price);
}

/** The stand-in's durations: log-normal, two standard deviations to either end, and what lies beyond an end at it. */
function createGrid([least, most]: readonly [number, number], steps: number): Grid {
  const middle = Math.log(least * most) / 2;
  const deviation = Math.log(most / least) / 4;
  const ages = Float64Array.from({ length: steps + 2 }, (_, n) =>
    n === 0 ? 0 : least + ((most - least) * (n - 1)) / steps,
  );
  const ended = ages.map((age, n) => {
    if (n === 0) return 0;
    return n === steps + 1 ? 1 : standardNormal((Math.log(age) - middle) / deviation);
  });
  const ends = new Float64Array(ages.length);
  for (let n = 1; n < ages.length; n++) {
    const [before = 0, age = 0] = [ages[n - 1], ages[n]];
    // What ends by the least age ends at it; what ends between two others, halfway on average.
    const at = n === 1 ? age : (before + age) / 2;
    ends[n] = (ends[n - 1] ?? 0) + ((ended[n] ?? 0) - (ended[n - 1] ?? 0)) * at;
  }
  return { ages, ended, ends };
}

function planQueries({ ages, ended, ends }: Grid, price: number): { cost: number; queries: number } {
  const last = ages.length - 1;
  const costs = new Float64Array(ages.length);
  const counts = new Float64Array(ages.length);
  for (let from = last - 1; from >= 0; from--) {
    const [done = 0, sum = 0] = [ended[from], ends[from]];
    let [lowest, next] = [Number.POSITIVE_INFINITY, last];
    for (let to = from + 1; to <= last; to++) {
      // Everything that ended since the last query is noticed at this one.
      const delay = ((ended[to] ?? 0) - done) * (ages[to] ?? 0) - ((ends[to] ?? 0) - sum);
      // The delay only grows from here on.
      if (delay > lowest) break;
      const cost = delay + (costs[to] ?? 0);
      if (cost < lowest) [lowest, next] = [cost, to];
    }
    costs[from] = price * (1 - done) + lowest;
    counts[from] = 1 - done + (counts[next] ?? 0);
  }
  return { cost: costs[0] ?? 0, queries: counts[0] ?? 0 };
}

/** Its cumulative function, to 1e-7 (Abramowitz and Stegun 26.2.17). */
function standardNormal(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const series =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const upper = (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * series;
  return x >= 0 ? 1 - upper : upper;
}
