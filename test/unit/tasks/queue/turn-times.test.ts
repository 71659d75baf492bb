import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Progress } from '../../../../src/tasks/model/progress.js';
import { soonMs, worthSaying } from '../../../../src/tasks/model/progress.js';
import type { Task } from '../../../../src/tasks/model/task.js';
import { buckets, createDistribution } from '../../../../src/tasks/polling/distribution.js';
import { createQueue } from '../../../../src/tasks/queue/slot-queue.js';
import { createTurnTimes } from '../../../../src/tasks/queue/turn-times.js';
import { createWaitingList } from '../../../../src/tasks/queue/waiting-list.js';
import { aTask, states } from '../../../support/tasks.js';

beforeEach(() => void vi.useFakeTimers({ now: 0 }));
afterEach(() => void vi.useRealTimers());

const minute = 60_000;
const someDistribution = createDistribution(Array.from({ length: buckets }, (_, n) => (n === 70 ? 1 : 0)));
/** About as long as tasks take in that distribution, ms. */
const usual = someDistribution.mean;
const task = (number: number, state: Task['state'] = states.queued) =>
  aTask({ id: `114600000000000000${number}:1`, state });

describe('displayed times', () => {
  it('are none that is about to pass, and no two that read the same', () => {
    expect(worthSaying({ median: soonMs - 1, p90: soonMs - 1 }, 0)).toEqual({});
    expect(worthSaying({ median: 1, p90: minute }, 0)).toEqual({ to: minute });
    expect(worthSaying({ median: minute, p90: 2 * minute - 1 }, 0)).toEqual({ from: minute });
    expect(worthSaying({ median: minute, p90: 2 * minute }, 0)).toEqual({ from: minute, to: 2 * minute });
    expect(worthSaying({ median: 100 * minute, p90: 130 * minute }, 0)).toEqual({ from: 100 * minute });
  });
});

/** A queue behind one slot, whose task is expected to end at these times. */
function setUp(ends: () => { median: number; p90: number } | undefined) {
  const queue = createQueue({ image: 1, video: 1 });
  const running = task(10, states.running);
  const poller = { expected: ends };
  const durations = { of: () => someDistribution, ofKind: () => someDistribution };
  const ledger = { get: () => running };
  const turns = createTurnTimes({ queue, ledger, poller, durations, now: Date.now });
  const shown: { at: number; id: string; progress: Progress | undefined }[] = [];
  const signal = new AbortController().signal;
  const room = createWaitingList({
    queue,
    turns,
    signal,
    now: Date.now,
    delivery: {
      show: async ({ id }, progress) => void shown.push({ at: Date.now(), id, progress }),
    },
  });
  let leave = () => {};
  const held = new Promise<void>((resolve) => {
    leave = resolve;
  });
  void queue.run(running, () => held, { signal });
  const wait = (one: Task) =>
    void room.wait(one, () => new Promise(() => {}), { resumed: false }).catch(() => {});
  return { turns, shown, wait, leave: () => leave() };
}

describe('a queue position', () => {
  it('is expected when the task before it is, and later by a round for each before it', async () => {
    const { turns, wait } = setUp(() => ({ median: 2 * minute, p90: 4 * minute }));
    const [first, second] = [task(11), task(12)];
    wait(first);
    wait(second);
    await vi.advanceTimersByTimeAsync(0);
    expect(turns.of(first)).toEqual({ ahead: 0, starts: { from: 2 * minute, to: 4 * minute } });
    const next = turns.of(second);
    expect(next?.ahead).toBe(1);
    expect(next?.starts.from).toBeCloseTo(2 * minute + usual, -1);
    expect(turns.of(task(13))).toBeUndefined();
  });

  it('has a range if nothing is known of the task before it', async () => {
    const { turns, wait } = setUp(() => undefined);
    wait(task(11));
    await vi.advanceTimersByTimeAsync(0);
    expect(turns.of(task(11))?.starts.from).toBeGreaterThan(0);
  });

  it('is shown again when its time has passed, and never as a passed one', async () => {
    const { shown, wait } = setUp(() => ({ median: Date.now() + 2 * minute, p90: Date.now() + 4 * minute }));
    wait(task(11));
    await vi.advanceTimersByTimeAsync(0);
    await vi.advanceTimersByTimeAsync(10 * minute);
    expect(shown.map(({ at }) => at / minute)).toEqual([0, 2, 4, 6, 8, 10]);
    for (const { at, progress } of shown) expect(progress?.starts?.from).toBe(at + 2 * minute);
  });

  it('is left as it is if it shows no time', async () => {
    const { shown, wait } = setUp(() => ({ median: Date.now(), p90: Date.now() + 1_000 }));
    wait(task(11));
    await vi.advanceTimersByTimeAsync(10 * minute);
    expect(shown).toHaveLength(1);
    expect(shown[0]?.progress).toEqual({ ahead: 0, starts: {} });
  });
});

it('looks at thousands of slots once a moment, however many cards are drawn', () => {
  const ids = Array.from({ length: 5_000 }, (_, n) => `11460000000000${10_000 + n}:1` as const);
  let looks = 0;
  const get = () => {
    looks += 1;
    return task(1, states.running);
  };
  const turns = createTurnTimes({
    queue: { ahead: () => 0, busy: () => ids, slots: { image: ids.length, video: 1 } },
    ledger: { get },
    poller: { expected: () => ({ median: 5 * minute, p90: 6 * minute }) },
    durations: { of: () => someDistribution, ofKind: () => someDistribution },
    now: Date.now,
  });
  for (let n = 0; n < 100; n++) turns.of(task(2));
  expect(looks).toBe(ids.length);
  vi.advanceTimersByTime(1_000);
  expect(turns.of(task(2))?.starts.from).toBe(5 * minute);
  expect(looks).toBe(2 * ids.length);
});
