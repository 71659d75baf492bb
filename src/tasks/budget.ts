import { type Sentence, UserError } from '../errors.js';
import type { Account, Accounts } from '../quota/account.js';
import { type Ask, check, type Refusal, type Standing, standings, type View } from '../quota/check.js';
import { limitsFor } from '../quota/limits.js';
import type { BilledUnit, ScopedLimits } from '../quota/measures.js';
import { type Settings, zoneOf } from '../quota/settings.js';
import { createUsage } from '../quota/usage.js';
import { createOrder } from '../store/order.js';
import { toCounted } from './billing.js';
import { createDoubts, type Doubt } from './doubts.js';
import type { Look, Purse } from './purse.js';
import { advance } from './record.js';
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

/** Where a new order is written down. */
export interface Booking {
  /** False if its event has a task already. */
  add(): Promise<boolean>;
  /** Takes it out again, for it may not stay. */
  withdraw(): Promise<void>;
}

/** Keeps what is spent under every limit, however many ask at once. */
export interface Budget {
  /** @throws StoreError until accounts are readable. */
  accountOf(payer: Payer): Account;
  /**
   * Lets a new order in: from now on it is an open one, so that whatever is limited is limited before any work is done
   * for it. Its amounts are checked, so that no one waits for a refusal, and reserved later.
   * @returns false if this event has its task already; nothing has changed then.
   * @throws UserError naming the limit; StoreError while that cannot be known. Then there is no such task.
   */
  admit(task: Task, book: Booking): Promise<boolean>;
  /**
   * Checks and reserves in one step: `write` puts the task into the ledger as queued, and no other task is checked
   * between the two.
   * @param next what is to follow, which `write` puts there as well.
   * @throws QuotaError when it does not fit; StoreError while that cannot be told; then `write` was not called.
   */
  reserve(task: Task, write: () => Promise<Task>, next?: Task): Promise<Task>;
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

  function refusalIn(view: View, task: Task, next?: Task['cost'], isOpen = false): Refusal | undefined {
    const cost = toAsk(task.cost, isOpen);
    const verdict = next ? check(toAsk(next, isOpen), view, cost) : check(cost, view);
    return verdict.ok ? undefined : verdict.refusal;
  }

  /** What the ledger says of a task, in place of what was held for it. */
  function count(task: Task): void {
    const entry = toCounted(task);
    if (entry) usage.put(entry);
    else usage.remove(task.id);
  }

  /** Of an account that only this process spends from. Check and count happen in one turn of the event loop. */
  async function admitHere(task: Task, { add }: Booking): Promise<boolean> {
    const view = await viewOf(task.origin);
    const isKnown = usage.has(task.id);
    if (!isKnown) {
      refuse(refusalIn(view, task, task.nextCost));
      count(task);
    }
    const isNew = await add().catch((error: unknown) => {
      if (!isKnown) usage.remove(task.id);
      throw error;
    });
    if (!isNew && !isKnown) usage.remove(task.id);
    return isNew;
  }

  /** Of an account that other processes spend from as well: it is written down first, since they look at the records. */
  async function admitTogether(task: Task, { add, withdraw }: Booking, shared: Purse): Promise<boolean> {
    refuse(refusalIn(await viewOf(task.origin), task, task.nextCost));
    if (!(await add())) return false;
    try {
      await shared.open(task, async (look) =>
        refuse(refusalIn(await viewOf(task.origin, look), task, task.nextCost)),
      );
      return true;
    } catch (error) {
      await withdraw();
      throw error;
    }
  }

  async function reserveHere(task: Task, write: () => Promise<Task>, next?: Task): Promise<Task> {
    refuse(refusalIn(await viewOf(task.origin), task, next?.cost, true));
    const held = [advance(task, { type: 'queued' }, now()), ...(next ? [next] : [])];
    held.forEach(count);
    try {
      return await write();
    } catch (error) {
      count(task);
      if (next) usage.remove(next.id);
      throw error;
    }
  }

  async function reserveTogether(task: Task, write: () => Promise<Task>, shared: Purse, next?: Task) {
    await shared.claim(task, async (look) =>
      refuse(refusalIn(await viewOf(task.origin, look), task, next?.cost, true)),
    );
    return write();
  }

  return {
    accountOf,
    async admit(task, book) {
      const shared = purseOf(task.account);
      try {
        return await (shared ? admitTogether(task, book, shared) : admitHere(task, book));
      } catch (error) {
        if (!(error instanceof QuotaError)) throw error;
        const asked = task.nextCost ? 'chain' : task.cost.unit;
        throw new UserError(toSentences(error.refusal, asked), { cause: error });
      }
    },
    reserve(task, write, next) {
      const shared = purseOf(task.account);
      if (!shared) return reserveHere(task, write, next);
      // They stand in one line here, or each would see what another one claims, and look anew.
      return inOrder(task.account.person, () => reserveTogether(task, write, shared, next));
    },
    note(task) {
      if (!purseOf(task.account)) count(task);
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

function toAsk({ unit, amount, micros }: Task['cost'], isOpen: boolean): Ask {
  return { unit, amount, ...(micros !== undefined && { cost: micros }), ...(isOpen && { isOpen }) };
}

/** @throws QuotaError for a no. */
function refuse(refusal: Refusal | undefined): void {
  if (refusal) throw new QuotaError(refusal);
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
