import PQueue from 'p-queue';
import type { Memory } from '../../media/storage/memory-budget.js';

/** The queue of all posts with files. */
export interface UploadQueue {
  /**
   * Runs a post once there is a slot and memory for it (TRANSFER_CONCURRENCY, TRANSFER_MEMORY_MB). Posts without
   * files run immediately: text needn't wait for others' big files.
   * @param bytes of all its files.
   */
  run<T>(bytes: number, post: () => Promise<T>): Promise<T>;
}

interface Deps {
  /** Concurrent uploads. */
  readonly concurrency: number;
  readonly memory: Memory;
}

/** Most memory of a post, bytes: files are streamed from disk, slightly ahead of the network. */
const mostPerPost = 36_000_000;

export function createUploadQueue({ concurrency, memory }: Deps): UploadQueue {
  const uploads = new PQueue({ concurrency });
  return {
    run: (bytes, post) =>
      // Memory first: one that waits for it keeps no slot from smaller ones.
      bytes === 0 ? post() : memory.use(Math.min(bytes, mostPerPost), () => uploads.add(post)),
  };
}
