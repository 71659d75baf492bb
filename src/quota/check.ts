import { type Account, holdersOf } from './account.js';
import {
  type AnyScope,
  allScopes,
  type BilledUnit,
  type LimitKey,
  type Limits,
  type Meter,
  meters,
  type PeriodMeter,
  type Scope,
  type ScopedLimits,
  scopes,
  type Unit,
  type WideScope,
  wideScopes,
} from './measures.js';
import { periodIn, type Zone } from './time-zone.js';
import type { UsageView } from './usage.js';

/** One more task and its maximum usage: whole images or seconds, at least 1. */
export interface Ask {
  readonly unit: BilledUnit;
  readonly amount: number;
  /**
   * Cost of the whole amount, millionths of a currency unit. Absent if the price is unknown: then spending limits
   * don't apply.
   */
  readonly cost?: number;
  /** It already counts as an open task: that limit isn't checked again. */
  readonly isOpen?: true;
}

/** Everything known about the user who orders. `limits` are those of `limitsFor`. */
export interface View {
  readonly account: Account;
  readonly usage: UsageView;
  readonly limits: ScopedLimits & Readonly<Partial<Record<WideScope, Limits>>>;
  readonly zone: Zone;
  /**
   * The operator's time zone for wide limits.
   * @default the same
   */
  readonly wideZone?: Zone;
  /** ms since the epoch. */
  readonly now: number;
}

/** A limit by name: whose, and on what. */
export type LimitName = ({ readonly scope: Scope } & Meter) | ({ readonly scope: WideScope } & PeriodMeter);

/** The standing of one measure. Money in millionths. */
export interface Standing {
  readonly limit: LimitName;
  /** Absent if nothing limits it. */
  readonly max?: number;
  readonly reserved: number;
  readonly spent: number;
  /** Reserved plus spent; for open tasks, their number. */
  readonly used: number;
  /** Never below 0, even if the limit was lowered below the usage. Absent if `max` is. */
  readonly left?: number;
  /** ms since the epoch; absent for open tasks. */
  readonly resetsAt?: number;
}

/** A standing that is limited. */
export type LimitedStanding = Standing & { readonly max: number; readonly left: number };

/** A refusal. Waiting until `resetsAt` only helps if `max` is at least `need`. */
export type Refusal = LimitedStanding & {
  /** How much of what is limited the whole order needs. */
  readonly need: number;
  /** How many images or seconds all limits together would allow; absent if none. */
  readonly fits?: number;
  /** The preceding part would fit alone. */
  readonly alone?: true;
  /** Of several results, how many from the first on would fit together; absent if none, or if one was ordered. */
  readonly together?: number;
};

export type Verdict = { readonly ok: true } | { readonly ok: false; readonly refusal: Refusal };

const isWide = (scope: AnyScope): scope is WideScope => wideScopes.some((one) => one === scope);

/** Everything that can be limited, in display order. */
const names: readonly LimitName[] = allScopes.flatMap((scope) =>
  meters.flatMap((meter): LimitName[] => {
    if (!isWide(scope)) return [{ scope, ...meter }];
    return meter.measure === 'open' ? [] : [{ scope, ...meter }];
  }),
);

const ofPeriod = (scope: AnyScope, period: 'day' | 'month') =>
  names.filter((name) => name.scope === scope && name.measure !== 'open' && name.period === period);

/**
 * The soonest to pass comes first (open tasks), then the user's limits before the guild's, and monthly before daily
 * ones: a user told to come back tomorrow must not hit the monthly limit then.
 */
const order: readonly LimitName[] = [
  ...names.filter(({ measure }) => measure === 'open'),
  ...allScopes.flatMap((scope) => [...ofPeriod(scope, 'month'), ...ofPeriod(scope, 'day')]),
];

/** `guild.image.day` */
export function keyOf(limit: LimitName): LimitKey {
  if (limit.scope === 'user' || limit.scope === 'total') return `${limit.scope}.${limit.measure}`;
  return `${limit.scope}.${limit.measure}`;
}

/** The keys of all limits. */
export const limitKeys: readonly LimitKey[] = names.map(keyOf);

/**
 * Checks whether one more task fits, or returns the first limit it would exceed. Pure: a caller that then reserves
 * must prevent checks in between.
 * @param before what is reserved in the same step before it: together they are one open task.
 * @throws RangeError for an amount below 1 or a fraction.
 */
