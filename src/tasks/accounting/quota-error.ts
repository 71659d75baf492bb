import type { Sentence } from '../../errors.js';
import { type Ask, keyOf, type Refusal } from '../../quota/check.js';
import type { BilledUnit } from '../../quota/measures.js';
import type { Task } from '../model/task.js';

/** A limit would be exceeded; nothing was reserved. */
export class QuotaError extends Error {
  override readonly name = 'QuotaError';
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(`The limit ${refusal.limit.scope}.${refusal.limit.measure} leaves ${refusal.left}.`);
    this.refusal = refusal;
  }
}

/** Parameters of a refusal's text. Times in whole seconds, for Discord's time format; money in whole units. */
export function refusalParams({ limit, max, left, resetsAt }: Refusal) {
  const isMoney = limit.measure.startsWith('cost');
  const shown = (amount: number) => (isMoney ? amount / 1e6 : amount);
  return {
    max: shown(max),
    left: shown(left),
    // Chooses the plural form of the text.
    count: left,
    ...(resetsAt !== undefined && { resets: Math.round(resetsAt / 1000) }),
  };
}

/**
 * A cost to check.
 * @param isOpen whether its order already counts as open.
 */
export function toAsk({ unit, amount, micros }: Task['cost'], isOpen: boolean): Ask {
  return { unit, amount, ...(micros !== undefined && { cost: micros }), ...(isOpen && { isOpen }) };
}

/** @throws QuotaError for a refusal. */
export function refuse(refusal: Refusal | undefined): void {
  if (refusal) throw new QuotaError(refusal);
}

/**
 * The text of a refusal, with what would fit.
 * @param amount images or seconds ordered; more than one image only if the model always makes several.
 */
export function toSentences(refusal: Refusal, asked: BilledUnit | 'chain', amount: number): Sentence[] {
  const { limit, fits, alone } = refusal;
  const main: Sentence = {
    key: `failure.quota.${keyOf(limit)}`,
    params: refusalParams(refusal),
  };
  if (asked === 'image') return fits ? [main, { key: 'quota.fixed.image', params: { amount } }] : [main];
  if (fits) return [main, { key: `quota.fits.${asked}`, params: { fits } }];
  return alone ? [main, { key: 'quota.fits.alone' }] : [main];
}
