import { type Period, type PeriodName, periodOf, startOfMonth } from './period.js';

/**
 * The clock a guild's days and months go by. A change of time zone waits for the end of the month; until then, and for
 * the month after it, both clocks are needed to say where a period begins and ends.
 */
export interface Zone {
  readonly timeZone: string;
  /** When it came into force, if it followed on another; ms since the epoch. */
  readonly since?: number;
  /** What comes into force at `from` (ms since the epoch). */
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

/** When the month in which a change was decided ends by the old clock: at `from`, or up to a day before. */
function lastMonthEnd(timeZone: string, from: number): number {
  return periodOf('month', from, timeZone).start;
}

/**
 * The guild's clock once it has decided on `timeZone`, at `now`: a change counts from the next month, which begins when
 * both clocks have come to it. A change that was still waiting is replaced, but for its hour where the present clock's
 * month is over already.
 */
export function changeZone(zone: Zone, timeZone: string, now: number): Zone {
  const { next: waiting, ...current } = inForce(zone, now);
  const overdue = waiting !== undefined && lastMonthEnd(current.timeZone, waiting.from) <= now;
  if (timeZone === current.timeZone && !overdue) return current;
  const end = overdue ? waiting.from : periodIn('month', now, current).end;
  const sameMonth = startOfMonth(end, current.timeZone, timeZone);
  return { ...current, next: { timeZone, from: Math.max(end, sameMonth) } };
}

/** The clock as it stands at `at`: a change whose time has come is made. */
export function inForce(zone: Zone, at: number): Zone {
  const { next } = zone;
  return next && next.from <= at ? { timeZone: next.timeZone, since: next.from } : zone;
}
