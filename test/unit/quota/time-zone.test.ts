import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { periodNames, periodOf, timeZones } from '../../../src/quota/period.js';
import { changeZone, inForce, periodIn, type Zone } from '../../../src/quota/time-zone.js';

const hour = 3_600_000;
const at = (text: string) => Date.parse(text);
const utc: Zone = { timeZone: 'UTC' };
const shown = (name: 'day' | 'month', when: string, zone: Zone) => {
  const { start, end } = periodIn(name, at(when), zone);
  return [start, end].map((instant) => new Date(instant).toISOString().slice(0, 16)).join(' … ');
};

describe('a change of time zone', () => {
  it('does not affect the current month and its days', () => {
    const zone = changeZone(utc, 'Asia/Tokyo', at('2026-01-10T12:00Z'));
    expect(shown('month', '2026-01-31T23:00Z', zone)).toBe('2026-01-01T00:00 … 2026-02-01T00:00');
    expect(shown('day', '2026-01-31T23:00Z', zone)).toBe('2026-01-31T00:00 … 2026-02-01T00:00');
  });

  it('to the east makes the first day and month shorter', () => {
    const zone = changeZone(utc, 'Asia/Tokyo', at('2026-01-10T12:00Z'));
    expect(shown('month', '2026-02-01T00:00Z', zone)).toBe('2026-02-01T00:00 … 2026-02-28T15:00');
    expect(shown('day', '2026-02-01T00:00Z', zone)).toBe('2026-02-01T00:00 … 2026-02-01T15:00');
    expect(shown('day', '2026-02-01T15:00Z', zone)).toBe('2026-02-01T15:00 … 2026-02-02T15:00');
  });

  it('to the west makes the last day and month longer', () => {
    const zone = changeZone({ timeZone: 'Asia/Tokyo' }, 'UTC', at('2026-01-10T12:00Z'));
    expect(shown('month', '2026-01-31T20:00Z', zone)).toBe('2025-12-31T15:00 … 2026-02-01T00:00');
    expect(shown('day', '2026-01-31T20:00Z', zone)).toBe('2026-01-30T15:00 … 2026-02-01T00:00');
    expect(shown('day', '2026-01-30T14:00Z', zone)).toBe('2026-01-29T15:00 … 2026-01-30T15:00');
    expect(shown('month', '2026-02-01T00:00Z', zone)).toBe('2026-02-01T00:00 … 2026-03-01T00:00');
  });

  it('that is pending is replaced by another, and cancelled by the present time zone', () => {
    const waiting = changeZone(utc, 'Asia/Tokyo', at('2026-01-10T12:00Z'));
    expect(changeZone(waiting, 'Europe/Berlin', at('2026-01-11T12:00Z')).next?.timeZone).toBe(
      'Europe/Berlin',
    );
    expect(changeZone(waiting, 'UTC', at('2026-01-11T12:00Z'))).toEqual(utc);
  });

  it('takes effect when due', () => {
    const zone = changeZone(utc, 'Asia/Tokyo', at('2026-01-10T12:00Z'));
    const from = at('2026-02-01T00:00Z');
    expect(inForce(zone, from - 1)).toBe(zone);
    expect(inForce(zone, from)).toEqual({ timeZone: 'Asia/Tokyo', since: from });
  });

  it("can't be cancelled in the extra hours of its month, which would start another", () => {
    const waiting = changeZone({ timeZone: 'Asia/Tokyo' }, 'UTC', at('2026-01-10T12:00Z'));
    const late = at('2026-01-31T20:00Z');
    for (const timeZone of ['Asia/Tokyo', 'Pacific/Kiritimati', 'Etc/GMT+12'])
      expect(periodIn('month', late, changeZone(waiting, timeZone, late)).start).toBe(
        at('2025-12-31T15:00Z'),
      );
    expect(changeZone(waiting, 'Asia/Tokyo', late).next).toEqual({
      timeZone: 'Asia/Tokyo',
      from: at('2026-02-01T00:00Z'),
    });
  });

  const decisions = fc.array(
    fc.record({
      timeZone: fc.constantFrom('Pacific/Kiritimati', 'Etc/GMT+12', 'UTC', ...timeZones),
      wait: fc.integer({ min: 1, max: 70 * 24 * hour }),
    }),
    { minLength: 1, maxLength: 12 },
  );

  it('never tears periods apart or lets them overlap, however often and wherever a guild moves', () => {
    fc.assert(
      fc.property(
        decisions,
        fc.constantFrom(...periodNames),
        fc.integer({ min: 1, max: 99 }),
        (moves, name, percent) => {
          let zone: Zone = utc;
          let now = at('2026-01-01T00:00Z');
          for (const { timeZone, wait } of moves) {
            now += wait;
            const before = periodIn(name, now, zone);
            zone = changeZone(zone, timeZone, now);
            expect(periodIn(name, now, zone).start).toBe(before.start);
            for (let walk = now; walk < now + 40 * 24 * hour; ) {
              const period = periodIn(name, walk, zone);
              const inside = period.start + Math.floor(((period.end - period.start) * percent) / 100);
              expect(period.start).toBeLessThanOrEqual(walk);
              expect(period.end).toBeGreaterThan(walk);
              if (inside >= now) expect(periodIn(name, inside, zone)).toEqual(period);
              expect(periodIn(name, period.end, zone).start).toBe(period.end);
              const days = (period.end - period.start) / (24 * hour);
              expect(days).toBeLessThanOrEqual(name === 'day' ? 2 + 4 / 24 : 31 + 27 / 24);
              if (name === 'month') expect(days).toBeGreaterThanOrEqual(28 - 27 / 24);
              walk = period.end;
            }
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('gives no month more than the calendar has, however often and wherever a guild moves', () => {
    fc.assert(
      fc.property(decisions, (moves) => {
        let zone: Zone = utc;
        let now = at('2026-01-01T00:00Z');
        const months = new Set([periodIn('month', now, zone).start]);
        for (const { timeZone, wait } of moves) {
          const end = now + wait;
          while (periodIn('month', now, zone).end <= end) {
            now = periodIn('month', now, zone).end;
            months.add(now);
          }
          now = end;
          zone = changeZone(zone, timeZone, now);
        }
        const date = new Date(periodOf('month', now, 'UTC').start);
        const calendar = (date.getUTCFullYear() - 2026) * 12 + date.getUTCMonth() + 1;
        // In the east the next month may have begun a day before UTC's.
        expect(months.size).toBeGreaterThanOrEqual(calendar - 1);
        expect(months.size).toBeLessThanOrEqual(calendar + 1);
      }),
      { numRuns: 200 },
    );
  });
});
