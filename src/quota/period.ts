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

const hour = 3_600_000;
/** More than any clock since 1970 was away from UTC (−12 h to +14 h). */
const farthest = 15 * hour;

interface Clock {
  readonly format: Intl.DateTimeFormat;
  readonly latest: Map<PeriodName, Period>;
}

/**
 * A memo of pure functions: making a formatter takes longer than all else here, and nearly every question is about
 * the present day or month. Nothing can be told from outside; forgotten when full, it only costs time.
 */
const clocks = new Map<string, Clock>();
const mostClocks = 1000;

/**
 * The calendar day or month of `timeZone` that `at` (ms since the epoch, 1970 or later) lies in. It begins with the
 * first instant at which a clock there shows that date or a later one: 00:00, or where the clock was put forward over
 * midnight the moment after. Periods follow each other without gap or overlap, also where a clock was put back over
 * midnight (the hour lived twice belongs to the new day) and where a date was left out (it has no period).
 * @throws RangeError for a time zone that `isTimeZone` does not know.
 */
export function periodOf(name: PeriodName, at: number, timeZone: string): Period {
  const { latest } = clockOf(timeZone);
  const known = latest.get(name);
  if (known && known.start <= at && at < known.end) return known;
  const period = findPeriod(name, at, timeZone);
  latest.set(name, period);
  return period;
}

function findPeriod(name: PeriodName, at: number, timeZone: string): Period {
  const local = new Date(wallClock(at, timeZone));
  const [year, month, date] = [local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate()];
  const begin = (further: number) =>
    firstInstant(
      name === 'day' ? Date.UTC(year, month, date + further) : Date.UTC(year, month + further, 1),
      timeZone,
    );
  let period = { start: begin(0), end: begin(1) };
  // A clock put back over midnight shows the old date again, and a date left out begins and ends at once.
  for (let further = 2; period.end <= at; further++) period = { start: period.end, end: begin(further) };
  return period;
}

/** What a clock in `timeZone` shows at the instant `at`, as the ms since the epoch at which one in UTC shows the same. */
export function wallClock(at: number, timeZone: string): number {
  return at + offset(at, timeZone);
}

/**
 * The first instant at which a clock in `timeZone` shows `wall` (as `wallClock` gives it) or anything later.
 * At most one change of the clock is expected within 15 hours of it.
 */
export function firstInstant(wall: number, timeZone: string): number {
  const [from, to] = [wall - farthest, wall + farthest];
  const [early, late] = [offset(from, timeZone), offset(to, timeZone)];
  if (early === late) return wall - early;
  const change = firstChange(from, to, timeZone);
  return wall - early < change ? wall - early : Math.max(change, wall - late);
}

/** The instant within (from, to] since which the clock is no longer as far from UTC as at `from`. Whole seconds. */
function firstChange(from: number, to: number, timeZone: string): number {
  const before = offset(from, timeZone);
  let [low, high] = [Math.floor(from / 1000), Math.ceil(to / 1000)];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offset(middle * 1000, timeZone) === before) low = middle;
    else high = middle;
  }
  return high * 1000;
}

/** How far the clock of `timeZone` is ahead of UTC at the instant `at`, ms. */
function offset(at: number, timeZone: string): number {
  const second = Math.floor(at / 1000) * 1000;
  const numbers = clockOf(timeZone).format.format(second).match(/\d+/g)?.map(Number) ?? [];
  const [month = 0, day = 0, year = 0, ...time] = numbers;
  const [hours = 0, minutes = 0, seconds = 0] = time;
  return Date.UTC(year, month - 1, day, hours, minutes, seconds) - second;
}

function clockOf(timeZone: string): Clock {
  const known = clocks.get(timeZone);
  if (known) return known;
  const clock = { format: formatter(timeZone), latest: new Map<PeriodName, Period>() };
  if (clocks.size >= mostClocks) clocks.clear();
  clocks.set(timeZone, clock);
  return clock;
}

/** Writes 11/1/2009, 00:00:30. */
function formatter(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
}

/** Whether `text` names an IANA time zone, in any case. Offsets (+05:30), which only newer Nodes know, do not count. */
export function isTimeZone(text: string): boolean {
  if (!/^[a-z]/i.test(text)) return false;
  try {
    formatter(text);
    return true;
  } catch {
    return false;
  }
}

/** The time zone a person means: as listed where it is (`europe/berlin` is Europe/Berlin), else as written, if known. */
export function findTimeZone(text: string): string | undefined {
  const wanted = text.trim().replace(/\s+/g, '_');
  const listed = timeZones.find((zone) => zone.toLowerCase() === wanted.toLowerCase());
  return listed ?? (isTimeZone(wanted) ? wanted : undefined);
}
