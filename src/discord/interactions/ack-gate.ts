/**
 * Lets users be acknowledged before anything else is done for anyone: Discord waits three seconds for that, while an
 * image takes a minute. When many order at once, who is acknowledged already keeps out of the way of who is not.
 */
export interface AckGate {
  /** Its caller counts as waiting for an acknowledgement until `work` settles. */
  during<T>(work: () => Promise<T>): Promise<T>;
  /** Resolves once no one waits to be acknowledged, but after a second at the latest: orders may never cease. */
  over(): Promise<void>;
}

const longestMs = 1_000;

export function createAckGate(): AckGate {
  let waiting = 0;
  const heldBack = new Set<() => void>();

  return {
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
