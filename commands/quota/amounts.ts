import { UserError } from '../../src/errors.js';
import { type Locale, type TextKey, text } from '../../src/locales/index.js';
import { fromMicros, type Measure, measures, toMicros } from '../../src/quota/measures.js';

/**
 * The measure chosen from the command's choices.
 * @throws RangeError for any other value.
 */
export function measureOf(value: string): Measure {
  const measure = measures.find((one) => one === value);
  if (!measure) throw new RangeError(`There is no measure ${value}.`);
  return measure;
}

function isMoney(measure: Measure): boolean {
  return measure.startsWith('cost');
}

/**
 * A typed amount as quota counts it: money in millionths, everything else unchanged.
 * @throws UserError for half an image.
 */
export function toAmount(typed: number, measure: Measure): number {
  if (isMoney(measure)) return toMicros(typed);
  // 0 would allow nothing, or take a grant back.
  if (!Number.isInteger(typed))
    throw new UserError({
      key: 'limits.whole',
      params: { asked: typed, use: Math.max(1, Math.floor(typed)) },
    });
  return typed;
}

/** An amount for display: `1,200`, `0.35`. */
export function shown(amount: number, measure: Measure, locale: Locale): string {
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
  return number.format(isMoney(measure) ? fromMicros(amount) : amount);
}

/** What a limit is on: "pictures per day", "spending per day (USD)". */
export function whatOf(measure: Measure, locale: Locale, currency?: string): string {
  return withCurrency(`measure.${measure}`, measure, locale, currency);
}

/** What an amount in a standing counts: "Pictures today", "Spent today (USD)". */
export function standingOf(measure: Measure, locale: Locale, currency?: string): string {
  return withCurrency(`standing.of.${measure}`, measure, locale, currency);
}

function withCurrency(key: TextKey, measure: Measure, locale: Locale, currency: string | undefined): string {
  const what = text(locale, key);
  return isMoney(measure) && currency ? text(locale, 'limits.money', { what, currency }) : what;
}