export function check(ask: Ask, view: View, before: Ask | readonly Ask[] = []): Verdict {
  const taken: readonly Ask[] = 'unit' in before ? [before] : before;
  const asks = [...taken, ask];
  for (const { amount, cost = 0 } of asks) {
    requireWhole(amount, 1);
    requireWhole(cost, 0);
  }
  const limited = order
    .filter((limit) => view.limits[limit.scope]?.[limit.measure] !== undefined)
    .filter((limit) => asks.some((one) => concerns(limit, one)))
    .map((limit) => standingOf(limit, view))
    .filter(isLimited);
  const over = limited.filter(({ limit, left }) => needOfAll(limit, asks) > left);
  // A user told to come back tomorrow must not learn then that it was never possible.
  const broken = over.find(({ limit, max }) => needOfAll(limit, asks) > max) ?? over[0];
  if (!broken) return { ok: true };
  const rest = limited.map((each) => ({ ...each, left: each.left - needOfAll(each.limit, taken) }));
  const fits = over.some(({ limit }) => limit.measure === 'open')
    ? 0
    : Math.min(...rest.map((each) => amountUnder(each, ask)));
  const [first, ...more] = [...taken].reverse();
  const alone = first !== undefined && check(first, view, more).ok;
  return {
    ok: false,
    refusal: {
      ...broken,
      need: needOfAll(broken.limit, asks),
      ...(fits > 0 && { fits }),
      ...(alone && { alone }),
    },
  };
}

/**
 * How many of `asks`, from the first on, fit together.
 * @throws as `check`.
 */
export function fitting(asks: readonly Ask[], view: View): number {
  const broken = asks.findIndex((ask, at) => !check(ask, view, asks.slice(0, at)).ok);
  return broken < 0 ? asks.length : broken;
}

/**
 * The standing of everything that can be limited, in display order: the user's, then the guild's. Wide scopes only if
 * limited.
 */
export function standings(view: View): readonly Standing[] {
  const paying: readonly AnyScope[] = view.account.guildId === undefined ? ['member'] : scopes;
  return names
    .filter(
      ({ scope, measure }) =>
        paying.includes(scope) || (isWide(scope) && view.limits[scope]?.[measure] !== undefined),
    )
    .map((limit) => standingOf(limit, view));
}

function standingOf(limit: LimitName, view: View): Standing {
  const { account, usage, limits, zone, wideZone = zone, now } = view;
  const holder = holdersOf(account)[limit.scope];
  const max = limits[limit.scope]?.[limit.measure];
  const bound = (used: number) => (max === undefined ? {} : { max, left: Math.max(0, max - used) });
  if (limit.measure === 'open') {
    const used = holder ? usage.open(holder) : 0;
    return { limit, reserved: used, spent: 0, used, ...bound(used) };
  }
  const period = periodIn(limit.period, now, isWide(limit.scope) ? wideZone : zone);
  const { reserved, spent } = holder ? usage.tally(holder, limit.unit, period) : { reserved: 0, spent: 0 };
  const used = reserved + spent;
  return { limit, reserved, spent, used, ...bound(used), resetsAt: period.end };
}

function isLimited(standing: Standing): standing is LimitedStanding {
  return standing.max !== undefined;
}

function concerns(limit: LimitName, { unit }: Ask): boolean {
  return limit.measure === 'open' || limit.unit === unit || limit.unit === 'cost';
}

/** How much of a unit is ordered. */
export function meterNeed(unit: Unit, asks: readonly Ask[]): number {
  const needs = asks.map((ask) => (unit === 'cost' ? (ask.cost ?? 0) : ask.unit === unit ? ask.amount : 0));
  return needs.reduce((sum, each) => sum + each, 0);
}

function needOfAll(limit: LimitName, asks: readonly Ask[]): number {
  if (limit.measure === 'open') return asks.length === 0 || asks.some(({ isOpen }) => isOpen) ? 0 : 1;
  return meterNeed(limit.unit, asks);
}

/** How many images or seconds of the order would fit under one limit; its cost is spread evenly over them. */
function amountUnder({ limit, left }: LimitedStanding, ask: Ask): number {
  const { amount, cost = 0 } = ask;
  if (limit.measure === 'open') return Number.POSITIVE_INFINITY;
  if (left < 0) return 0;
  if (!concerns(limit, ask)) return Number.POSITIVE_INFINITY;
  if (limit.unit !== 'cost') return left;
  return cost === 0 ? Number.POSITIVE_INFINITY : Number((BigInt(left) * BigInt(amount)) / BigInt(cost));
}

function requireWhole(number: number, least: number): void {
  if (!Number.isSafeInteger(number) || number < least)
    throw new RangeError(`Quota is counted in whole numbers from ${least}, not ${number}.`);
}
