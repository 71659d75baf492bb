import { minute } from '../../util/time.js';
/**
 * Counts what Discord calls invalid requests, and says when to hold back. Discord bans an address for 10,000 answers of
 * 401, 403 and 429 within ten minutes (Discord docs: Rate Limits, "Invalid Request Limit"); 404 is counted too, since
 * it comes from the same mistakes. All clients of a process share one budget.
 */
export interface InvalidBudget {
  /**
   * Records a response.
   * @returns true if it counts as invalid.
   */
  count(status: number): boolean;
  /** Invalid requests within the last ten minutes. */
  spent(): number;
  /** `near`: cosmetic requests are skipped, the others slow down. `over`: only first answers to users are sent. */
  level(): 'free' | 'near' | 'over';
  /** ms until one more essential request may be sent, so that the limit holds even if all of them are refused. */
  reserve(): number;
}

interface Options {
  /** Invalid requests within ten minutes that this process allows itself. */
  readonly limit: number;
  /** ms since the epoch. */
  readonly now: () => number;
}

export const invalidWindowMs = 10 * minute;
const invalidStatuses: ReadonlySet<number> = new Set([401, 403, 404, 429]);

export function createInvalidBudget({ limit, now }: Options): InvalidBudget {
  /** When each was answered, oldest first. Never longer than what can be sent within the window. */
  const answered: number[] = [];
  let nextTurn = Number.NEGATIVE_INFINITY;

  function spent(): number {
    const from = now() - invalidWindowMs;
    // A clock that was set back must not keep old ones forever.
    while (answered.length > 0 && ((answered[0] ?? 0) <= from || (answered[0] ?? 0) > now()))
      answered.shift();
    return answered.length;
  }

  function level(): 'free' | 'near' | 'over' {
    const used = spent();
    if (used >= limit) return 'over';
    return used >= limit / 2 ? 'near' : 'free';
  }

  return {
    count(status) {
      if (!invalidStatuses.has(status)) return false;
      answered.push(now());
      return true;
    },
    spent,
    level,
    reserve() {
      if (level() === 'free') return 0;
      const gap = invalidWindowMs / Math.max(1, limit - spent());
      const turn = Math.max(now(), Math.min(nextTurn, now() + invalidWindowMs));
      nextTurn = turn + gap;
      return turn - now();
    },
  };
}
