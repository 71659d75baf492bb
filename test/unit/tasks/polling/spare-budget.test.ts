import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createSpareBudget } from '../../../../src/tasks/polling/spare-budget.js';

const second = 1_000;

function setUp(perSecond = 20) {
  let time = 0;
  const spare = createSpareBudget({ perSecond, now: () => time });
  return {
    spare,
    pass: (ms: number) => {
      time += ms;
    },
    /** Asks for a poll 0.4 s from now instead of 2 s from now; returns the gap, ms. */
    gap: () => spare.advance({ askedAt: time, wish: time + 400, usual: time + 2 * second }) - time,
  };
}

it('gives a lone task what it asks for', () => {
  const { gap, pass } = setUp();
  for (let n = 0; n < 100; n++) {
    const ms = gap();
    expect(ms).toBeCloseTo(400);
    pass(ms);
  }
});

it('never polls a task later than usual, nor sooner than it asks', () => {
  const { spare } = setUp();
  expect(spare.advance({ askedAt: 0, wish: 3 * second, usual: 2 * second })).toBe(2 * second);
  expect(spare.advance({ askedAt: 0, wish: 2 * second, usual: 2 * second })).toBe(2 * second);
});

it('spends at most half of the queries in any second', () => {
  const poll = fc.record({
    pass: fc.integer({ min: 0, max: 300 }),
    wish: fc.integer({ min: 350, max: 3 * second }),
    usual: fc.integer({ min: 350, max: 5 * second }),
  });
  const perSecond = fc.constantFrom(0.5, 1.25, 20, 50);
  fc.assert(
    fc.property(perSecond, fc.array(poll, { minLength: 20, maxLength: 60 }), (rate, polls) => {
      let time = 0;
      const spare = createSpareBudget({ perSecond: rate, now: () => time });
      const spent: { readonly at: number; readonly cost: number }[] = [];
      for (const { pass, wish, usual } of polls) {
        time += pass;
        const next = spare.advance({ askedAt: time, wish: time + wish, usual: time + usual });
        expect(next).toBeLessThanOrEqual(time + usual);
        expect(next).toBeGreaterThanOrEqual(time + Math.min(wish, usual) - 1e-6);
        spent.push({ at: time, cost: 1 - (next - time) / usual });
        const lately = spent.filter(({ at }) => at > time - second);
        expect(lately.reduce((sum, { cost }) => sum + cost, 0)).toBeLessThanOrEqual(rate / 2 + 1e-6);
      }
    }),
  );
});

it('gives each of many tasks smoothly less', () => {
  const meanGap = (tasks: number) => {
    const { gap, pass } = setUp();
    // Each task asks when it was polled; all start at different times.
    const next = Array.from({ length: tasks }, (_, n) => (n * 2 * second) / tasks);
    const gaps: number[] = [];
    for (let now = 0; now < 20 * second; now += 2, pass(2)) {
      for (const [task, at] of next.entries()) {
        if (at > now) continue;
        const ms = gap();
        next[task] = now + ms;
        if (now > 5 * second) gaps.push(ms);
      }
    }
    return gaps.reduce((sum, ms) => sum + ms, 0) / gaps.length;
  };
  const means = [1, 3, 5, 8, 15, 30, 100].map(meanGap);
  expect(means).toEqual([...means].sort((a, b) => a - b));
  expect(means[0]).toBeCloseTo(400);
  expect(means[1]).toBeLessThan(500);
  expect(means.at(-2)).toBeLessThan(1_600);
  expect(means.at(-1)).toBeGreaterThan(1_700);
});

it('spends nothing for a while after MPS refused a query', () => {
  const { spare, gap, pass } = setUp();
  spare.throttled();
  pass(59 * second);
  expect(gap()).toBe(2 * second);
  pass(second);
  expect(gap()).toBeCloseTo(400);
});

it('spends nothing while other processes wait for permits', () => {
  const { spare, gap, pass } = setUp();
  spare.queried(300);
  expect(gap()).toBe(2 * second);
  pass(second);
  expect(gap()).toBeCloseTo(400);
});

it('does not take a wait for a sign of others if its own queries explain it', () => {
  const { spare, gap } = setUp();
  for (let n = 0; n < 12; n++) spare.queried(0);
  spare.queried(300);
  expect(gap()).toBeCloseTo(400);
});
