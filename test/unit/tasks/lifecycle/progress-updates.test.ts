import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createProgressShow } from '../../../../src/tasks/lifecycle/progress-updates.js';
import type { Expected, Progress } from '../../../../src/tasks/model/progress.js';
import type { Task } from '../../../../src/tasks/model/task.js';
import { aTask, states } from '../../../support/tasks.js';

beforeEach(() => void vi.useFakeTimers({ now: 0 }));
afterEach(() => void vi.useRealTimers());

const stopping = new AbortController();

/** A task that is expected after 60 s, and by 90 s nine times in ten; then each time 40 s later. */
function setUp(changes: Partial<Task> = {}) {
  const task = aTask({ state: states.running, ...changes });
  let current: Task | undefined = task;
  const shown: [seconds: number, Progress | undefined][] = [];
  const expected = (): Expected =>
    Date.now() === 0
      ? { median: 60_000, p90: 90_000 }
      : { median: Date.now() + 40_000, p90: Date.now() + 80_000 };
  const progress = createProgressShow({
    ledger: { get: () => current },
    delivery: { show: async (_task, said) => void shown.push([Date.now() / 1_000, said]) },
    poller: { expected: vi.fn(expected) },
    now: Date.now,
    signal: stopping.signal,
  });
  return {
    shown,
    begin: (drawn = false) => progress.begin(task, states.running, { drawn }),
    becomes: (next: Task | undefined) => {
      current = next;
    },
  };
}

describe('the progress of a running task', () => {
  it('is drawn once, and again only when it would be wrong', async () => {
    const { shown, begin } = setUp();
    begin();
    // Half a minute apart, the two times would read the same in Discord.
    expect(shown).toEqual([[0, { expected: { from: 60_000 } }]]);
    await vi.advanceTimersByTimeAsync(59_999);
    expect(shown).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(shown.at(-1)).toEqual([60, { expected: { from: 100_000 }, pace: 'slow' }]);
    await vi.advanceTimersByTimeAsync(40_000);
    expect(shown.at(-1)).toEqual([100, { expected: { from: 140_000 }, pace: 'late' }]);
    expect(shown).toHaveLength(3);
  });

  it('ends with the task', async () => {
    const { shown, begin } = setUp();
    begin()();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(shown).toHaveLength(1);
  });

  it('leaves a card from before a restart alone, until it is wrong', async () => {
    const { shown, begin } = setUp();
    begin(true);
    expect(shown).toEqual([]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(shown).toMatchObject([[60, { pace: 'slow' }]]);
  });

  it('draws the current task, and none that has ended', async () => {
    const { shown, begin, becomes } = setUp();
    begin();
    becomes(undefined);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(shown).toHaveLength(1);
  });
});
