import { Temporal } from 'temporal-polyfill';
import { lowerCased } from '../util/lower-case.js';

/** From `start` until just before `end`, ms since the epoch. */
export interface Period {
  readonly start: number;
  readonly end: number;
}

export const periodNames = ['day', 'month'] as const;
export type PeriodName = (typeof periodNames)[number];

/** IANA time zones as this Node lists them, UTC first. Older names (Asia/Kolkata) are understood without being listed. */
export const timeZones: readonly string[] = [
  'UTC',
  ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC'),
];

/**
 * Memoizes pure functions by time zone: nearly every call is about the current day or month, or the month of a
 * pending time zone change. Cleared when full, which only costs time.
 */
const latest = { day: new Map<string, readonly Period[]>(), month: new Map<string, readonly Period[]>() };
const mostZones = 1000;
const mostPeriods = 3;

/**
 * The calendar day or month of `timeZone` that `at` (ms since the epoch, 1970 or later) lies in. It begins with the
 * first instant at which a clock there shows that date or a later one: 00:00, or the moment after if the clock was put
 * forward over midnight. Periods follow each other without gap or overlap, even if a clock was put back over midnight
 * (the hour that comes twice belongs to the new day) or a date was left out (it has no period).
 * @throws RangeError for a time zone that `isTimeZone` does not know.
 */
export function periodOf(name: PeriodName, at: number, timeZone: string): Period {
  const memo = latest[name];
  const known = memo.get(timeZone) ?? [];
  for (const each of known) if (each.start <= at && at < each.end) return each;
  const period = findPeriod(name, at, timeZone);
  if (memo.size >= mostZones) memo.clear();
  memo.set(timeZone, [period, ...known.slice(0, mostPeriods - 1)]);
  return period;
}

function findPeriod(name: PeriodName, at: number, timeZone: string): Period {
  const date = dateAt(at, timeZone);
  const first = name === 'day' ? date : date.with({ day: 1 });
  const begin = (further: number) =>
    startOf(first.add(name === 'day' ? { days: further } : { months: further }), timeZone);
  let period = { start: begin(0), end: begin(1) };
  // A clock put back over midnight shows the old date again, and a date left out begins and ends at once.
  for (let further = 2; period.end <= at; further++) period = { start: period.end, end: begin(further) };
  return period;
}

/** When the month that a clock in `from` shows at `at` begins in `timeZone`. Both in ms since the epoch. */
export function startOfMonth(at: number, from: string, timeZone: string): number {
  return startOf(dateAt(at, from).with({ day: 1 }), timeZone);
}

/** The date that a clock in `timeZone` shows. */
function dateAt(at: number, timeZone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainDate();
}

/** The first instant of a date, ms since the epoch (TC39 Temporal: GetStartOfDay). */
function startOf(date: Temporal.PlainDate, timeZone: string): number {
  return date.toZonedDateTime(timeZone).epochMilliseconds;
}

/** Whether `text` names an IANA time zone, in any case. Offsets (+05:30), which only newer Nodes know, do not count. */
export function isTimeZone(text: string): boolean {
  if (!/^[a-z]/i.test(text)) return false;
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}

/**
 * The time zone a user means: as listed where it is (`europe/berlin` is Europe/Berlin), else as written, if known.
 */
export function findTimeZone(text: string): string | undefined {
  const wanted = text.trim().replace(/\s+/g, '_');
  const listed = timeZones.find((zone) => lowerCased(zone) === lowerCased(wanted));
  return listed ?? (isTimeZone(wanted) ? wanted : undefined);
}
