/** Runs what must be done right before a request is sent, so late that the request can follow at once. */
export interface Preparation {
  /**
   * Runs `prepare` so that it ends about when the slot opens, and resolves once it has ended and the slot is open.
   * @param opensAt by `performance.now()`.
   * @param begin called directly before; what it throws ends the wait.
   * @param steps.early runs at once: what may be done long before.
   * @throws what any of them throws, at once.
   */
  endAt(opensAt: number, begin: () => void, steps?: PreparationSteps): Promise<void>;
}

export interface PreparationSteps {
  readonly early?: (() => Promise<void>) | undefined;
  readonly prepare?: (() => Promise<void>) | undefined;
}

/** Preparations that are remembered. */
const remembered = 9;
/** ms that the first ones are expected to take. */
const firstMs = 5;

/**
 * A Create is persisted as `submitting` before it is sent, and a crash in between leaves an order of which no one
 * knows whether it was sent. So it begins only as long before the slot opens as the fastest of the last ones took: it
 * hardly ever has to wait then. A slower one delays its request by the difference, some milliseconds of a second.
 */
export function createPreparation(): Preparation {
  const took: number[] = [];

  const expectedMs = () => (took.length > 0 ? Math.min(...took) : firstMs);

  return {
    async endAt(opensAt, begin, { early, prepare } = {}) {
      await early?.();
      if (prepare) await reached(opensAt - expectedMs());
      begin();
      if (!prepare) return reached(opensAt);
      const began = performance.now();
      await prepare();
      took.push(performance.now() - began);
      if (took.length > remembered) took.shift();
      await reached(opensAt);
    },
  };
}

/** Waits until `performance.now()` has reached `at`; a Node timer may come a little early. */
async function reached(at: number): Promise<void> {
  for (let left = at - performance.now(); left > 0; left = at - performance.now())
    await new Promise((resolve) => setTimeout(resolve, Math.ceil(left)));
}
