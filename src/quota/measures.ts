import type { PeriodName } from './period.js';

/** What MPS bills: images, and seconds of video. */
export const billedUnits = ['image', 'second'] as const;
export type BilledUnit = (typeof billedUnits)[number];
/** Everything counted: also money, in millionths of the operator's currency unit, if prices are known. */
export type Unit = BilledUnit | 'cost';

/** A member is a user in a guild, or without one (direct messages, user installs). */
export const scopes = ['member', 'guild'] as const;
export type Scope = (typeof scopes)[number];
/** Scopes that only the operator limits, by QUOTA_TIME_ZONE: a user across all guilds, and the total. */
export const wideScopes = ['user', 'total'] as const;
export type WideScope = (typeof wideScopes)[number];
/** All of them, in the order in which they are shown. */
export const allScopes = ['member', 'user', 'guild', 'total'] as const satisfies readonly (
  | Scope
  | WideScope
)[];
export type AnyScope = (typeof allScopes)[number];

/** Something that can be limited: an amount per period, or concurrent tasks. */
export type Meter =
  | { readonly measure: `${Unit}.${PeriodName}`; readonly unit: Unit; readonly period: PeriodName }
  | { readonly measure: 'open' };
export type Measure = Meter['measure'];
/** An amount per period: the only measures of wide scopes. */
export type PeriodMeter = Exclude<Meter, { readonly measure: 'open' }>;

/** Everything that can be limited, in the order it is shown. */
export const meters = [
  { measure: 'image.day', unit: 'image', period: 'day' },
  { measure: 'image.month', unit: 'image', period: 'month' },
  { measure: 'second.day', unit: 'second', period: 'day' },
  { measure: 'second.month', unit: 'second', period: 'month' },
  { measure: 'cost.day', unit: 'cost', period: 'day' },
  { measure: 'cost.month', unit: 'cost', period: 'month' },
  { measure: 'open' },
] as const satisfies readonly Meter[];

export const measures: readonly Measure[] = meters.map(({ measure }) => measure);

/** The maximum of each: whole images, seconds, millionths of money, tasks. Absent: no limit. */
export type Limits = Readonly<Partial<Record<Measure, number>>>;

/** Limits of a guild as a whole and of each of its members. */
export type ScopedLimits = Readonly<Record<Scope, Limits>>;

/** The operator's limits: those, plus the wide ones. */
export type OperatorLimits = ScopedLimits & Readonly<Record<WideScope, Limits>>;

/** A limit by name, as in the reason of a refusal. */
export type LimitKey = `${Scope}.${Measure}` | `${WideScope}.${PeriodMeter['measure']}`;

/** The largest limit or grant: sums of dozens of them stay exact. */
export const largestLimit = 1e14;

/** Money as counted: a whole number of millionths, so that sums have no rounding errors. */
export function toMicros(money: number): number {
  return Math.round(money * 1e6);
}

/** Money for display, in currency units. */
export function fromMicros(micros: number): number {
  return micros / 1e6;
}
