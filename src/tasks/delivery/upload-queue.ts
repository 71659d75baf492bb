import PQueue from 'p-queue';
import type { Memory } from '../../media/storage/memory-budget.js';

/** The one gate that posts with files go through, whatever they are posted for. */
export interface Transfers {
  /**
   * Runs a post once there is a place and memory for it (TRANSFER_CONCURRENCY, TRANSFER_MEMORY_MB). One without files
   * runs at once: a sentence need not wait until the big files of others are through.
   * @param bytes of all its files.
   */
  run<T>(bytes: number, post: () => Promise<T>): Promise<T>;
}

interface Deps {
  /** At once: each has its whole file on the way. */
  readonly concurrency: number;
  readonly memory: Memory;
}

/** Memory that a post takes at most, bytes: a file is read from disk as it is sent, and runs ahead of the network. */
const mostPerPost = 36_000_000;

export function createTransfers({ concurrency, memory }: Deps): Transfers {
  const uploads = new PQueue({ concurrency });
  return {
    run: (bytes, post) =>
      bytes === 0 ? post() : uploads.add(() => memory.use(Math.min(bytes, mostPerPost), post)),
  };
}
