import { UserError } from '../../errors.js';
import type { Account } from '../../quota/account.js';
import { type Standing, standings } from '../../quota/check.js';
import { longestMs, type UsageEntry } from '../../quota/usage.js';
import { createOrder } from '../../util/keyed-lock.js';
import type { Task } from '../model/task.js';
import { type Booking, createOrderAdmission } from './order-admission.js';
import { QuotaError, toSentences } from './quota-error.js';
import { createQuotaReservation } from './quota-reservation.js';
import { type BudgetDeps, createSpendingView, type Payer } from './spending-view.js';
import { createUncertainCharges, type UncertainCharge } from './uncertain-charges.js';

export { QuotaError } from './quota-error.js';

/** Keeps usage within every limit under concurrency. */
export interface Budget {
  /** @throws StoreError until usage is loaded. */
  accountOf(payer: Payer): Account;
  /**
   * Admits a new order: from now on it counts as open, so limits apply before any work is done for it. Its amounts
   * are checked now, so that no one waits for a refusal, and reserved later.
   * @returns false if this event already has a task; nothing has changed then.
   * @throws UserError naming the limit; StoreError while usage is unknown. Then there is no such task.
   */
  admit(task: Task, book: Booking): Promise<boolean>;
  /**
   * Checks and reserves atomically: `write` puts the task into the ledger as queued, and no other task is checked in
   * between.
   * @param rest the other parts of its set and the follow-up, which `write` also persists: all fit, or none.
   * @throws QuotaError if it doesn't fit; StoreError while usage is unknown; then `write` wasn't called.
   */
  reserve(task: Task, write: () => Promise<Task>, rest?: readonly Task[]): Promise<Task>;
  /** Records a task's current state; called for each record read or written. */
  note(task: Task): void;
  /** Drops entries that no limit or history can need any more. Returns how many tasks that were. */
  prune(): number;
  /**
   * What a guild's task has reserved or spent, or was refunded although it may be billed; undefined if none of that,
   * or if it is too old for any limit.
   */
  usageOf(taskId: string): UsageEntry | undefined;
  /** Uncertain charges since an instant (ms since the epoch). */
  perhapsBilled(since: number, guildId?: string): UncertainCharge;
  /** The standing of everything limited or used. */
  standings(payer: Payer): Promise<readonly Standing[]>;
}

export function createBudget(deps: BudgetDeps): Budget {
  const { totals, now } = deps;
  const view = createSpendingView(deps);
  const { accountOf, purseOf, viewOf, isWide, usage, count } = view;
  const { admitHere, admitTogether } = createOrderAdmission(view);
  const { reserveHere, reserveTogether, written } = createQuotaReservation(view, deps);
  const doubts = createUncertainCharges();
  const inOrder = createOrder();

  return {
    accountOf,
    async admit(task, book) {
      const shared = purseOf(task.account);
      try {
        return await (shared ? admitTogether(task, book, shared) : admitHere(task, book));
      } catch (error) {
        if (!(error instanceof QuotaError)) throw error;
        throw new UserError(toSentences(error, task), { cause: error });
      }
    },
    reserve(task, write, rest = []) {
      const shared = purseOf(task.account);
      if (!shared) return reserveHere(task, write, rest);
      // Serialized here, or each would see another's claim and retry.
      return inOrder(task.account.person, () => reserveTogether(task, write, shared, rest));
    },
    note(task) {
      written(task);
      if (!purseOf(task.account)) count(task);
      if (isWide) totals?.note(task);
      doubts.note(task);
    },
    prune() {
      doubts.prune(now() - longestMs);
      return usage.prune(now());
    },
    usageOf(taskId) {
      const entry = usage.get(taskId) ?? doubts.get(taskId);
      return entry?.unreserved ? undefined : entry;
    },
    perhapsBilled: doubts.sum,
    standings: async (payer) => standings(await viewOf(payer)),
  };
}
