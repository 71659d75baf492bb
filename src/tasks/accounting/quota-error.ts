import type { Sentence } from '../../errors.js';
import type { TextParams } from '../../locales/index.js';
import { type Ask, keyOf, type Refusal } from '../../quota/check.js';
import { fromMicros } from '../../quota/measures.js';
import { failureText } from '../model/failure-text.js';
import type { Task } from '../model/task.js';
import { resultsFor } from '../model/task-set.js';

/** A limit would be exceeded; nothing was reserved. */
export class QuotaError extends Error {
  override readonly name = 'QuotaError';
  readonly refusal: Refusal;
  /** Parameters of its text. */
  readonly params: TextParams;
  /** Of several results ordered at once, how many Creates from the first on would fit; undefined if none would. */
  readonly fits: number | undefined;
  /** @param currency of the operator's prices. */
  constructor(refusal: Refusal, currency?: string) {
    super(`The limit ${refusal.limit.scope}.${refusal.limit.measure} leaves ${refusal.left}.`);
    this.refusal = refusal;
    this.params = paramsOf(refusal, currency);
    this.fits = refusal.together;
  }
}

/**
 * Parameters of a refusal's text. Times in whole seconds, for Discord's time format. `need` and `measure` only if the
 * order needs more than the limit itself: see `failureText`.
 */
function paramsOf({ limit, max, left, need, resetsAt }: Refusal, currency: string | undefined) {
  const isMoney = limit.measure.startsWith('cost');
  const shown = (amount: number) =>
    isMoney ? { money: fromMicros(amount), ...(currency && { currency }) } : amount;
  return {
    max: shown(max),
    left: shown(left),
    // Chooses the plural form of the text.
    count: need > max ? max : left,
    ...(need > max && { need: shown(need), measure: limit.measure }),
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

/** The text of a refusal, with what would fit. */
export function toSentences(
  { refusal, params }: QuotaError,
  { cost, nextCost, set, account }: Task,
): Sentence[] {
  const { limit, fits, alone, together } = refusal;
  // More than one image only if the model always makes several.
  const { unit, amount } = cost;
  const asked = nextCost ? 'chain' : unit;
  const main: Sentence = { key: failureText({ reason: `quota.${keyOf(limit)}`, params }, account), params };
  if (set) {
    if (together === undefined) return [main];
    if (together === set.parts) return [main, { key: 'quota.fits.set.alone' }];
    const costs = [cost, ...(set.costs ?? [])].slice(0, together);
    const count = costs.map(resultsFor).reduce((sum, one) => sum + one, 0);
    return [main, { key: `quota.fits.set.${unit}`, params: { count } }];
  }
  if (asked === 'image') return fits ? [main, { key: 'quota.fixed.image', params: { amount } }] : [main];
  if (fits) return [main, { key: `quota.fits.${asked}`, params: { fits } }];
  return alone ? [main, { key: 'quota.fits.alone' }] : [main];
}
