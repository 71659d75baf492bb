import { UserError } from '../../errors.js';
import { type Settings, zoneOf } from '../../guilds/settings.js';
import type { Account, Accounts } from '../../quota/account.js';
import { check, type Refusal, type Standing, standings, type View } from '../../quota/check.js';
import { limitsFor } from '../../quota/limits.js';
import type { OperatorLimits, ScopedLimits } from '../../quota/measures.js';
import { createUsage, longestMs, type UsageView } from '../../quota/usage.js';
import { StoreError } from '../../store/store.js';
import { createOrder } from '../../util/keyed-lock.js';
import type { Origin, Task } from '../model/task.js';
import { advance } from '../model/task-record.js';
import { toCounted } from './billing.js';
import { QuotaError, refuse, toAsk, toSentences } from './quota-error.js';
import type { Totals } from './totals.js';
import { createDoubts, type Doubt } from './uncertain-charges.js';
import type { Look, Purse } from './user-usage.js';

export { QuotaError, refusalParams } from './quota-error.js';

/** Who orders, as far as limits are concerned. */
export type Payer = Pick<Origin, 'userId' | 'guildId' | 'guildInstalled' | 'roles'>;

/** Where a new order is persisted. */
export interface Booking {
  /** False if its event already has a task. */
  add(): Promise<boolean>;
  /** Removes it again. */
  withdraw(): Promise<void>;
}

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
   * @param next the follow-up, which `write` also persists.
   * @throws QuotaError if it doesn't fit; StoreError while usage is unknown; then `write` wasn't called.
   */
  reserve(task: Task, write: () => Promise<Task>, next?: Task): Promise<Task>;
  /** Records a task's current state; called for each record read or written. */
  note(task: Task): void;
  /** Drops entries that no limit or history can need any more. Returns how many tasks that were. */
  prune(): number;
  /** Uncertain charges since an instant (ms since the epoch). */
  perhapsBilled(since: number, guildId?: string): Doubt;
  /** The standing of everything limited or used. */
  standings(payer: Payer): Promise<readonly Standing[]>;
}

interface Deps {
  readonly accounts: Accounts;
  readonly settings: Pick<Settings, 'get'>;
  /** QUOTA_* */
  readonly ceiling: ScopedLimits & Partial<OperatorLimits>;
  /** QUOTA_TIME_ZONE */
  readonly timeZone: string;
  /** Usage of users without a guild, if other processes also serve them. */
  readonly purse?: Purse | undefined;
  /** Totals over all guilds and users, if there are other processes. */
  readonly totals?: Totals | undefined;
  readonly now: () => number;
}

/** Each failed try let another user's task through. */
const mostTries = 100;

