import type { Kind } from '../../mps/generation-request.js';
import type { Delivery } from '../delivery/delivery-port.js';
import type { Task, TaskId } from '../model/task.js';
import type { Durations } from '../polling/duration-model.js';
import type { Queue } from './slot-queue.js';

/** Shows waiting tasks their position and expected start, and lets them leave the queue. */
export interface WaitingRoom {
  /**
   * Runs `job` once the task has a slot.
   * @throws errors of `job`, LeftError if the task was cancelled, or the signal's reason.
   */
  wait(task: Task, job: () => Promise<void>, options: { resumed: boolean }): Promise<void>;
  /** Redraws a task's position; false if it isn't waiting. */
  redraw(id: TaskId): boolean;
  /** Removes a waiting task from the queue; false if it isn't waiting. */
  leave(id: TaskId): boolean;
}

/** The task was cancelled while it waited. */
export class LeftError extends Error {
  override readonly name = 'LeftError';
}

interface Deps {
  readonly queue: Queue;
  readonly durations: Pick<Durations, 'ofKind'>;
  readonly delivery: Pick<Delivery, 'show'>;
  readonly signal: AbortSignal;
  readonly now: () => number;
  /** ms between two updates of positions: messages aren't edited more often. */
  readonly refreshMs?: number;
}

interface Guest {
  readonly task: Task;
  readonly leaving: AbortController;
  /** The position its card shows. */
  shown: number;
}

/** Cards this close to their turn show every move; those further back every tenth. */
const nearby = 20;
const kinds = ['image', 'video'] as const satisfies readonly Kind[];

export function createWaitingRoom(deps: Deps): WaitingRoom {
  const { queue, signal, refreshMs = 3_000 } = deps;
  const guests = new Map<string, Guest>();
  let refreshing = false;

  /** Redraws changed positions, a while after a task got its slot. */
  function refreshSoon(): void {
    if (refreshing) return;
    refreshing = true;
    setTimeout(refresh, refreshMs).unref();
  }

  function refresh(): void {
    refreshing = false;
    for (const kind of kinds) {
      for (const [ahead, id] of queue.order(kind).entries()) {
        const guest = guests.get(id);
        if (guest && ahead !== guest.shown && (ahead < nearby || guest.shown - ahead >= 10))
          show(deps, guest, ahead);
      }
    }
  }

  return {
    async wait(task, job, { resumed }) {
      const { id, request } = task;
      const leaving = new AbortController();
      const guest: Guest = { task, leaving, shown: 0 };
      guests.set(id, guest);
      const calledIn = () => {
        guests.delete(id);
        refreshSoon();
        return job();
      };
      try {
        const turn = queue.run(task, calledIn, {
          resumed,
          signal: AbortSignal.any([signal, leaving.signal]),
        });
        // A task that gets a slot immediately needs no position.
        if (guests.has(id)) show(deps, guest, queue.ahead(request.kind, id) ?? 0);
        await turn;
      } finally {
        guests.delete(id);
      }
    },

    redraw(id) {
      const guest = guests.get(id);
      if (guest) show(deps, guest, queue.ahead(guest.task.request.kind, id) ?? 0);
      return guest !== undefined;
    },

    leave(id) {
      const guest = guests.get(id);
      guest?.leaving.abort(new LeftError('The task was cancelled while it waited.'));
      refreshSoon();
      return guest !== undefined;
    },
  };
}

function show({ queue, durations, delivery, now }: Deps, guest: Guest, ahead: number): void {
  guest.shown = ahead;
  const { kind } = guest.task.request;
  const startsAt = now() + ((ahead + 1) / queue.slots[kind]) * durations.ofKind(kind).mean;
  void delivery.show(guest.task, { ahead, startsAt });
}
