import { describe, expect, it } from 'vitest';
import { lowestMeanDelay } from '../../../bench/simulated/bound.js';

const [least, most] = [60, 180];
const steps = 10;
/** When a task may be queried, s. */
const ages = Array.from({ length: steps + 1 }, (_, n) => least + ((most - least) * n) / steps);

/** The probability that a task of the stand-in has ended by an age: log-normal, cut off at both ends. */
function endedBy(age: number): number {
  if (age >= most) return 1;
  const x = (Math.log(age) - Math.log(least * most) / 2) / (Math.log(most / least) / 4);
  // Simpson's rule for the density from far below.
  const [from, parts] = [-10, 4_000];
  const width = (x - from) / parts;
  let sum = 0;
  for (let n = 0; n <= parts; n++) {
    const weight = n === 0 || n === parts ? 1 : n % 2 === 1 ? 4 : 2;
    sum += weight * Math.exp(-((from + n * width) ** 2) / 2);
  }
  return (sum * width) / 3 / Math.sqrt(2 * Math.PI);
}

/** What becomes of tasks that are queried at these ages, the last of which is the longest they take. */
function outcome(queried: readonly number[]) {
  let [delay, queries, before] = [0, 0, 0];
  let since = 0;
  for (const at of queried) {
    queries += 1 - before;
    ages.forEach((age, n) => {
      if (age <= since || age > at) return;
      const previous = ages[n - 1];
      const share = endedBy(age) - (previous === undefined ? 0 : endedBy(previous));
      // Those that end between two ages do so halfway on average.
      delay += share * (at - (previous === undefined ? age : (previous + age) / 2));
    });
    before = endedBy(at);
    since = at;
  }
  return { delay, queries };
}

/** Every way to query a task at some of the ages. */
const plans = Array.from({ length: 2 ** steps }, (_, bits) =>
  outcome(ages.filter((_age, n) => n === steps || (bits >> n) % 2 === 1)),
);

describe('the lower bound of the mean delay', () => {
  it.each([1.2, 2, 3, 4.5, 6])(
    'is what the best mixture of all plans reaches with %d queries a task',
    (budget) => {
      const bound = lowestMeanDelay([least, most], budget, steps);
      const affordable = plans.filter(({ queries }) => queries <= budget);
      const dearer = plans.filter(({ queries }) => queries > budget);
      const alone = Math.min(...affordable.map(({ delay }) => delay));
      const mixtures = affordable.flatMap((one) =>
        dearer.map((other) => {
          const part = (budget - one.queries) / (other.queries - one.queries);
          return one.delay + part * (other.delay - one.delay);
        }),
      );
      const best = mixtures.reduce((lowest, delay) => Math.min(lowest, delay), alone);
      expect(bound).toBeLessThanOrEqual(best + 1e-4);
      expect(bound).toBeGreaterThan(best - 1e-4);
    },
  );
});
