import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  findTimeZone,
  isTimeZone,
  type Period,
  type PeriodName,
  periodNames,
  periodOf,
  timeZones,
} from '../../../src/quota/period.js';

const minute = 60_000;
const hour = 60 * minute;
const iso = (at: number) => new Date(at).toISOString().replace(':00.000Z', 'Z');
const shown = ({ start, end }: Period) => `${iso(start)} … ${iso(end)}`;
const period = (name: PeriodName, at: string, zone: string) => shown(periodOf(name, Date.parse(at), zone));
const hours = ({ start, end }: Period) => (end - start) / hour;

const instants = fc.integer({ min: Date.UTC(1972, 1, 1), max: Date.UTC(2060, 0, 1) });
const zones = fc.constantFrom(...timeZones);
const names = fc.constantFrom(...periodNames);

/** A second opinion on the date, by another road: `2009-11-01`, or `2009-11` for a month. */
function dates(name: PeriodName, zone: string): (at: number) => string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' });
  return (at) => format.format(at).slice(0, name === 'day' ? 10 : 7);
}

/** The period by walking the clock minute by minute: a new one begins when a date is seen for the first time. */
function walked(at: number, zone: string): Period {
  const dateAt = dates('day', zone);
  const begins: number[] = [];
  let newest = '';
  for (let each = at - (at % minute) - 56 * hour; each < at + 56 * hour; each += minute) {
    const date = dateAt(each);
    if (newest && date > newest) begins.push(each);
    if (date > newest) newest = date;
  }
  return {
    start: begins.findLast((begin) => begin <= at) ?? Number.NaN,
    end: begins.find((begin) => begin > at) ?? Number.NaN,
  };
}

