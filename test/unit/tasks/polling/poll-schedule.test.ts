import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHeap } from '../../../../src/tasks/polling/min-heap.js';
import {
  createPollSchedule,
  type Item,
  type PollSchedule,
} from '../../../../src/tasks/polling/poll-schedule.js';

describe('a heap', () => {
  it('returns its items in the order of keys, however they are added and removed', () => {
    const step = fc.option(fc.integer({ min: 0, max: 50 }));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const heap = createHeap<number>();
        const model: number[] = [];
        for (const key of steps) {
          if (key === null) expect(heap.pop()).toBe(model.shift());
          else {
            heap.push(key, key);
            model.push(key);
            model.sort((a, b) => a - b);
          }
          expect(heap.size).toBe(model.length);
          expect(heap.first()).toBe(model[0] ?? Number.POSITIVE_INFINITY);
        }
      }),
    );
  });
});

/** A task whose result has been ready for the time since `since`, times `slope`. */
function item(since: number, { from = since, slope = 1 } = {}): Item {
  return {
    from,
    reaches: (ms) => since + ms / slope,
    lying: (at) => Math.max(0, (at - since) * slope),
  };
}

function fill(agenda: PollSchedule<Item>, items: readonly Item[]): void {
  for (const each of items) agenda.add(each);
}

describe('the schedule', () => {
  it('polls no task before its time, and says when that is', () => {
    const agenda = createPollSchedule<Item>();
    const one = item(5_000);
    agenda.add(one);
    expect(agenda.next(4_999)).toBeUndefined();
    expect(agenda.ready(4_999)).toBe(0);
    expect(agenda.wakesAt()).toBe(5_000);
    expect(agenda.ready(5_000)).toBe(1);
    expect(agenda.next(5_000)).toBe(one);
    expect(agenda.next(9_000)).toBeUndefined();
    expect(agenda.wakesAt()).toBe(Number.POSITIVE_INFINITY);
  });

  it('takes the task whose result has been ready longest', () => {
    const agenda = createPollSchedule<Item>();
    const [slow, middle, fast] = [item(0, { slope: 0.1 }), item(5_000), item(4_000, { slope: 3 })];
    fill(agenda, [slow, middle, fast]);
    expect([agenda.next(10_000), agenda.next(10_000), agenda.next(10_000)]).toEqual([fast, middle, slow]);
  });

  it('forgets deleted tasks, wherever they are', () => {
    const agenda = createPollSchedule<Item>();
    const [resting, ready, kept] = [item(9_000), item(1_000), item(2_000)];
    fill(agenda, [resting, ready, kept]);
    agenda.ready(5_000);
    expect(agenda.delete(ready)).toBe(true);
    expect(agenda.delete(ready)).toBe(false);
    expect(agenda.delete(resting)).toBe(true);
    expect(agenda.next(20_000)).toBe(kept);
    expect(agenda.next(20_000)).toBeUndefined();
  });

  it('polls tasks without an estimate on time, under any load', () => {
    const agenda = createPollSchedule<Item>();
    fill(
      agenda,
      Array.from({ length: 500 }, (_, n) => item(n)),
    );
    for (let n = 0; n < 300; n++) agenda.next(60_000);
    const fixed: Item = { from: 1_000, reaches: () => 1_000, lying: () => undefined };
    agenda.add(fixed);
    const before = agenda.pressure;
    expect(before).toBeGreaterThan(20_000);
    expect(agenda.next(60_000)).toBe(fixed);
    expect(agenda.pressure).toBe(before);
  });

  it('comes close to the longest wait among thousands, whatever the load does', () => {
    const agenda = createPollSchedule<Item>();
    let seed = 7;
    const random = () => {
      seed = (seed * 16_807) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    const waiting = new Set<Item>();
    const shares: number[] = [];
    for (let now = 0; now < 600_000; now += 50) {
      // Twice as many are added as taken, then none.
      const coming = now < 300_000 ? 2 : 0;
      for (let n = 0; n < coming; n++) {
        const one = item(now, { slope: 0.2 + random() });
        waiting.add(one);
        agenda.add(one);
      }
      const taken = agenda.next(now);
      if (!taken) continue;
      const longest = Math.max(...[...waiting].slice(0, 50).map((each) => each.lying(now) ?? 0));
      shares.push(((taken.lying(now) ?? 0) + 1) / (longest + 1));
      waiting.delete(taken);
    }
    expect(waiting.size).toBeLessThan(100);
    shares.sort((a, b) => a - b);
    expect(shares[Math.floor(shares.length / 10)]).toBeGreaterThan(0.7);
  });
});
