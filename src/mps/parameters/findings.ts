import type { Model } from '../catalogue/catalogue.js';
import { parseRatio } from '../catalogue/sizes.js';
import { type Problem, problem } from './problems.js';

/** What a check has found: a problem, or nothing. */
export type Found = Problem | false | undefined;

export function found(results: readonly Found[]): Problem[] {
  return results.filter((result) => typeof result === 'object');
}

/** The member of `list` whose measure is closest to that of `asked`; the smaller of two. */
export function nearest<T>(list: readonly T[], asked: T, measure: (item: T) => number): T | undefined {
  const distance = (item: T) => Math.abs(measure(item) - measure(asked)) || 0;
  return [...list].sort((a, b) => distance(a) - distance(b))[0];
}

/** What is wrong with a ratio for a model that names those it takes. */
export function checkRatio(asked: string, { label, aspectRatios }: Model): Found {
  if (aspectRatios.includes(asked)) return undefined;
  const use = nearest(aspectRatios, asked, (text) => Math.log(parseRatio(text) ?? 1));
  if (use === undefined) return problem('aspectRatio.none', { model: label });
  return problem('aspectRatio.unsupported', { model: label, asked, allowed: aspectRatios, use });
}
