import PQueue from 'p-queue';
import type { Kind } from '../mps/generation.js';

/** Slots at MPS, by kind: how many tasks of each may be open there at once. */
export interface Queue {
  /** Runs `job` once a slot is free; resumed work goes before new work. The slot is given back when it settles. */
  run(
    kind: Kind,
    job: () => Promise<void>,
    options: { resumed?: boolean; signal: AbortSignal },
  ): Promise<void>;
  /** Tasks that wait for a slot of this kind. */
  waiting(kind: Kind): number;
}

/** @param slots MAX_IMAGE_TASKS and MAX_VIDEO_TASKS. */
export function createQueue(slots: Readonly<Record<Kind, number>>): Queue {
  const queues = {
    image: new PQueue({ concurrency: slots.image }),
    video: new PQueue({ concurrency: slots.video }),
  };
  return {
    async run(kind, job, { resumed = false, signal }) {
      await queues[kind].add(job, { priority: resumed ? 1 : 0, signal });
    },
    waiting: (kind) => queues[kind].size,
  };
}
