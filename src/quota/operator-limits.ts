import { type AnyScope, allScopes, type Measure, type OperatorLimits, toMicros } from './measures.js';

interface CeilingVariable {
  readonly name: `QUOTA_${string}`;
  readonly scope: AnyScope;
  readonly measure: Measure;
}

/**
 * The environment variables of the operator's ceiling; unset means no limit. Whole numbers from 0, except money,
 * which is in currency units and may have decimals.
 */
export const ceilingVariables = [
  { name: 'QUOTA_GUILD_IMAGES_DAY', scope: 'guild', measure: 'image.day' },
  { name: 'QUOTA_GUILD_IMAGES_MONTH', scope: 'guild', measure: 'image.month' },
  { name: 'QUOTA_GUILD_SECONDS_DAY', scope: 'guild', measure: 'second.day' },
  { name: 'QUOTA_GUILD_SECONDS_MONTH', scope: 'guild', measure: 'second.month' },
  { name: 'QUOTA_GUILD_COST_DAY', scope: 'guild', measure: 'cost.day' },
  { name: 'QUOTA_GUILD_COST_MONTH', scope: 'guild', measure: 'cost.month' },
  { name: 'QUOTA_GUILD_OPEN', scope: 'guild', measure: 'open' },
  { name: 'QUOTA_MEMBER_IMAGES_DAY', scope: 'member', measure: 'image.day' },
  { name: 'QUOTA_MEMBER_IMAGES_MONTH', scope: 'member', measure: 'image.month' },
  { name: 'QUOTA_MEMBER_SECONDS_DAY', scope: 'member', measure: 'second.day' },
  { name: 'QUOTA_MEMBER_SECONDS_MONTH', scope: 'member', measure: 'second.month' },
  { name: 'QUOTA_MEMBER_COST_DAY', scope: 'member', measure: 'cost.day' },
  { name: 'QUOTA_MEMBER_COST_MONTH', scope: 'member', measure: 'cost.month' },
  { name: 'QUOTA_MEMBER_OPEN', scope: 'member', measure: 'open' },
  { name: 'QUOTA_USER_IMAGES_DAY', scope: 'user', measure: 'image.day' },
  { name: 'QUOTA_USER_IMAGES_MONTH', scope: 'user', measure: 'image.month' },
  { name: 'QUOTA_USER_SECONDS_DAY', scope: 'user', measure: 'second.day' },
  { name: 'QUOTA_USER_SECONDS_MONTH', scope: 'user', measure: 'second.month' },
  { name: 'QUOTA_USER_COST_DAY', scope: 'user', measure: 'cost.day' },
  { name: 'QUOTA_USER_COST_MONTH', scope: 'user', measure: 'cost.month' },
  { name: 'QUOTA_TOTAL_IMAGES_DAY', scope: 'total', measure: 'image.day' },
  { name: 'QUOTA_TOTAL_IMAGES_MONTH', scope: 'total', measure: 'image.month' },
  { name: 'QUOTA_TOTAL_SECONDS_DAY', scope: 'total', measure: 'second.day' },
  { name: 'QUOTA_TOTAL_SECONDS_MONTH', scope: 'total', measure: 'second.month' },
  { name: 'QUOTA_TOTAL_COST_DAY', scope: 'total', measure: 'cost.day' },
  { name: 'QUOTA_TOTAL_COST_MONTH', scope: 'total', measure: 'cost.month' },
] as const satisfies readonly CeilingVariable[];

export type CeilingName = (typeof ceilingVariables)[number]['name'];

/** The operator's limits from the variables' numeric values, money in currency units. */
export function toCeiling(
  values: Readonly<Partial<Record<CeilingName, number | undefined>>>,
): OperatorLimits {
  const limitsOf = (wanted: AnyScope) =>
    Object.fromEntries(
      ceilingVariables.flatMap(({ name, scope, measure }) => {
        const value = scope === wanted ? values[name] : undefined;
        if (value === undefined) return [];
        return [[measure, measure.startsWith('cost') ? toMicros(value) : value] as const];
      }),
    );
  const [member, user, guild, total] = allScopes.map(limitsOf);
  return { member: member ?? {}, user: user ?? {}, guild: guild ?? {}, total: total ?? {} };
}

/**
 * True if the operator limits spending: images, seconds or money, in any scope. Limiting concurrent tasks doesn't
 * limit the bill.
 */
export function isSpendingLimited(values: Readonly<Record<string, number>>): boolean {
  return ceilingVariables.some(({ name, measure }) => measure !== 'open' && values[name] !== undefined);
}
