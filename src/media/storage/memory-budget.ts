/** A memory budget shared by jobs. */
export interface Memory {
  /**
   * Runs `work`, which needs this many bytes, once there is room, in order; one that exceeds the whole budget runs
   * alone.
   */
  use<T>(bytes: number, work: () => Promise<T>): Promise<T>;
}

/** @param total of the budget, bytes. */
export function createMemory(total: number): Memory {
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
    async use(wanted, work) {
      const bytes = Math.min(wanted, total);
      await new Promise<void>((begin) => {
        waiting.push({ bytes, begin });
        admit();
      });
      try {
        return await work();
      } finally {
        free += bytes;
        admit();
      }
    },
  };
}
