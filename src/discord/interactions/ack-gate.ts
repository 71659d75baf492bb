/**
 * Gives acknowledgements priority over all other work: Discord waits three seconds for them, while an image takes a
 * minute. When many order at once, work for acknowledged users waits for pending acknowledgements.
 */
export interface AckGate {
  /** The caller counts as waiting for an acknowledgement until `work` settles. */
  during<T>(work: () => Promise<T>): Promise<T>;
  /** Resolves once no acknowledgement is pending, after a second at the latest: orders may never stop coming. */
  over(): Promise<void>;
  /** Whether so many wait that each may only do the least: drawing a card takes several times as long as a defer. */
  isCrowded(): boolean;
}

const longestMs = 1_000;
/** More than a busy server's members order at one moment. */
const crowd = 4;

export function createAckGate(): AckGate {
  let waiting = 0;
  const heldBack = new Set<() => void>();

  return {
    isCrowded: () => waiting > crowd,
    async during(work) {
      waiting += 1;
      try {
        return await work();
      } finally {
        waiting -= 1;
        if (waiting === 0) for (const letGo of heldBack) letGo();
      }
    },
    async over() {
      if (waiting === 0) return;
      await new Promise<void>((resolve) => {
        const letGo = () => {
          clearTimeout(timer);
          heldBack.delete(letGo);
          resolve();
        };
        const timer = setTimeout(letGo, longestMs);
        heldBack.add(letGo);
      });
    },
  };
}
