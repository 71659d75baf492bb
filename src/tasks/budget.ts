import { type Sentence, UserError } from '../errors.js';
import type { Account, Accounts } from '../quota/account.js';
import { type Ask, check, type Refusal, type Standing, standings, type View } from '../quota/check.js';
import { limitsFor } from '../quota/limits.js';
import type { BilledUnit, ScopedLimits } from '../quota/measures.js';
import { type Settings, zoneOf } from '../quota/settings.js';
import { createUsage } from '../quota/usage.js';
import { createOrder } from '../store/order.js';
import { toUsage } from './billing.js';
import { createDoubts, type Doubt } from './doubts.js';
import type { Look, Purse } from './purse.js';
import type { Origin, Task } from './task.js';

/** Who asks, as far as limits go. */
export type Payer = Pick<Origin, 'userId' | 'guildId' | 'guildInstalled' | 'roles'>;

/** A limit would be broken; nothing was reserved. */
export class QuotaError extends Error {
  override readonly name = 'QuotaError';
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(`The limit ${refusal.limit.scope}.${refusal.limit.measure} leaves ${refusal.left}.`);
    this.refusal = refusal;
  }
}

/** Keeps what is spent under every limit, however many ask at once. */
export interface Budget {
  /** @throws StoreError until accounts are readable. */
  accountOf(payer: Payer): Account;
  /**
   * Looks whether the cost would fit just now, so that nobody is made to wait for a no. Reserves nothing.
   * @param next what is to follow: both have to fit.
   * @throws UserError naming the limit; StoreError while settings cannot be read.
   */
  preview(payer: Payer, cost: Task['cost'], next?: Task['cost']): Promise<void>;
  /**
   * Checks and reserves in one step: `write` puts the task into the ledger as queued, and no other task of the same
   * guild, or person on their own, is let in between.
   * @param next of what is to follow, which `write` puts there as well.
   * @throws QuotaError when it does not fit; StoreError while that cannot be told; then `write` was not called.
   */
  reserve(task: Task, write: () => Promise<Task>, next?: Task['cost']): Promise<Task>;
  /** Takes note of a task as it stands; called with each record that is read or written. */
  note(task: Task): void;
  /** What MPS perhaps bills since an instant (ms since the epoch), though nothing came of it: as for Doubts. */
  perhapsBilled(since: number, guildId?: string): Doubt;
  /** How it stands with everything that is limited or used. */
  standings(payer: Payer): Promise<readonly Standing[]>;
}

interface Deps {
  readonly accounts: Accounts;
  readonly settings: Pick<Settings, 'get'>;
  /** QUOTA_* */
  readonly ceiling: ScopedLimits;
  /** QUOTA_TIME_ZONE */
  readonly timeZone: string;
  /** Of persons on their own, where other processes let them in as well. */
  readonly purse?: Purse | undefined;
  readonly now: () => number;
}

export function createBudget({ accounts, settings, ceiling, timeZone, purse, now }: Deps): Budget {
  const usage = createUsage();
  const doubts = createDoubts();
  const inOrder = createOrder();

  const accountOf = ({ userId, guildId, guildInstalled }: Payer) =>
    accounts.of({ userId, guildInstalled, ...(guildId && { guildId }) });

  /** The purse that an account spends from, where that is not known from the tasks of this process. */
  const purseOf = ({ guildId }: Account) => (guildId === undefined ? purse : undefined);
  const lookHere = (): Look => ({ usage, now: now() });

  async function viewOf(payer: Payer, seen?: Look): Promise<View> {
    const account = accountOf(payer);
    const rules = account.guildId === undefined ? undefined : await settings.get(account.guildId);
    const look = seen ?? (await purseOf(account)?.look(account.person)) ?? lookHere();
    const member = { userId: payer.userId, roles: payer.roles };
    const limits = limitsFor({ ceiling, rules, member, now: look.now });
    const zone = rules ? zoneOf(rules, timeZone) : { timeZone };
    return { account, limits, zone, ...look };
  }

  function refusalIn(view: View, cost: Task['cost'], next: Task['cost'] | undefined): Refusal | undefined {
    const verdict = next ? check(toAsk(next), view, toAsk(cost)) : check(toAsk(cost), view);
    return verdict.ok ? undefined : verdict.refusal;
  }

  return {
    accountOf,
    async preview(payer, cost, next) {
      const refusal = refusalIn(await viewOf(payer), cost, next);
      if (refusal) throw new UserError(toSentences(refusal, next ? 'chain' : cost.unit));
    },
    reserve(task, write, next) {
      const { account, origin, cost } = task;
      async function agree(seen?: Look): Promise<void> {
        const refusal = refusalIn(await viewOf(origin, seen), cost, next);
        if (refusal) throw new QuotaError(refusal);
      }
      // Whoever shares a limit stands in one line: a guild's members, or a person on their own.
      return inOrder(account.guildId ?? account.person, async () => {
        await (purseOf(account)?.claim(task, agree) ?? agree());
        return write();
      });
    },
    note(task) {
      const entry = purseOf(task.account) ? undefined : toUsage(task);
      if (entry) usage.put(entry);
      doubts.note(task);
    },
    perhapsBilled: doubts.sum,
    standings: async (payer) => standings(await viewOf(payer)),
  };
}

/** What a refusal's text is filled with. Times are whole seconds, for Discord's own time format; money in whole units. */
export function refusalParams({ limit, max, left, resetsAt }: Refusal) {
  const isMoney = limit.measure.startsWith('cost');
  const shown = (amount: number) => (isMoney ? amount / 1e6 : amount);
  return {
    max: shown(max),
    left: shown(left),
    ...(resetsAt !== undefined && { resets: Math.round(resetsAt / 1000) }),
  };
}

function toAsk({ unit, amount, micros }: Task['cost']): Ask {
  return { unit, amount, ...(micros !== undefined && { cost: micros }) };
}

function toSentences(refusal: Refusal, asked: BilledUnit | 'chain'): Sentence[] {
  const { limit, fits, alone } = refusal;
  const main: Sentence = {
    key: `failure.quota.${limit.scope}.${limit.measure}`,
    params: refusalParams(refusal),
  };
  if (fits) return [main, { key: `quota.fits.${asked}`, params: { fits } }];
  return alone ? [main, { key: 'quota.fits.alone' }] : [main];
}
