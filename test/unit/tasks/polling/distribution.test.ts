import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bucketOf,
  buckets,
  createDistribution,
  type Distribution,
  edges,
  fromRange,
} from '../../../../src/tasks/polling/distribution.js';

const hour = 3_600_000;
const age = fc.integer({ min: 0, max: 2 * hour });
const distribution = fc
  .array(fc.tuple(fc.integer({ min: 0, max: buckets - 1 }), fc.integer({ min: 1, max: 100 })), {
    minLength: 1,
    maxLength: 12,
  })
  .map((entries) => {
    const weights = new Array<number>(buckets).fill(0);
    for (const [n, weight] of entries) weights[n] = (weights[n] ?? 0) + weight;
    return createDistribution(weights);
  });

/** `lying` by a sum of ten thousand slices. */
function lyingBySum(of: Distribution, since: number, until: number): number {
  const slices = 10_000;
  const step = (until - since) / slices;
  let square = 0;
  for (let n = 0; n < slices; n++) {
    const at = since + (n + 0.5) * step;
    square += 2 * (until - at) * of.endedBy(at, since) * step;
  }
  return Math.sqrt(square);
}

describe('the buckets', () => {
  it('hold every age between their edges', () => {
    for (let n = 0; n < buckets; n++) {
      expect(bucketOf(edges[n] ?? Number.NaN)).toBe(n);
      expect(bucketOf((edges[n + 1] ?? Number.NaN) - 0.001)).toBe(n);
    }
    fc.assert(
      fc.property(age, (ms) => {
        const n = bucketOf(ms);
        expect(edges[n]).toBeLessThanOrEqual(ms);
        if (n < buckets - 1) expect(edges[n + 1]).toBeGreaterThan(ms);
      }),
    );
  });

  it('cover more than two hours', () => {
    expect(edges.at(-1)).toBeGreaterThan(2 * hour);
    expect(bucketOf(100 * hour)).toBe(buckets - 1);
  });
});

describe('a distribution', () => {
  it('grows from nothing to everything and never goes back', () => {
    fc.assert(
      fc.property(distribution, age, age, (of, one, other) => {
        const [early, late] = [Math.min(one, other), Math.max(one, other)];
        expect(of.endedBy(0)).toBe(0);
        expect(of.endedBy(3 * hour)).toBe(1);
        expect(of.endedBy(early)).toBeLessThanOrEqual(of.endedBy(late));
        expect(Array.from(of.chances).reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(1, 9);
      }),
    );
  });

  it('knows that a survivor can only end later', () => {
    fc.assert(
      fc.property(distribution, age, age, (of, since, later) => {
        expect(of.endedBy(since, since)).toBe(0);
        const chance = of.endedBy(since + later, since);
        expect(chance).toBeGreaterThanOrEqual(0);
        expect(chance).toBeLessThanOrEqual(1);
        // Survival to both is survival to the first, and from there to the second.
        const survival = (1 - of.endedBy(since)) * (1 - chance);
        if (of.endedBy(since) < 1 - 1e-9) expect(survival).toBeCloseTo(1 - of.endedBy(since + later), 9);
      }),
    );
  });

  it('has quantiles that invert it', () => {
    fc.assert(
      fc.property(distribution, fc.double({ min: 0.01, max: 0.99, noNaN: true }), age, (of, share, since) => {
        const at = of.quantile(share, since);
        expect(at).toBeGreaterThanOrEqual(since);
        if (of.endedBy(since) < 1 - 1e-9) expect(of.endedBy(at, since)).toBeCloseTo(share, 6);
        expect(of.quantile(share, since)).toBeLessThanOrEqual(of.quantile(0.995, since));
      }),
    );
  });

  it('has the mean of its buckets', () => {
    const weights = new Array<number>(buckets).fill(0);
    weights[60] = 1;
    weights[80] = 3;
    const middle = (n: number) => ((edges[n] ?? 0) + (edges[n + 1] ?? 0)) / 2;
    expect(createDistribution(weights).mean).toBeCloseTo((middle(60) + 3 * middle(80)) / 4, 3);
  });
});

describe('the time since the result was ready', () => {
  it('matches a sum over small slices', () => {
    fc.assert(
      fc.property(distribution, age, fc.integer({ min: 100, max: hour }), (of, since, more) => {
        const exact = of.lying(since, since + more);
        const sum = of.endedBy(since) < 1 - 1e-9 ? lyingBySum(of, since, since + more) : more;
        expect(Math.abs(exact - sum)).toBeLessThan(5 + 0.01 * sum);
      }),
      { numRuns: 50 },
    );
  });

  it('is nothing at first, grows, and is never longer than the time since', () => {
    fc.assert(
      fc.property(distribution, age, age, age, (of, since, one, other) => {
        const [early, late] = [Math.min(one, other), Math.max(one, other)];
        expect(of.lying(since, since)).toBe(0);
        expect(of.lying(since, since + early)).toBeLessThanOrEqual(of.lying(since, since + late) + 0.5);
        expect(of.lying(since, since + late)).toBeLessThanOrEqual(late);
      }),
    );
  });

  it('is reached when its inverse says', () => {
    fc.assert(
      fc.property(distribution, age, fc.integer({ min: 50, max: hour }), (of, since, ms) => {
        const at = of.lyingAt(since, ms);
        expect(at).toBeGreaterThanOrEqual(since);
        expect(of.lying(since, at)).toBeGreaterThanOrEqual(ms - 0.001);
        const before = at - Math.max(11, at / 900);
        if (before > since) expect(of.lying(since, before)).toBeLessThan(ms);
      }),
    );
  });

  it('is all the time since for a task that outlived everything ever seen', () => {
    const weights = new Array<number>(buckets).fill(0);
    weights[50] = 1;
    const of = createDistribution(weights);
    expect(of.lying(hour, hour + 5_000)).toBe(5_000);
    expect(of.lyingAt(hour, 5_000) - hour).toBeGreaterThanOrEqual(5_000);
  });
});

describe('what a range of words says', () => {
  it.each([
    [60_000, 180_000],
    [180_000, 300_000],
  ] as const)('has 95 of 100 between %i and %i ms, and the rest not far', (least, most) => {
    const of = fromRange([least, most]);
    expect(of.endedBy(most) - of.endedBy(least)).toBeGreaterThan(0.92);
    expect(of.quantile(0.5) / Math.sqrt(least * most)).toBeCloseTo(1, 1);
    expect(of.endedBy(hour)).toBeGreaterThan(0.98);
    for (const chance of Array.from(of.chances)) expect(chance).toBeGreaterThan(0);
  });
});
