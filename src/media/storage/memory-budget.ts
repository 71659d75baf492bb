/** A memory budget shared by jobs. */
export interface Memory {
  /**
   * Runs `work`, which needs this many bytes, once there is room, in order; one that exceeds the whole budget runs
   * alone. A small one, of an eighth of the budget, doesn't wait for larger ones: an eighth is kept for these alone, beside the
   * budget. Nothing waits if it needs nothing.
   */
  use<T>(bytes: number, work: () => Promise<T>): Promise<T>;
}

/** What is small, of the budget: of 128 MB a file that Discord takes from anyone (10 MiB), or a PNG of 5 million pixels. */
const smallShare = 1 / 8;

/** @param total of the budget, bytes. */
export function createMemory(total: number): Memory {
  const small = total * smallShare;
  const [all, aside] = [createPool(total), createPool(small)];

  return {
    async use(wanted, work) {
      if (wanted <= 0) return work();
      const bytes = Math.min(wanted, total);
      const pool = bytes > small || all.isFreeFor(bytes) ? all : aside;
      await pool.take(bytes);
      try {
        return await work();
      } finally {
        pool.give(bytes);
      }
    },
  };
}

function createPool(total: number) {
  let free = total;
  const waiting: { readonly bytes: number; readonly begin: () => void }[] = [];

  function admit(): void {
    for (let next = waiting[0]; next && next.bytes <= free; next = waiting[0]) {
      waiting.shift();
      free -= next.bytes;
      next.begin();
    }
  }

  return {
    /** Whether so many bytes would be had at once. */
    isFreeFor: (bytes: number) => waiting.length === 0 && bytes <= free,
    take: (bytes: number) =>
      new Promise<void>((begin) => {
        waiting.push({ bytes, begin });
        admit();
      }),
    give(bytes: number): void {
      free += bytes;
      admit();
    },
  };
}
