import { type Period, type PeriodName, periodOf, startOfMonth } from './period.js';

/**
 * The time zone of a guild's days and months. A change takes effect at the end of the month; until then, and for the
 * month after, both time zones are needed to determine periods.
 */
export interface Zone {
  readonly timeZone: string;
  /** When it took effect, if it replaced another; ms since the epoch. */
  readonly since?: number;
  /** What takes effect at `from` (ms since the epoch). */
  readonly next?: { readonly timeZone: string; readonly from: number };
}

/**
 * The day or month at `at` by the guild's clock. Periods follow each other without gap or overlap across a change of
 * time zone too, and no change makes an additional one: the last by the old clock lasts until the new one comes into
 * force, the first by the new one begins there. (Otherwise going back and forth would give fresh quota.)
 */
export function periodIn(name: PeriodName, at: number, zone: Zone): Period {
  const { timeZone, since, next } = inForce(zone, at);
  if (!next) return clip(periodOf(name, at, timeZone), since);
  const lastEnd = lastMonthEnd(timeZone, next.from);
  const period = clip(periodOf(name, Math.min(at, lastEnd - 1), timeZone), since);
  return period.end === lastEnd ? { start: period.start, end: next.from } : period;
}

function clip(period: Period, since = period.start): Period {
  return since > period.start ? { start: since, end: period.end } : period;
}

/** When the month of the change ends by the old clock: at `from`, or up to a day earlier. */
function lastMonthEnd(timeZone: string, from: number): number {
  return periodOf('month', from, timeZone).start;
}

/**
 * The guild's clock after choosing `timeZone` at `now`: a change takes effect next month, once both clocks have
 * reached it. A pending change is replaced, but keeps its time if the current clock's month is already over.
 */
export function changeZone(zone: Zone, timeZone: string, now: number): Zone {
  const { next: waiting, ...current } = inForce(zone, now);
  const overdue = waiting !== undefined && lastMonthEnd(current.timeZone, waiting.from) <= now;
  if (timeZone === current.timeZone && !overdue) return current;
  const end = overdue ? waiting.from : periodIn('month', now, current).end;
  const sameMonth = startOfMonth(end, current.timeZone, timeZone);
  return { ...current, next: { timeZone, from: Math.max(end, sameMonth) } };
}

/** The clock at `at`: a due change is applied. */
export function inForce(zone: Zone, at: number): Zone {
  const { next } = zone;
  return next && next.from <= at ? { timeZone: next.timeZone, since: next.from } : zone;
}
