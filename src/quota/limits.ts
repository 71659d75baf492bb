import { type Limits, type Measure, measures, type ScopedLimits } from './measures.js';

/** What an operator sets for one guild in place of the ceiling; null lifts a limit. */
export type Override = Readonly<Partial<Record<Measure, number | null>>>;

/** Extra on top of a member's share, in every period until it expires (ms since the epoch). */
export interface Grant {
  readonly to: { readonly userId: string } | { readonly roleId: string };
  readonly measure: Measure;
  readonly extra: number;
  readonly expiresAt: number;
}

/** What a guild's settings say about limits. */
export interface LimitRules {
  /** The operator's word on this guild. */
  readonly override: Readonly<Record<keyof ScopedLimits, Override>>;
  /** The guild's own. */
  readonly limits: ScopedLimits;
  /** What members with a role (by its id) may use instead of what every member may. */
  readonly shares: Readonly<Record<string, Limits>>;
  readonly grants: readonly Grant[];
}

export interface Member {
  readonly userId: string;
  /** Ids of their roles. */
  readonly roles: readonly string[];
}

interface Parties {
  /** The operator's, as the environment says. */
  readonly ceiling: ScopedLimits;
  /** Absent if no guild pays: direct messages, and a bot that only the user installed. */
  readonly rules?: LimitRules | undefined;
  readonly member: Member;
  /** ms since the epoch. */
  readonly now: number;
}

/**
 * What counts for a member, here and now. The guild's limit is its own, never above the operator's. A member's is
 * what the most generous of their roles gives, else what every member has; with what they were granted; never above
 * the operator's for members nor the guild's. A user on their own has the operator's for members.
 */
export function limitsFor({ ceiling, rules, member, now }: Parties): ScopedLimits {
  if (!rules) return { guild: {}, member: ceiling.member };
  const top = ceilingFor(ceiling, rules);
  const guild = eachMeasure((measure) => least(top.guild[measure], rules.limits.guild[measure]));
  return {
    guild,
    member: eachMeasure((measure) => {
      const own = least(top.member[measure], allowance(measure, rules, member, now));
      // Where a member has no limit of their own it is the guild's that stops them, and is named.
      return own === undefined ? undefined : least(own, guild[measure]);
    }),
  };
}

/** How far a guild may go: the operator's ceiling, with what an operator set for this guild in its place. */
export function ceilingFor(ceiling: ScopedLimits, { override }: Pick<LimitRules, 'override'>): ScopedLimits {
  const replace = (limits: Limits, by: Override) =>
    eachMeasure((measure) => (by[measure] === null ? undefined : (by[measure] ?? limits[measure])));
  return {
    guild: replace(ceiling.guild, override.guild),
    member: replace(ceiling.member, override.member),
  };
}

/** What the guild gives this member: by role or to everyone, and by grants. Undefined: as much as there is. */
function allowance(measure: Measure, rules: LimitRules, member: Member, now: number): number | undefined {
  const byRole = member.roles.flatMap((role) => rules.shares[role]?.[measure] ?? []);
  const share = byRole.length > 0 ? Math.max(...byRole) : rules.limits.member[measure];
  if (share === undefined) return undefined;
  const granted = rules.grants.filter(
    (grant) => grant.measure === measure && grant.expiresAt > now && isFor(grant, member),
  );
  return granted.reduce((sum, { extra }) => sum + extra, share);
}

/** Whether `grant` was made to this member, or to a role of theirs. */
export function isFor({ to }: Grant, member: Member): boolean {
  return 'userId' in to ? to.userId === member.userId : member.roles.includes(to.roleId);
}

function least(...limits: readonly (number | undefined)[]): number | undefined {
  const there = limits.filter((limit) => limit !== undefined);
  return there.length > 0 ? Math.min(...there) : undefined;
}

function eachMeasure(limit: (measure: Measure) => number | undefined): Limits {
  return Object.fromEntries(
    measures.flatMap((measure) => {
      const value = limit(measure);
      return value === undefined ? [] : [[measure, value] as const];
    }),
  );
}
