/** Runs the works of one key one after the other, in the order given; those of different keys side by side. */
export interface Order {
  <R>(key: string, work: () => Promise<R>): Promise<R>;
  /** Resolves when nothing given so far is left to do. */
  settled(): Promise<void>;
}

export function createOrder(): Order {
  const tails = new Map<string, Promise<unknown>>();

  async function inOrder<R>(key: string, work: () => Promise<R>): Promise<R> {
    const before = tails.get(key);
    const done = (before ?? Promise.resolve()).then(work);
    // A work that fails is its asker's affair, and keeps none behind it from running.
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
