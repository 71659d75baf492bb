import { type Measure, type Scope, type ScopedLimits, toMicros } from './measures.js';

interface CeilingVariable {
  readonly name: `QUOTA_${string}`;
  readonly scope: Scope;
  readonly measure: Measure;
}

/**
 * The environment variables that hold the operator's ceiling; unset means none. Whole numbers, 0 and up, but for
 * money, which is in currency units and may have decimals.
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
] as const satisfies readonly CeilingVariable[];

export type CeilingName = (typeof ceilingVariables)[number]['name'];

/** The operator's ceiling out of the variables' values as numbers, money in currency units. */
export function toCeiling(values: Readonly<Partial<Record<CeilingName, number | undefined>>>): ScopedLimits {
  const limits = { guild: new Map<Measure, number>(), member: new Map<Measure, number>() };
  for (const { name, scope, measure } of ceilingVariables) {
    const value = values[name];
    if (value !== undefined) limits[scope].set(measure, measure.startsWith('cost') ? toMicros(value) : value);
  }
  return { guild: Object.fromEntries(limits.guild), member: Object.fromEntries(limits.member) };
}
