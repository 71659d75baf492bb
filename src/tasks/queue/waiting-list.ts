import type { Kind } from '../../mps/generation-request.js';
import type { Delivery } from '../delivery/delivery-port.js';
import type { Task, TaskId } from '../model/task.js';
import type { Queue } from './slot-queue.js';
import type { TurnTimes } from './turn-times.js';

/** Shows waiting tasks their position and expected start, and lets them leave the queue. */
export interface WaitingList {
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
  readonly turns: TurnTimes;
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
  /** When the first time on its card has passed, ms since the epoch; never if there is none. */
  until: number;
}

/** Cards this close to their turn show every move; those further back every tenth. */
const nearby = 20;
const kinds = ['image', 'video'] as const satisfies readonly Kind[];

export function createWaitingList(deps: Deps): WaitingList {
  const { queue, signal } = deps;
  const guests = new Map<string, Guest>();
  const { show, refreshSoon } = createPositions(guests, deps);

  return {
    async wait(task, job, { resumed }) {
      const { id } = task;
      const leaving = new AbortController();
      const guest: Guest = { task, leaving, shown: 0, until: Number.POSITIVE_INFINITY };
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
        if (guests.has(id)) show(guest);
        await turn;
      } finally {
        guests.delete(id);
      }
    },

    redraw(id) {
      const guest = guests.get(id);
      if (guest) show(guest);
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

/** Keeps the positions and times on the cards of waiting tasks true. */
function createPositions(
  guests: ReadonlyMap<string, Guest>,
  { queue, turns, delivery, signal, now, refreshMs = 3_000 }: Deps,
) {
  let refreshing = false;
  const look = createNextLook(correct, { now, signal, refreshMs });

  function show(guest: Guest): void {
    const turn = turns.of(guest.task) ?? { ahead: 0, starts: {} };
    const { from, to } = turn.starts;
    guest.shown = turn.ahead;
    guest.until = from ?? to ?? Number.POSITIVE_INFINITY;
    if (Number.isFinite(guest.until)) look(guest.until);
    void delivery.show(guest.task, turn);
  }

  /** Redraws the cards on which a time has passed. */
  function correct(): void {
    for (const guest of guests.values()) {
      if (guest.until <= now()) show(guest);
      else if (Number.isFinite(guest.until)) look(guest.until);
    }
  }

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
        if (guest && ahead !== guest.shown && (ahead < nearby || guest.shown - ahead >= 10)) show(guest);
      }
    }
  }

  return { show, refreshSoon };
}

/** Looks again when the first time on a card has passed: what it says would no longer be true. */
function createNextLook(
  correct: () => void,
  { now, signal, refreshMs }: Required<Pick<Deps, 'now' | 'signal' | 'refreshMs'>>,
): (at: number) => void {
  let next: { readonly at: number; readonly timer: NodeJS.Timeout } | undefined;
  return (at) => {
    if (next !== undefined && next.at <= at) return;
    clearTimeout(next?.timer);
    const run = () => {
      next = undefined;
      if (!signal.aborted) correct();
    };
    next = { at, timer: setTimeout(run, Math.max(refreshMs, at - now())).unref() };
  };
}
