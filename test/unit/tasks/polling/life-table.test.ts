import { createRandom, logNormal } from '@easel/stand-in-kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buckets, type Distribution, fromRange } from '../../../../src/tasks/polling/distribution.js';
import { blend, createLifeTable, type LifeTable, observe } from '../../../../src/tasks/polling/life-table.js';

const minute = 60_000;
const prior = fromRange([minute, 3 * minute]);

/** Repeated lives of a task, polled every `gap` ms. */
function live(table: LifeTable, durations: readonly number[], gap: number, strength = 10): Distribution {
  let belief = blend(table, prior, strength);
  for (const [n, duration] of durations.entries()) {
    let after = 0;
    for (let by = gap; ; by += gap) {
      const ended = by >= duration;
      observe(table, { after, by, ended }, belief, 400);
      if (ended) break;
      after = by;
    }
    if (n % 10 === 0) belief = blend(table, prior, strength);
  }
  return blend(table, prior, strength);
}

function durationsBetween(least: number, most: number, count = 600, seed = 1): number[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => logNormal(random, [least, most]));
}

describe('a life table', () => {
  it('that is empty leaves the prior unchanged', () => {
    const of = blend(createLifeTable(), prior, 10);
    for (let n = 0; n < buckets; n++) expect(of.chances[n]).toBeCloseTo(prior.chances[n] ?? 0, 9);
  });

  it.each([
    ['quicker', 15_000, 45_000],
    ['slower', 4 * minute, 10 * minute],
  ])('learns that things are %s than was believed', (_, least, most) => {
    const of = live(createLifeTable(), durationsBetween(least, most), 2_000);
    expect(of.quantile(0.5) / Math.sqrt(least * most)).toBeGreaterThan(0.9);
    expect(of.quantile(0.5) / Math.sqrt(least * most)).toBeLessThan(1.1);
    expect(of.endedBy(most) - of.endedBy(least)).toBeGreaterThan(0.85);
  });

  it('does not learn that tasks are late from polling late', () => {
    for (const gap of [2_000, 20_000, 60_000, 150_000]) {
      const of = live(createLifeTable(), durationsBetween(minute, 3 * minute), gap);
      expect(of.quantile(0.5) / 104_000).toBeGreaterThan(0.85);
      expect(of.quantile(0.5) / 104_000).toBeLessThan(1.2);
    }
  });

  it('is not misled by the quick ones ending first', () => {
    const table = createLifeTable();
    // A hundred have been going on for 80 s; a fifth of them are done.
    for (const duration of durationsBetween(minute, 3 * minute, 100)) {
      const ended = duration <= 80_000;
      for (let after = 0; after < 80_000; after += 5_000) {
        const by = after + 5_000;
        observe(table, { after, by, ended: ended && duration <= by }, prior, 400);
        if (duration <= by) break;
      }
    }
    expect(blend(table, prior, 10).quantile(0.5)).toBeGreaterThan(90_000);
  });

  it('forgets, and so follows changes', () => {
    const table = createLifeTable();
    live(table, durationsBetween(minute, 2 * minute, 1_000), 2_000);
    expect(table.worth).toBeLessThanOrEqual(400);
    const of = live(table, durationsBetween(4 * minute, 8 * minute, 1_500), 5_000);
    expect(of.quantile(0.5)).toBeGreaterThan(4.5 * minute);
  });

  it('stays a distribution whatever it is fed', () => {
    const age = fc.integer({ min: 0, max: 10_000_000 });
    fc.assert(
      fc.property(fc.array(fc.tuple(age, age, fc.boolean()), { maxLength: 50 }), (answers) => {
        const table = createLifeTable();
        for (const [after, more, ended] of answers)
          observe(table, { after, by: after + more, ended }, blend(table, prior, 1), 5);
        const chances = Array.from(blend(table, prior, 1).chances);
        for (const chance of chances) expect(chance).toBeGreaterThanOrEqual(0);
        expect(chances.reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(1, 6);
      }),
      { numRuns: 30 },
    );
  });
});
