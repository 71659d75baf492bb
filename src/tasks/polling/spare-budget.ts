import { minute, second } from '../../util/time.js';

/**
 * Queries that the usual spacing leaves unused, spent on polling tasks near their end more often. Polling a task after
 * `g` ms and not after the usual gap `u` costs `1 - g / u` of a query, the part that is additional. In any second at
 * most half of this process's queries are spent. While less than half of that is spent, every task gets what it asks
 * for; beyond, all of them get smoothly less.
 */
export interface SpareBudget {
  /**
   * When to poll a task next, ms: at `wish` if the budget allows, else later, but not after `usual`.
   * @param askedAt when it was last polled
   */
  advance(times: { readonly askedAt: number; readonly wish: number; readonly usual: number }): number;
  /** A permit was granted after `waitedMs` and used for a query: a long wait shows that other processes need them. */
  queried(waitedMs: number): void;
  /** MPS refused a query: something else uses the account's limit too. */
  throttled(): void;
}

interface Deps {
  /** Queries a second that this process may send: its share of the limit. */
  readonly perSecond: number;
  readonly now: () => number;
}

/** Longer than any permit of a free limiter takes, ms. */
const longWait = 250;
/** How long nothing is spent while other processes wait for permits, and after MPS refused one, ms. */
const pauses = { others: second, refused: minute };

export function createSpareBudget({ perSecond, now }: Deps): SpareBudget {
  const half = perSecond / 2;
  const spent = createWindow(now);
  const queries = createWindow(now);
  let pausedUntil = 0;

  return {
    advance({ askedAt, wish, usual }) {
      if (wish >= usual || now() < pausedUntil) return usual;
      const left = Math.max(0, half - spent.sum());
      const wanted = (usual - wish) / (usual - askedAt);
      const cost = Math.min(wanted * Math.min(1, left / (half / 2)), left);
      spent.add(cost);
      return usual - cost * (usual - askedAt);
    },
    queried(waitedMs) {
      const own = queries.sum();
      queries.add(1);
      // A wait that this process's own queries explain says nothing about others.
      if (waitedMs > longWait && own < half) pausedUntil = Math.max(pausedUntil, now() + pauses.others);
    },
    throttled() {
      pausedUntil = Math.max(pausedUntil, now() + pauses.refused);
    },
  };
}

/** Sums what was added during the last second; what a clock that was set back puts in the future is forgotten. */
function createWindow(now: () => number) {
  let entries: { readonly at: number; readonly amount: number }[] = [];
  return {
    add: (amount: number) => void entries.push({ at: now(), amount }),
    sum(): number {
      const time = now();
      entries = entries.filter(({ at }) => at > time - second && at <= time);
      return entries.reduce((sum, { amount }) => sum + amount, 0);
    },
  };
}
