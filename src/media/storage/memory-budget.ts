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

interface Pool {
  /** Bytes. */
  free: number;
}

/** A job in line. */
interface Waiting {
  readonly bytes: number;
  /** @param room where its bytes were taken from. */
  readonly begin: (room: Pool) => void;
}

/** @param total of the budget, bytes. */
export function createMemory(total: number): Memory {
  const small = total * smallShare;
  const all: Pool = { free: total };
  const aside: Pool = { free: small };
  const large: Waiting[] = [];
  const smalls: Waiting[] = [];

  /** Begins the first ones in line for as long as one of the pools has room. */
  function admit(line: Waiting[], pools: readonly Pool[]): void {
    for (let next = line[0]; next; next = line[0]) {
      const { bytes, begin } = next;
      const room = pools.find(({ free }) => bytes <= free);
      if (!room) return;
      line.shift();
      room.free -= bytes;
      begin(room);
    }
  }

  function admitAll(): void {
    admit(large, [all]);
    // What is free for a large one that waits stays free.
    admit(smalls, large.length > 0 ? [aside] : [all, aside]);
  }

  return {
    async use(wanted, work) {
      if (wanted <= 0) return work();
      const bytes = Math.min(wanted, total);
      const room = await new Promise<Pool>((begin) => {
        (bytes > small ? large : smalls).push({ bytes, begin });
        admitAll();
      });
      try {
        return await work();
      } finally {
        room.free += bytes;
        admitAll();
      }
    },
  };
}
