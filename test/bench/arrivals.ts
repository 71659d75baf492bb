import { createRandom } from '@easel/stand-in-kit';

/** Waits (ms) between orders that come at random times, so many a second on average. */
export function arrivals(rate: number, count: number, seed: number): readonly number[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => (-Math.log(1 - random()) / rate) * 1_000);
}

/** So many orders at so many a second. */
export interface Phase {
  readonly rate: number;
  readonly count: number;
}

/** The same for phases that follow one another. */
export function arrivalsOf(phases: readonly Phase[], seed: number): readonly number[] {
  return phases.flatMap(({ rate, count }, at) => arrivals(rate, count, seed + at));
}
