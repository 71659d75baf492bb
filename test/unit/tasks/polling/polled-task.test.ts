import { describe, expect, it } from 'vitest';
import { createDistribution, fromRange } from '../../../../src/tasks/polling/distribution.js';
import type { Durations } from '../../../../src/tasks/polling/duration-model.js';
import { createWatched } from '../../../../src/tasks/polling/polled-task.js';
import type { SpareBudget } from '../../../../src/tasks/polling/spare-budget.js';
import { anImageRequest, aVideoRequest } from '../../../support/tasks.js';

const second = 1_000;
const minute = 60_000;
const whole = fromRange([minute, 3 * minute]);
const run = fromRange([minute, 2 * minute]);
const noSpare: Pick<SpareBudget, 'advance'> = { advance: ({ usual }) => usual };
const allSpare: Pick<SpareBudget, 'advance'> = { advance: ({ wish, usual }) => Math.min(wish, usual) };

type Noted = Parameters<Durations['note']>;

function setUp(
  options: Partial<
    Pick<Parameters<typeof createWatched>[1], 'pace' | 'soon' | 'intervalMs' | 'random' | 'spare'>
  > & {
    request?: Noted[0];
  } = {},
) {
  const {
    pace,
    random,
    soon = false,
    spare = noSpare,
    request = anImageRequest(),
    intervalMs = 5 * second,
  } = options;
  const noted: [part: string, after: number, by: number, ended: boolean][] = [];
  const durations: Pick<Durations, 'of' | 'note'> = {
    of: (_, part) => (part === 'run' ? run : whole),
    note: (_, { after, by, ended }, part = 'whole') => void noted.push([part, after, by, ended]),
  };
  const watch = { request, mpsTaskId: 'a', createdAt: 0 };
  return {
    noted,
    watched: createWatched(watch, {
      durations,
      intervalMs,
      pace,
      spare,
      now: 0,
      soon,
      ...(random && { random }),
    }),
  };
}

describe('when a task is polled', () => {
  it('is after the interval while nothing is expected, and sooner otherwise', () => {
    const { watched } = setUp();
    expect(watched.from).toBe(5 * second);
    watched.heard({ status: 'RUN', askedAt: 40 * second });
    expect(watched.from).toBe(45 * second);
    watched.heard({ status: 'RUN', askedAt: 100 * second });
    expect(watched.from).toBeGreaterThanOrEqual(101 * second);
    expect(watched.from).toBeLessThan(104 * second);
  });

  it('is never within a second of the last time, nor beyond the interval', () => {
    const { watched } = setUp();
    for (let at = second; at < 30 * minute; at += 7 * second) {
      watched.heard({ status: 'RUN', askedAt: at });
      expect(watched.from).toBeGreaterThanOrEqual(at + second);
      expect(watched.from).toBeLessThanOrEqual(at + 5 * second);
    }
  });

  it('is several times as often near the likely end if the budget is free, but hardly before', () => {
    const { watched } = setUp({ spare: allSpare });
    watched.heard({ status: 'RUN', askedAt: 100 * second });
    expect(watched.from).toBeGreaterThanOrEqual(100.3 * second);
    expect(watched.from).toBeLessThan(100.5 * second);
    watched.heard({ status: 'RUN', askedAt: 20 * second });
    expect(watched.from).toBeGreaterThan(21 * second);
  });

  it('is not changed by a free budget if it has its own pace, or an interval below the minimum', () => {
    const paced = setUp({ spare: allSpare, pace: () => minute });
    paced.watched.heard({ status: 'RUN', askedAt: 100 * second });
    expect(paced.watched.from).toBe(160 * second);
    const quick = setUp({ spare: allSpare, intervalMs: 50 });
    quick.watched.heard({ status: 'RUN', askedAt: 100 * second });
    expect(quick.watched.from).toBe(100 * second + 50);
  });

  it('is within a second only if the operator configured that', () => {
    const { watched } = setUp({ intervalMs: 50 });
    watched.heard({ status: 'RUN', askedAt: 100 * second });
    expect(watched.from).toBe(100 * second + 50);
  });

  it('follows its own pace if it has one, and is immediate if requested', () => {
    const { watched } = setUp({ pace: () => minute, soon: true });
    expect(watched.from).toBe(0);
    watched.heard({ status: 'RUN', askedAt: 100 * second });
    expect([watched.from, watched.reaches(second), watched.lying(10 * minute)]).toEqual([
      160 * second,
      160 * second,
      undefined,
    ]);
  });

  it('is later after each failure, up to a minute, and estimated again after an answer', () => {
    const { watched } = setUp({ random: () => 0 });
    const waits = [1, 2, 3, 4, 5, 6].map(() => {
      watched.failed(0);
      return watched.from / second;
    });
    expect(waits).toEqual([5, 10, 20, 40, 60, 60]);
    expect(watched.lying(minute)).toBeUndefined();
    watched.heard({ status: 'RUN', askedAt: 100 * second });
    expect(watched.failures).toBe(0);
    expect(watched.lying(2 * minute)).toBeGreaterThan(0);
  });
});

