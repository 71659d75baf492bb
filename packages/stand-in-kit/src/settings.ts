import { z } from 'zod';

/** Settings of a stand-in that may change while it runs: what the facts leave open, and what differs between accounts. */
export interface Knobs<K extends object, Input extends object = K> {
  /** As they are now. */
  readonly now: Readonly<K>;
  /** Changes some of them, and leaves the rest. Throws a ZodError for a value that cannot be. */
  turn(change: Partial<Input>): Readonly<K>;
  /** The same for a body that came over HTTP. */
  turnBy(body: unknown): Readonly<K>;
  /** Puts all back to what they were at the start. */
  reset(): void;
}

/** @param schema an object with a default for every member */
export function createKnobs<K extends object, Input extends object>(
  schema: z.ZodType<K, Input>,
  start: Partial<Input> = {},
): Knobs<K, Input> {
  const first = schema.parse(start);
  let now = first;
  const turn = (change: object): Readonly<K> => {
    now = schema.parse({ ...now, ...change });
    return now;
  };
  return {
    get now() {
      return now;
    },
    turn,
    turnBy: (body) => turn(z.record(z.string(), z.unknown()).parse(body)),
    reset() {
      now = first;
    },
  };
}
