import { createRandom } from '@easel/stand-in-kit';

/** The random choices of a cycle; the same seed gives the same choices. */
export interface Chance {
  /** True so often, of 1. */
  is(probability: number): boolean;
  /** From `least` up to `most`, not a whole number. */
  between(least: number, most: number): number;
  /** One of them. Throws RangeError if there is none. */
  oneOf<T>(values: readonly T[]): T;
  /** All of them, in another order. */
  shuffled<T>(values: readonly T[]): T[];
}

export function createChance(seed: number): Chance {
  const random = createRandom(seed);
  const between = (least: number, most: number) => least + random() * (most - least);
  function oneOf<T>(values: readonly T[]): T {
    const chosen = values[Math.floor(between(0, values.length))];
    if (chosen === undefined) throw new RangeError('There is nothing to choose from.');
    return chosen;
  }
  return {
    is: (probability) => random() < probability,
    between,
    oneOf,
    shuffled(values) {
      const keyed = values.map((value) => ({ value, key: random() }));
      return keyed.sort((a, b) => a.key - b.key).map(({ value }) => value);
    },
  };
}
