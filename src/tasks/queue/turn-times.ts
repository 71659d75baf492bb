import type { Kind } from '../../mps/generation-request.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Expected } from '../model/progress.js';
import { type TimeWindow, worthSaying } from '../model/progress.js';
import type { Task, TaskId } from '../model/task.js';
import type { Durations } from '../polling/duration-model.js';
import type { Poller } from '../polling/poller.js';
import type { Queue } from './slot-queue.js';

/** A waiting task's place in line, and when its turn is expected. */
export interface Turn {
  readonly ahead: number;
  readonly starts: TimeWindow;
}

interface Deps {
  readonly queue: Pick<Queue, 'ahead' | 'busy' | 'slots'>;
  readonly ledger: Pick<Ledger, 'get'>;
  readonly poller: Pick<Poller, 'expected'>;
  readonly durations: Pick<Durations, 'of' | 'ofKind'>;
  readonly now: () => number;
}

/** What cards and lists show of waiting tasks' turns: derived, and never stored. */
export interface TurnTimes {
  /** Undefined if it isn't waiting for a slot. */
  of(task: Pick<Task, 'id' | 'request'>): Turn | undefined;
}

/** The rounds before a turn may take this much longer than usual, as a rule. */
const slack = 1.3;
/**
 * ms for which the ends of the slots are remembered, for each slot: a look at thousands takes milliseconds, and hundreds of
 * cards may be drawn in one second. So these take a hundredth of a processor at most.
 */
const rememberedMs = 0.1;
const longestMs = 1_000;

/** When the slots of a kind are given up, from the first one; ms since the epoch. */
interface Ends {
  readonly lookedAt: number;
  readonly medians: readonly number[];
  readonly p90s: readonly number[];
}

export function createTurnTimes({ queue, ledger, poller, durations, now }: Deps): TurnTimes {
  const recent = new Map<Kind, Ends>();

  /** When the task in a slot is expected to give it up. */
  function endOf(kind: Kind, id: TaskId): Expected {
    const task = ledger.get(id);
    const known = task?.state.name === 'running' && poller.expected(kind, task.state.mpsTaskId);
    if (known) return known;
    const usual = task ? durations.of(task.request) : durations.ofKind(kind);
    return { median: now() + usual.quantile(0.5), p90: now() + usual.quantile(0.9) };
  }

  /** A slot of which nothing is known, one that another process has: it may be given up at any time. */
  function unknownEnd(kind: Kind): Expected {
    const usual = durations.ofKind(kind);
    return { median: now() + usual.quantile(0.5) / 2, p90: now() + usual.quantile(0.9) };
  }

  function look(kind: Kind, slots: number): Ends {
    const busy = queue.busy(kind).map((id) => endOf(kind, id));
    const others = Math.max(0, slots - busy.length);
    const ends = [...busy, ...Array.from({ length: others }, () => unknownEnd(kind))];
    const sorted = (times: readonly number[]) => [...times].sort((a, b) => a - b);
    return {
      lookedAt: now(),
      medians: sorted(ends.map(({ median }) => median)),
      p90s: sorted(ends.map(({ p90 }) => p90)),
    };
  }

  function endsOf(kind: Kind, slots: number): Ends {
    const known = recent.get(kind);
    const age = now() - (known?.lookedAt ?? Number.NEGATIVE_INFINITY);
    if (known && age >= 0 && age < Math.min(longestMs, slots * rememberedMs)) return known;
    const ends = look(kind, slots);
    recent.set(kind, ends);
    return ends;
  }

  /** Slots are given up in the order of their ends; each round of them takes as long as tasks take. */
  function startOf(kind: Kind, ahead: number): Expected {
    const slots = queue.slots[kind];
    const { medians, p90s } = endsOf(kind, slots);
    const nth = (times: readonly number[]) => times[ahead % Math.max(1, slots)] ?? now();
    const rounds = Math.floor(ahead / Math.max(1, slots)) * durations.ofKind(kind).mean;
    return { median: nth(medians) + rounds, p90: nth(p90s) + rounds * slack };
  }

  return {
    of({ id, request: { kind } }) {
      const ahead = queue.ahead(kind, id);
      return ahead === undefined ? undefined : { ahead, starts: worthSaying(startOf(kind, ahead), now()) };
    },
  };
}
