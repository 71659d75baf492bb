import type { Random } from './seeded-random.js';

/** Properties of every fault. */
export interface AnyFault {
  readonly kind: string;
  /** How many times it strikes before it is used up. @default no limit */
  readonly count?: number | undefined;
  /** How often it strikes, of 1; each time without. */
  readonly probability?: number | undefined;
}

type FaultOf<F extends AnyFault, K extends F['kind']> = Extract<F, { kind: K }>;

/** Faults that wait for their moment. */
export interface FaultInjector<F extends AnyFault, Input, Scene> {
  /** Adds a fault; returns a function that removes it. Throws a ZodError for an invalid one. */
  add(fault: Input): () => void;
  clear(): void;
  /** Like `add`, by number: for callers that can't hold a function. */
  arm(fault: Input): number;
  disarm(id: number): boolean;
  list(): readonly (F & { readonly id: number; readonly struck: number })[];
  /** The oldest armed fault of a kind that strikes now, counted as having struck. */
  strike<K extends F['kind']>(kind: K, scene: Scene): FaultOf<F, K> | undefined;
}

/** @param matches whether a fault is meant for a scene, apart from count and probability */
export function createFaultInjector<F extends AnyFault, Input, Scene>(deps: {
  parse: (input: Input) => F;
  random: Random;
  matches: (fault: F, scene: Scene) => boolean;
}): FaultInjector<F, Input, Scene> {
  const { parse, random, matches } = deps;
  const armed = new Map<number, { fault: F; struck: number }>();
  let last = 0;

  function arm(input: Input): number {
    const fault = parse(input);
    last += 1;
    armed.set(last, { fault, struck: 0 });
    return last;
  }

  return {
    arm,
    add(input) {
      const id = arm(input);
      return () => void armed.delete(id);
    },
    disarm: (id) => armed.delete(id),
    clear: () => armed.clear(),
    list: () => [...armed].map(([id, { fault, struck }]) => ({ ...fault, id, struck })),
    strike(kind, scene) {
      for (const [id, entry] of armed) {
        const { fault } = entry;
        if (!isOf(fault, kind) || !matches(fault, scene)) continue;
        if (fault.probability !== undefined && random() >= fault.probability) continue;
        entry.struck += 1;
        if (entry.struck === fault.count) armed.delete(id);
        return fault;
      }
      return undefined;
    },
  };
}

function isOf<F extends AnyFault, K extends F['kind']>(fault: F, kind: K): fault is FaultOf<F, K> {
  return fault.kind === kind;
}