it('tasks that failed in the same outage are not polled at one instant again', () => {
  const all = Array.from({ length: 50 }, () => setUp().watched);
  for (const watched of all) watched.failed(0);
  const from = all.map((watched) => watched.from);
  expect(new Set(from).size).toBeGreaterThan(40);
  expect(Math.min(...from)).toBeGreaterThanOrEqual(5 * second);
  expect(Math.max(...from)).toBeLessThanOrEqual(6.25 * second);
});

describe('how long its result is expected to have been ready', () => {
  it('grows from its last answer on, and is reached when it says', () => {
    const { watched } = setUp();
    expect(watched.lying(30 * second)).toBeLessThan(2 * second);
    const reached = watched.reaches(10 * second);
    expect(watched.lying(reached)).toBeGreaterThanOrEqual(10 * second - 1);
    watched.heard({ status: 'RUN', askedAt: reached });
    expect(watched.lying(reached)).toBe(0);
    expect(watched.reaches(10 * second)).toBeGreaterThan(reached + 10 * second);
  });

  it('starts over for as long as MPS says that it waits', () => {
    const { watched } = setUp();
    watched.heard({ status: 'WAIT', askedAt: 10 * minute });
    expect(watched.lying(10 * minute + 40 * second)).toBeLessThan(5 * second);
    expect(watched.expected(10 * minute).median).toBeGreaterThan(11 * minute);
    watched.heard({ status: 'RUN', askedAt: 10 * minute + 30 * second });
    // It began after the last time that it waited.
    expect(watched.expected(10 * minute + 30 * second).median).toBeLessThan(12 * minute);
  });
});

describe('the durations learned from a task', () => {
  it('is each answer, and those from the last WAIT on separately', () => {
    const { noted, watched } = setUp();
    watched.heard({ status: 'WAIT', askedAt: 5 * second });
    watched.heard({ status: 'WAIT', askedAt: 10 * second });
    watched.heard({ status: 'RUN', askedAt: 15 * second });
    watched.ended(100 * second);
    expect(noted).toEqual([
      ['whole', 0, 5 * second, false],
      ['whole', 5 * second, 10 * second, false],
      ['whole', 10 * second, 15 * second, false],
      ['run', 0, 5 * second, false],
      ['whole', 15 * second, 100 * second, true],
      ['run', 5 * second, 90 * second, true],
    ]);
  });

  it('is nothing if it was ordered off-peak', () => {
    const { noted, watched } = setUp({ request: aVideoRequest({ offPeak: true }), pace: () => minute });
    watched.heard({ status: 'RUN', askedAt: minute });
    watched.ended(2 * minute);
    expect(noted).toEqual([]);
  });
});

describe('when it is expected', () => {
  it('is the usual time, and later the longer it takes', () => {
    const { watched } = setUp();
    const first = watched.expected(0);
    expect(first.median / 104_000).toBeCloseTo(1, 1);
    expect(first.p90).toBeGreaterThan(first.median);
    watched.heard({ status: 'RUN', askedAt: 150 * second });
    const later = watched.expected(160 * second);
    expect(later.median).toBeGreaterThan(160 * second);
    expect(later.p90).toBeGreaterThan(first.p90);
  });

  it('is never in the past, not even for a task that outlived all others', () => {
    const weights = new Array<number>(10).fill(1);
    const durations = { of: () => createDistribution(weights), note() {} };
    const watch = { request: anImageRequest(), mpsTaskId: 'a', createdAt: 0 };
    const watched = createWatched(watch, {
      durations,
      intervalMs: 5_000,
      pace: undefined,
      spare: noSpare,
      now: 0,
      soon: false,
    });
    expect(watched.expected(minute).median).toBeGreaterThanOrEqual(minute);
  });
});