describe('a period', () => {
  it('contains the instant in question, and is the same for every instant in it', () => {
    fc.assert(
      fc.property(
        names,
        instants,
        zones,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (name, at, zone, part) => {
          const found = periodOf(name, at, zone);
          expect(found.start).toBeLessThanOrEqual(at);
          expect(found.end).toBeGreaterThan(at);
          const inside = found.start + Math.floor(part * (found.end - found.start - 1));
          for (const other of [found.start, inside, found.end - 1])
            expect(shown(periodOf(name, other, zone))).toBe(shown(found));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('is followed by the next without gap or overlap', () => {
    fc.assert(
      fc.property(names, instants, zones, (name, at, zone) => {
        const { start, end } = periodOf(name, at, zone);
        expect(periodOf(name, end, zone).start).toBe(end);
        expect(periodOf(name, start - 1, zone).end).toBe(start);
      }),
      { numRuns: 500 },
    );
  });

  it('starts with the first instant of its local date', () => {
    fc.assert(
      fc.property(names, instants, zones, (name, at, zone) => {
        const { start, end } = periodOf(name, at, zone);
        const dateAt = dates(name, zone);
        expect(dateAt(start - 1) < dateAt(start)).toBe(true);
        expect(dateAt(end) > dateAt(start)).toBe(true);
        expect(dateAt(start) <= dateAt(at)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('matches a minute-by-minute walk of the clock', () => {
    // Around a year's end or a change of clocks; and anywhere.
    const near = fc
      .tuple(
        fc.integer({ min: 1985, max: 2035 }),
        fc.constantFrom(1, 2, 3, 8, 9, 10),
        fc.integer({ min: 0, max: 31 * 24 }),
      )
      .map(([year, month, hours]) => Date.UTC(year, month, 1) + hours * hour + 17 * minute);
    fc.assert(
      fc.property(fc.oneof(instants, near), zones, (at, zone) => {
        expect(shown(periodOf('day', at, zone))).toBe(shown(walked(at, zone)));
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['put forward at midnight', 'America/Asuncion', '2023-10-01T04:00Z'],
    ['put back at midnight', 'America/Asuncion', '2024-03-24T03:00Z'],
    ['put forward at midnight', 'Asia/Beirut', '2023-03-29T22:00Z'],
    ['put back at midnight', 'Asia/Beirut', '2023-10-28T21:00Z'],
    ['put forward at midnight', 'Africa/Cairo', '2023-04-27T22:00Z'],
    ['put back at midnight', 'Africa/Cairo', '2023-10-26T21:00Z'],
    ['put forward at midnight', 'America/Havana', '2023-03-12T05:00Z'],
    ['put forward at midnight', 'America/Santiago', '2023-09-03T04:00Z'],
    ['put back to midnight', 'Asia/Amman', '2021-10-28T22:00Z'],
    ['put back over midnight', 'America/St_Johns', '2009-11-01T02:31Z'],
    ['put forward a day', 'Pacific/Apia', '2011-12-30T10:00Z'],
    ['put forward a day', 'Pacific/Fakaofo', '2011-12-30T11:00Z'],
    ['put forward a day', 'Pacific/Kwajalein', '1993-08-21T12:00Z'],
    ['put forward by half an hour', 'Australia/Lord_Howe', '2025-10-04T15:30Z'],
    ['moved for good', 'Asia/Pyongyang', '2018-05-04T15:00Z'],
  ])('is what one finds who walks a clock that is %s: %s at %s', (_, zone, change) => {
    for (const away of [-25 * hour, -minute, 0, minute, hour, 25 * hour]) {
      const at = Date.parse(change) + away;
      expect(shown(periodOf('day', at, zone))).toBe(shown(walked(at, zone)));
    }
  });

  it('never makes a month of a length other than its days', () => {
    fc.assert(
      fc.property(instants, zones, (at, zone) => {
        const month = periodOf('month', at, zone);
        let day = periodOf('day', month.start, zone);
        expect(day.start).toBe(month.start);
        while (day.end < month.end) day = periodOf('day', day.end, zone);
        expect(day.end).toBe(month.end);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a day', () => {
  it.each([
    ['an ordinary one', '2026-01-15T12:00Z', 'Europe/Berlin', '2026-01-14T23:00Z … 2026-01-15T23:00Z', 24],
    [
      'the spring one of 23 hours',
      '2026-03-29T12:00Z',
      'Europe/Berlin',
      '2026-03-28T23:00Z … 2026-03-29T22:00Z',
      23,
    ],
    [
      'the autumn one of 25 hours',
      '2026-10-25T12:00Z',
      'Europe/Berlin',
      '2026-10-24T22:00Z … 2026-10-25T23:00Z',
      25,
    ],
    [
      'one of 24½ hours',
      '2026-04-05T00:00Z',
      'Australia/Lord_Howe',
      '2026-04-04T13:00Z … 2026-04-05T13:30Z',
      24.5,
    ],
    [
      'one in a half-hour zone',
      '2026-01-15T18:29Z',
      'Asia/Kolkata',
      '2026-01-14T18:30Z … 2026-01-15T18:30Z',
      24,
    ],
    [
      'one in a quarter-hour zone',
      '2026-01-15T18:15Z',
      'Asia/Kathmandu',
      '2026-01-15T18:15Z … 2026-01-16T18:15Z',
      24,
    ],
    [
      'one that begins at 01:00',
      '2018-11-04T12:00Z',
      'America/Sao_Paulo',
      '2018-11-04T03:00Z … 2018-11-05T02:00Z',
      23,
    ],
    [
      'one whose last hour comes twice',
      '2018-02-18T02:30Z',
      'America/Sao_Paulo',
      '2018-02-17T02:00Z … 2018-02-18T03:00Z',
      25,
    ],
    [
      'the one before a date left out',
      '2011-12-30T09:59Z',
      'Pacific/Apia',
      '2011-12-29T10:00Z … 2011-12-30T10:00Z',
      24,
    ],
    [
      'the one after a date left out',
      '2011-12-30T10:00Z',
      'Pacific/Apia',
      '2011-12-30T10:00Z … 2011-12-31T10:00Z',
      24,
    ],
    [
      'one that goes back to the old date after a minute',
      '2009-11-01T03:00Z',
      'America/St_Johns',
      '2009-11-01T02:30Z … 2009-11-02T03:30Z',
      25,
    ],
  ])('%s', (_, at, zone, expected, long) => {
    expect(period('day', at, zone)).toBe(expected);
    expect(hours(periodOf('day', Date.parse(at), zone))).toBe(long);
  });
});

describe('a month', () => {
  it.each([
    ['a leap February', '2028-02-29T23:59Z', 'UTC', '2028-02-01T00:00Z … 2028-03-01T00:00Z'],
    ['December', '2026-12-31T23:00Z', 'Europe/Berlin', '2026-12-31T23:00Z … 2027-01-31T23:00Z'],
    [
      'one with summer time at its end',
      '2026-03-10T00:00Z',
      'Europe/Berlin',
      '2026-02-28T23:00Z … 2026-03-31T22:00Z',
    ],
    [
      'one whose first minute comes twice',
      '2009-11-01T03:00Z',
      'America/St_Johns',
      '2009-11-01T02:30Z … 2009-12-01T03:30Z',
    ],
    [
      'one that is ahead of UTC by more than half a day',
      '2026-01-31T10:00Z',
      'Pacific/Kiritimati',
      '2026-01-31T10:00Z … 2026-02-28T10:00Z',
    ],
  ])('%s', (_, at, zone, expected) => {
    expect(period('month', at, zone)).toBe(expected);
  });
});

describe('a time zone', () => {
  it('is any that IANA names, listed or not, in any case', () => {
    for (const zone of ['UTC', 'Asia/Kolkata', 'Asia/Calcutta', 'europe/berlin', 'Etc/GMT+5'])
      expect(isTimeZone(zone)).toBe(true);
  });

  it('is neither an offset, which not every Node supports, nor anything else', () => {
    for (const text of ['+05:30', '', ' ', 'Berlin', 'Europe/', '../etc', 'Europe/Berlin '])
      expect(isTimeZone(text)).toBe(false);
  });

  it('is matched as a user writes it', () => {
    expect(findTimeZone(' europe/BERLIN')).toBe('Europe/Berlin');
    expect(findTimeZone('america/new york')).toBe('America/New_York');
    expect(findTimeZone('Asia/Kolkata')).toBe('Asia/Kolkata');
    // As a Turkish keyboard writes it.
    expect(findTimeZone('Europe/İstanbul')).toBe('Europe/Istanbul');
    expect(findTimeZone('Atlantis')).toBeUndefined();
  });

  it('is listed once, UTC first, and every listed one works', () => {
    expect(timeZones[0]).toBe('UTC');
    expect(new Set(timeZones).size).toBe(timeZones.length);
    expect(timeZones.filter((zone) => !isTimeZone(zone))).toEqual([]);
  });

  it('that is unknown is an error of the caller', () => {
    expect(() => periodOf('day', 0, 'Atlantis')).toThrow(RangeError);
  });
});
