import { type Settings, zoneOf } from '../../guilds/settings.js';
import type { Account, Accounts } from '../../quota/account.js';
import { check, fitting, type Refusal, type View } from '../../quota/check.js';
import { limitsFor } from '../../quota/limits.js';
import type { OperatorLimits, ScopedLimits } from '../../quota/measures.js';
import { createUsage, type UsageView } from '../../quota/usage.js';
import type { Origin, Task } from '../model/task.js';
import { toCounted } from './billing.js';
import { QuotaError, toAsk } from './quota-error.js';
import type { Totals } from './totals.js';
import type { Look, UserUsage } from './user-usage.js';

/** Who orders, as far as limits are concerned. */
export type Payer = Pick<Origin, 'userId' | 'guildId' | 'guildInstalled' | 'roles'>;

export interface BudgetDeps {
  readonly accounts: Accounts;
  readonly settings: Pick<Settings, 'get'>;
  /** QUOTA_* */
  readonly ceiling: ScopedLimits & Partial<OperatorLimits>;
  /** QUOTA_TIME_ZONE */
  readonly timeZone: string;
  /** Usage of users without a guild, if other processes also serve them. */
  readonly purse?: UserUsage | undefined;
  /** Totals over all guilds and users, if there are other processes. */
  readonly totals?: Totals | undefined;
  /** Of the operator's prices. */
  readonly currency?: string | undefined;
  readonly now: () => number;
}

export type SpendingView = ReturnType<typeof createSpendingView>;

/** What has been spent under the limits that apply to someone. */
export function createSpendingView(deps: BudgetDeps) {
  const { accounts, settings, ceiling, timeZone, purse, totals, currency, now } = deps;
  const wide = { user: ceiling.user ?? {}, total: ceiling.total ?? {} };
  const wideZone = { timeZone };
  const isWide = Object.keys({ ...wide.user, ...wide.total }).length > 0;
  const usage = createUsage();

  const accountOf = ({ userId, guildId, guildInstalled }: Payer) =>
    accounts.of({ userId, guildInstalled, ...(guildId && { guildId }) });

  /** The usage source of an account, if this process doesn't know all its tasks. */
  const purseOf = ({ guildId }: Account) => (guildId === undefined ? purse : undefined);
  const lookHere = (): Look => ({ usage, now: now() });

  /** @param asking tasks to exclude if already claimed. */
  async function viewOf(payer: Payer, seen?: Look, asking: readonly Task[] = []): Promise<View> {
    const account = accountOf(payer);
    const rules = account.guildId === undefined ? undefined : await settings.get(account.guildId);
    const look = seen ?? (await purseOf(account)?.look(account.person)) ?? lookHere();
    const usage = totals && isWide ? await widened(totals, look, account, asking) : look.usage;
    const member = { userId: payer.userId, roles: payer.roles };
    const limits = { ...limitsFor({ ceiling, rules, member, now: look.now }), ...wide };
    const zone = rules ? zoneOf(rules, timeZone) : { timeZone };
    return { account, limits, zone, wideZone, now: look.now, usage };
  }

  /** @throws QuotaError for a refusal. */
  function refuse(refusal: Refusal | undefined): void {
    if (refusal) throw new QuotaError(refusal, currency);
  }

  return { wide, wideZone, isWide, usage, accountOf, purseOf, viewOf, refuse, count: countIn(usage) };
}

/** Total and user usage include the tasks of other processes. */
async function widened(
  totals: Totals,
  look: Look,
  { person }: Account,
  asking: readonly Task[],
): Promise<UsageView> {
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

/**
 * Why a task doesn't fit, together with all that is reserved in the same step; undefined if it does.
 * @param rest what that costs: the other parts of its set, then the clip that follows.
 */
export function refusalIn(
  view: View,
  task: Task,
  rest: readonly Task['cost'][],
  isOpen = false,
): Refusal | undefined {
  const asks = [task.cost, ...rest].map((cost) => toAsk(cost, isOpen));
  const [last, ...before] = asks.toReversed();
  const verdict = last ? check(last, view, before.reverse()) : undefined;
  if (!verdict || verdict.ok) return undefined;
  const together = task.set ? fitting(asks.slice(0, task.set.parts), view) : 0;
  return { ...verdict.refusal, ...(together > 0 && { together }) };
}

/** What is reserved in the same step as an order's first task. */
export function restCosts({ set, nextCost }: Task): readonly Task['cost'][] {
  return [...(set?.costs ?? []), ...(nextCost ? [nextCost] : [])];
}

/** @returns counts what the ledger says of a task, in place of what was held for it. */
function countIn(usage: ReturnType<typeof createUsage>) {
  return (task: Task): void => {
    const entry = toCounted(task);
    if (entry) usage.put(entry);
    else usage.remove(task.id);
  };
}