export function createBudget({ accounts, settings, ceiling, timeZone, purse, totals, now }: Deps): Budget {
  const wide = { user: ceiling.user ?? {}, total: ceiling.total ?? {} };
  const wideZone = { timeZone };
  const isWide = Object.keys({ ...wide.user, ...wide.total }).length > 0;
  const usage = createUsage();
  const doubts = createDoubts();
  const inOrder = createOrder();

  const accountOf = ({ userId, guildId, guildInstalled }: Payer) =>
    accounts.of({ userId, guildInstalled, ...(guildId && { guildId }) });

  /** The usage source of an account, if this process doesn't know all its tasks. */
  const purseOf = ({ guildId }: Account) => (guildId === undefined ? purse : undefined);
  const lookHere = (): Look => ({ usage, now: now() });

  /** Total and user usage include the tasks of other processes. */
  async function widened(look: Look, { person }: Account, asking: readonly Task[]): Promise<UsageView> {
    if (!totals || !isWide) return look.usage;
    const shared = await totals.look(
      person,
      asking.map(({ id }) => id),
    );
    return {
      open: (holder) => look.usage.open(holder),
      tally: (holder, ...asked) =>
        (holder === 'total' || holder.startsWith('user:') ? shared : look.usage).tally(holder, ...asked),
    };
  }

  /** @param asking tasks to exclude if already claimed. */
  async function viewOf(payer: Payer, seen?: Look, asking: readonly Task[] = []): Promise<View> {
    const account = accountOf(payer);
    const rules = account.guildId === undefined ? undefined : await settings.get(account.guildId);
    const look = seen ?? (await purseOf(account)?.look(account.person)) ?? lookHere();
    const usage = await widened(look, account, asking);
    const member = { userId: payer.userId, roles: payer.roles };
    const limits = { ...limitsFor({ ceiling, rules, member, now: look.now }), ...wide };
    const zone = rules ? zoneOf(rules, timeZone) : { timeZone };
    return { account, limits, zone, wideZone, now: look.now, usage };
  }

  /**
   * Claims what is about to be reserved in the totals and for the user, across processes.
   * @throws QuotaError
   */
  async function claimWide(task: Task, tasks: readonly Task[], next?: Task): Promise<void> {
    if (!totals || !isWide) return;
    const asks = tasks.map(({ cost }) => toAsk(cost, true));
    for (let tries = 0; tries < mostTries; tries++) {
      if (await totals.claim(tasks, asks, { limits: wide, zone: wideZone, now: now() })) return;
      const view = await viewOf(task.origin, undefined, tasks);
      refuse(refusalIn({ ...view, limits: { guild: {}, member: {}, ...wide } }, task, next?.cost, true));
    }
    throw new StoreError('locked', 'totals', `others were before task ${task.id} for ${mostTries} times`);
  }

  function refusalIn(view: View, task: Task, next?: Task['cost'], isOpen = false): Refusal | undefined {
    const cost = toAsk(task.cost, isOpen);
    const verdict = next ? check(toAsk(next, isOpen), view, cost) : check(cost, view);
    return verdict.ok ? undefined : verdict.refusal;
  }

  /** Replaces a task's claim with its record. */
  function count(task: Task): void {
    const entry = toCounted(task);
    if (entry) usage.put(entry);
    else usage.remove(task.id);
  }

  /** For an account that only this process uses. Check and count happen in one turn of the event loop. */
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

  /** For an account that other processes use as well: persisted first, because they read the records. */
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

  const heldFor = (task: Task, next?: Task) => [
    advance(task, { type: 'queued' }, now()),
    ...(next ? [next] : []),
  ];

  async function reserveHere(task: Task, write: () => Promise<Task>, next?: Task): Promise<Task> {
    const held = heldFor(task, next);
    refuse(refusalIn(await viewOf(task.origin, undefined, held), task, next?.cost, true));
    held.forEach(count);
    try {
      await claimWide(task, held, next);
      return await write();
    } catch (error) {
      count(task);
      if (next) usage.remove(next.id);
      throw error;
    }
  }

  async function reserveTogether(task: Task, write: () => Promise<Task>, shared: Purse, next?: Task) {
    const held = heldFor(task, next);
    await shared.claim(task, async (look) =>
      refuse(refusalIn(await viewOf(task.origin, look, held), task, next?.cost, true)),
    );
    await claimWide(task, held, next);
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
        throw new UserError(toSentences(error.refusal, asked, task.cost.amount), { cause: error });
      }
    },
    reserve(task, write, next) {
      const shared = purseOf(task.account);
      if (!shared) return reserveHere(task, write, next);
      // Serialized here, or each would see another's claim and retry.
      return inOrder(task.account.person, () => reserveTogether(task, write, shared, next));
    },
    note(task) {
      if (!purseOf(task.account)) count(task);
      if (isWide) totals?.note(task);
      doubts.note(task);
    },
    prune() {
      doubts.prune(now() - longestMs);
      return usage.prune(now());
    },
    perhapsBilled: doubts.sum,
    standings: async (payer) => standings(await viewOf(payer)),
  };
}
