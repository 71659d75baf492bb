import { z } from 'zod';

/** Settings of a stand-in that can change while it runs: what the facts leave open, and what differs between accounts. */
export interface LiveSettings<K extends object, Input extends object = K> {
  /** Their current values. */
  readonly current: Readonly<K>;
  /** Changes some of them, and leaves the rest. Throws a ZodError for a value that cannot be. */
  update(change: Partial<Input>): Readonly<K>;
  /** The same for a body received over HTTP. */
  updateFrom(body: unknown): Readonly<K>;
  /** Resets all to their initial values. */
  reset(): void;
}

/** @param schema an object with a default for every member */
export function createSettings<K extends object, Input extends object>(
  schema: z.ZodType<K, Input>,
  start: Partial<Input> = {},
): LiveSettings<K, Input> {
  const first = schema.parse(start);
  let current = first;
  const update = (change: object): Readonly<K> => {
    current = schema.parse({ ...current, ...change });
    return current;
  };
  return {
    get current() {
      return current;
    },
    update,
    updateFrom: (body) => update(z.record(z.string(), z.unknown()).parse(body)),
    reset() {
      current = first;
    },
  };
}
