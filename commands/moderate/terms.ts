import { type Locale, text } from '../../src/locales/index.js';
import { day, hour, second } from '../../src/util/time.js';

/** How long a block can last, ms; undefined: until it is pardoned. */
export const terms = {
  hour,
  day,
  week: 7 * day,
  month: 30 * day,
  forever: undefined,
} as const satisfies Readonly<Record<string, number | undefined>>;

/** Their names, in the order of the choices. */
export const termNames = [
  'hour',
  'day',
  'week',
  'month',
  'forever',
] as const satisfies readonly (keyof typeof terms)[];

/** When a block ends that begins now, ms since the epoch. */
export function untilOf(term: string | null, now: number): number | undefined {
  const lasts = term !== null && term in terms ? terms[term as keyof typeof terms] : undefined;
  return lasts === undefined ? undefined : now + lasts;
}

/** "until 3 May 12:00", as Discord shows it. */
export function termLine(until: number | undefined, locale: Locale): string {
  return until === undefined
    ? text(locale, 'moderate.forever')
    : text(locale, 'moderate.until', { until: Math.round(until / second) });
}
