import PQueue from 'p-queue';
import type { Kind } from '../mps/generation.js';
import type { Task, TaskId } from './task.js';
import { type TurnOptions, Turns } from './turns.js';

/** Slots at MPS, by kind: how many tasks of each may be open there at once. Who waits for one is served in fair turns. */
export interface Queue {
  /**
   * Runs `job` once a slot is free; the slot is given back when it settles.
   * @throws what `job` throws, or the signal's reason while it waits.
   */
  run(
    task: Task,
    job: () => Promise<void>,
    options: { resumed?: boolean; signal: AbortSignal },
  ): Promise<void>;
  /** How many tasks get a slot before this one; undefined for one that does not wait. */
  ahead(kind: Kind, id: TaskId): number | undefined;
  /** Tasks that wait, by kind. */
  waiting(kind: Kind): number;
  /** Slots, by kind. */
  readonly slots: Readonly<Record<Kind, number>>;
}

/** @param slots MAX_IMAGE_TASKS and MAX_VIDEO_TASKS. */
export function createQueue(slots: Readonly<Record<Kind, number>>): Queue {
  const lines = { image: createLine(slots.image), video: createLine(slots.video) };
  return {
    slots,
    async run({ id, request, origin }, job, { resumed = false, signal }) {
      const turn = { id, guild: origin.guildId ?? origin.userId, member: origin.userId, resumed, signal };
      await lines[request.kind].queue.add(job, turn);
    },
    ahead: (kind, id) => lines[kind].ahead(id),
    waiting: (kind) => lines[kind].waiting(),
  };
}

function createLine(concurrency: number) {
  const made: Turns[] = [];
  // p-queue makes the instance itself; this is how we come to know it, whose positions we read.
  class Line extends Turns {
    constructor() {
      super();
      made.push(this);
    }
  }
  const queue = new PQueue<Line, TurnOptions>({ concurrency, queueClass: Line });
  return {
    queue,
    ahead: (id: TaskId) => made[0]?.ahead(id),
    waiting: () => queue.size,
  };
}
