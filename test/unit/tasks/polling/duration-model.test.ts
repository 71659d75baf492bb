import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDurations } from '../../../../src/tasks/polling/duration-model.js';
import { createCollectingLog } from '../../../support/log.js';
import { createMemoryTable, type MemoryTable } from '../../../support/table.js';
import { anImageRequest, aVideoRequest } from '../../../support/tasks.js';
import { watchTimers } from '../../../support/timers.js';

const minute = 60_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function setUp(table: MemoryTable = createMemoryTable()) {
  const log = createCollectingLog();
  return { table, log, durations: createDurations({ table, log }) };
}

type Durations = ReturnType<typeof setUp>['durations'];

/** Clips of that length took this long. */
function see(durations: Durations, request: ReturnType<typeof aVideoRequest>, ms: number, times = 60): void {
  for (let n = 0; n < times; n++) {
    durations.note(request, { after: 0, by: ms - 2_000, ended: false });
    durations.note(request, { after: ms - 2_000, by: ms, ended: true });
  }
}

describe('how long tasks take', () => {
  it('is what the guide says until something was seen', () => {
    const { durations } = setUp();
    const picture = durations.of(anImageRequest());
    expect(picture.endedBy(minute)).toBeLessThan(0.05);
    expect(picture.endedBy(3 * minute)).toBeGreaterThan(0.95);
    const clip = durations.of(aVideoRequest());
    expect(clip.quantile(0.5)).toBeGreaterThan(3 * minute);
    expect(clip.quantile(0.5)).toBeLessThan(5 * minute);
  });

  it('is learned, and most of all for what was seen', () => {
    const { durations } = setUp();
    const seen = aVideoRequest({ model: 'kling-3.0', duration: 15, resolution: '1080P' });
    see(durations, seen, 10 * minute);
    const median = (changes: Parameters<typeof aVideoRequest>[0]) =>
      durations.of(aVideoRequest({ ...seen, ...changes })).quantile(0.5);
    expect(median({})).toBeGreaterThan(9 * minute);
    // Others of the family are expected later than the guide says, too, as long as none of them was seen.
    see(durations, aVideoRequest({ model: 'vidu-q3', duration: 4 }), 2 * minute, 300);
    const own = [median({}), median({ duration: 10 }), median({ model: 'vidu-q3', duration: 4 })];
    expect(own).toEqual(own.toSorted((a, b) => b - a));
    expect(median({ model: 'vidu-q3', duration: 4 })).toBeLessThan(2.5 * minute);
    expect(median({ model: 'hailuo-02' })).toBeLessThan(median({}));
  });

  it('of one kind does not affect the other', () => {
    const { durations } = setUp();
    const before = durations.ofKind('image').quantile(0.5);
    see(durations, aVideoRequest(), 10 * minute);
    expect(durations.ofKind('image').quantile(0.5)).toBe(before);
    expect(durations.ofKind('video').quantile(0.5)).toBeGreaterThan(8 * minute);
  });

  it('from the end of WAIT is as from the Create until it is known better', () => {
    const { durations } = setUp();
    const request = aVideoRequest();
    see(durations, request, 8 * minute);
    expect(durations.of(request, 'run').quantile(0.5)).toBeGreaterThan(7 * minute);
    for (let n = 0; n < 60; n++)
      durations.note(request, { after: 2 * minute - 2_000, by: 2 * minute, ended: true }, 'run');
    expect(durations.of(request, 'run').quantile(0.5)).toBeLessThan(3 * minute);
    expect(durations.of(request).quantile(0.5)).toBeGreaterThan(7 * minute);
  });
});

describe('the learned durations', () => {
  it('are persisted once in a while and at the end, and read again', async () => {
    using timers = watchTimers(/duration-model\.ts/);
    const { table, durations } = setUp();
    see(durations, aVideoRequest(), 10 * minute);
    expect(table.written).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(minute);
    // The kind, the model, its version, and the request's own.
    expect(table.written).toHaveLength(4);
    await vi.advanceTimersByTimeAsync(10 * minute);
    expect(table.written).toHaveLength(4);
    see(durations, aVideoRequest(), 10 * minute, 1);
    expect(timers.left()).toBe(1);
    await durations.close();
    expect(table.written).toHaveLength(8);
    expect(timers.left()).toBe(0);
    for (const row of table.written) expect(JSON.stringify(row).length).toBeLessThan(4_000);

    const { durations: later, log } = setUp(table);
    await later.load();
    const [was, is] = [durations, later].map((each) => each.of(aVideoRequest()).quantile(0.5));
    expect((is ?? 0) / (was ?? 1)).toBeCloseTo(1, 2);
    expect(log.lines).toEqual([]);
  });

  it('an unreadable one is learned again, and the others stay', async () => {
    const { table, durations } = setUp();
    see(durations, aVideoRequest(), 10 * minute);
    await durations.close();
    for (const bad of [7, null, 'x', { v: 2 }, { v: 1, seen: [[999, 1, 1]] }, { v: 1, seen: [[1, -1, 'x']] }])
      table.rows.set(`video/bad-${String(table.rows.size)}`, bad);
    table.rows.set('video/kling-3.0', { v: 1, seen: 'nonsense' });
    const { durations: later, log } = setUp(table);
    await later.load();
    expect(log.lines).toHaveLength(7);
    expect(later.of(aVideoRequest()).quantile(0.5)).toBeGreaterThan(9 * minute);
  });

  it('are optional: the store may fail to read or write', async () => {
    const { table, durations, log } = setUp();
    const broken: MemoryTable = {
      ...table,
      // biome-ignore lint/correctness/useYield: it breaks before there is anything to yield
      async *entries() {
        throw new Error('unreadable');
      },
    };
    await expect(createDurations({ table: broken, log }).load()).resolves.toBeUndefined();
    table.failWrites(1);
    see(durations, aVideoRequest(), 10 * minute, 1);
    await expect(durations.close()).resolves.toBeUndefined();
    expect(log.lines.map(({ level }) => level)).toEqual(['warn', 'warn']);
    // What could not be written is written with the next batch.
    see(durations, aVideoRequest(), 10 * minute, 1);
    await durations.close();
    expect(table.rows.size).toBe(4);
  });
});
