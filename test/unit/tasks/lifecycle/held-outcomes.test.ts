import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { silentLog } from '../../../../src/log.js';
import { createHeldOutcomes } from '../../../../src/tasks/lifecycle/held-outcomes.js';
import type { Task } from '../../../../src/tasks/model/task.js';
import { aTask, states } from '../../../support/tasks.js';

const [hour, day] = [3_600_000, 86_400_000];
const minute = 60_000;

beforeEach(() => vi.useFakeTimers({ now: 1_800_000_000_000 }));
afterEach(() => vi.useRealTimers());

/** An outcome that Discord accepts only when instructed; and when it was tried. */
function setUp({ age = 0, kept = false } = {}) {
  const handover = { route: kept ? 'kept' : 'direct', tries: 1 } as const;
  const state = { ...states.failed, handover };
  const task: Task = aTask({ state, history: [{ state: 'failed', at: Date.now() - age }] });
  const situation = { isOpen: false };
  const tried: number[] = [];
  const held = createHeldOutcomes({
    ledger: { get: () => task, record: async () => task },
    handOver: async () => {
      tried.push(Date.now());
      return situation.isOpen;
    },
    log: silentLog,
    now: Date.now,
    signal: new AbortController().signal,
  });
  return { held, task, tried, situation };
}

it('is tried again after ever longer waits, each a little different, for a week; after that by its user alone', async () => {
  const { held, task, tried, situation } = setUp();
  const began = Date.now();
  let isDelivered: boolean | undefined;
  void held.deliverOrHold(task, [], { firstMs: minute }).then((is) => (isDelivered = is));
  await vi.advanceTimersByTimeAsync(90 * day);
  expect(tried.length).toBeGreaterThan(25);
  expect(tried.length).toBeLessThan(45);
  const waits = tried.slice(1).map((at, index) => at - (tried[index] ?? 0));
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(minute);
  expect(Math.max(...waits)).toBeLessThanOrEqual(7.5 * hour);
  expect(new Set(waits.slice(-10)).size).toBe(10);
  expect((tried.at(-1) ?? 0) - began).toBeLessThan(7 * day + 7.5 * hour);
  // A request in vain is one try.
  const before = tried.length;
  await held.handOut(task.id);
  await vi.advanceTimersByTimeAsync(90 * day);
  expect(tried.length).toBe(before + 1);
  situation.isOpen = true;
  await held.handOut(task.id);
  await expect.poll(() => isDelivered).toBe(true);
  expect(tried.length).toBe(before + 2);
});

it('is not retried by a restart, but an outcome that was never tried is', async () => {
  for (const [age, kept, most] of [
    [8 * day, true, 0],
    [8 * day, false, 1],
    [6 * day, true, 6],
  ] as const) {
    const { held, task, tried } = setUp({ age, kept });
    void held.deliverOrHold(task, [], { firstMs: minute });
    await vi.advanceTimersByTimeAsync(30 * day);
    expect(tried.length, `${age / day} days, ${kept}`).toBeLessThanOrEqual(most);
    expect(tried.length > 0).toBe(most > 0);
    await held.handOut(task.id);
    expect(tried.length).toBeGreaterThan(0);
  }
});

it('ends with what it is made of, also after the tries', async () => {
  for (const until of [5 * hour, 60 * day]) {
    const { held, task, tried } = setUp();
    const ending = held.deliverOrHold(task, [], { firstMs: minute, until: Date.now() + until });
    const ended = vi.fn();
    void ending.then(ended);
    await vi.advanceTimersByTimeAsync(until - 1_000);
    expect(ended).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(ended).toHaveBeenCalledWith(false);
    expect(tried.length).toBeLessThan(45);
  }
});
