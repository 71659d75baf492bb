import { arrivalsOf } from './arrivals.js';

/**
 * The waits (ms) between the orders of a sample, from its arguments: a seed, and for each phase pictures a second and how
 * many.
 */
export function readArguments(args: readonly string[]): readonly number[] {
  const [seed = 1, ...given] = args.map(Number);
  const phases = Array.from({ length: given.length / 2 }, (_, at) => {
    const [rate = 0, count = 0] = given.slice(2 * at);
    return { rate, count };
  });
  return arrivalsOf(phases, seed);
}
