/** Runs the jobs of one key in order, one at a time; jobs of different keys run concurrently. */
export interface Order {
  <R>(key: string, work: () => Promise<R>): Promise<R>;
  /** Resolves when all jobs added so far are done. */
  settled(): Promise<void>;
}

export function createOrder(): Order {
  const tails = new Map<string, Promise<unknown>>();

  async function inOrder<R>(key: string, work: () => Promise<R>): Promise<R> {
    const before = tails.get(key);
    const done = (before ?? Promise.resolve()).then(work);
    // A failed job rejects for its caller and doesn't block those behind it.
    const tail = done.then(noop, noop);
    tails.set(key, tail);
    try {
      return await done;
    } finally {
      if (tails.get(key) === tail) tails.delete(key);
    }
  }

  return Object.assign(inOrder, {
    async settled() {
      await Promise.all(tails.values());
    },
  });
}

function noop(): void {}
