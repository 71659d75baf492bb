import { setTimeout as sleep } from 'node:timers/promises';
import PQueue from 'p-queue';
import type { Slots } from '../../cluster/shared-slots.js';
import type { Kind } from '../../mps/generation-request.js';
import type { Task, TaskId } from '../model/task.js';
import { FairQueue, type FairQueueOptions } from './fair-queue.js';

/** Slots at MPS by kind: how many tasks may run there concurrently. Waiting tasks are served in fair turns. */
export interface Queue {
  /**
   * Runs `job` once a slot is free; the slot is released when it settles.
   * @throws errors of `job`, or the signal's reason while waiting.
   */
  run(
    task: Task,
    job: () => Promise<void>,
    options: { resumed?: boolean; signal: AbortSignal },
  ): Promise<void>;
  /** How many tasks get a slot before this one; undefined if it isn't waiting. */
  ahead(kind: Kind, id: TaskId): number | undefined;
  /** All waiting tasks, in order of their turns. */
  order(kind: Kind): readonly string[];
  /** The tasks that hold a slot here. */
  busy(kind: Kind): readonly TaskId[];
  /** Tasks that wait, by kind. */
  waiting(kind: Kind): number;
  /** Slots, by kind. */
  readonly slots: Readonly<Record<Kind, number>>;
}

/** How often a slot that other processes have is requested again, ms. */
const lookAgainMs = 150;

/**
 * @param slots MAX_IMAGE_TASKS and MAX_VIDEO_TASKS.
 * @param shared if other processes share them.
 */
export function createQueue(slots: Readonly<Record<Kind, number>>, shared?: Slots): Queue {
  const open = (kind: Kind) => (shared ? createSharedLine(kind, shared) : createLine(slots[kind]));
  const busy = { image: new Set<TaskId>(), video: new Set<TaskId>() };
  const lines = { image: open('image'), video: open('video') };
  return {
    slots,
    async run({ id, request, origin }, job, { resumed = false, signal }) {
      const turn = { id, guild: origin.guildId ?? origin.userId, member: origin.userId, resumed, signal };
      const held = busy[request.kind];
      const occupy = async () => {
        held.add(id);
        await job().finally(() => held.delete(id));
      };
      await lines[request.kind].run(occupy, turn);
    },
    busy: (kind) => [...busy[kind]],
    ahead: (kind, id) => lines[kind].ahead(id),
    order: (kind) => lines[kind].order(),
    waiting: (kind) => lines[kind].waiting(),
  };
}

function createLine(concurrency: number) {
  const made: FairQueue[] = [];
  // p-queue creates the instance itself; this gives us access to its positions.
  class Line extends FairQueue {
    constructor() {
      super();
      made.push(this);
    }
  }
  const queue = new PQueue<Line, FairQueueOptions>({ concurrency, queueClass: Line });
  return {
    queue,
    run: (job: () => Promise<void>, turn: FairQueueOptions) => queue.add(job, turn),
    ahead: (id: TaskId) => made[0]?.ahead(id),
    order: () => made[0]?.order() ?? [],
    waiting: () => queue.size,
  };
}

/** The same with shared slots, acquired one by one and released after each task: others may have waited longer. */
function createSharedLine(kind: Kind, slots: Slots): ReturnType<typeof createLine> {
  const line = createLine(1);
  const { queue } = line;
  let held = 0;
  let asking = false;
  queue.pause();

  function hold(count: number): void {
    held = count;
    if (held === 0) queue.pause();
    else {
      queue.concurrency = held;
      queue.start();
    }
  }

  function giveBack(): void {
    hold(held - 1);
    slots.giveBack(kind);
  }

  const wanted = () => queue.size + queue.pending;

  function giveBackSpare(): void {
    while (held > wanted()) giveBack();
  }

  /** As many slots as there are running or waiting tasks, as far as available. */
  async function balance(): Promise<void> {
    giveBackSpare();
    if (asking) return;
    asking = true;
    while (wanted() > held) {
      if (await slots.take(kind)) hold(held + 1);
      else await sleep(lookAgainMs, undefined, { ref: false });
    }
    asking = false;
    // The task may have left while its slot was on the way: no one else would ever release it.
    giveBackSpare();
  }

  return {
    ...line,
    async run(job, turn) {
      const done = queue.add(() => job().finally(giveBack), turn);
      void balance();
      // A finished job counts as running until p-queue has processed it.
      await done.finally(() => setImmediate(() => void balance()));
    },
  };
}
