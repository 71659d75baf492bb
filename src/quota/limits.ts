import { type Limits, type Measure, measures, type ScopedLimits } from './measures.js';

/** What an operator sets for one guild instead of the ceiling; null removes a limit. */
export type Override = Readonly<Partial<Record<Measure, number | null>>>;

/** Extra quota on top of a member's limit, in every period until it expires (ms since the epoch). */
export interface Grant {
  readonly to: { readonly userId: string } | { readonly roleId: string };
  readonly measure: Measure;
  readonly extra: number;
  readonly expiresAt: number;
}

/** What a guild's settings say about limits. */
export interface LimitRules {
  /** The operator's override for this guild. */
  readonly override: Readonly<Record<keyof ScopedLimits, Override>>;
  /** The guild's own. */
  readonly limits: ScopedLimits;
  /** By role id: limits of members with the role, instead of every member's. */
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
  /** Absent if no guild pays: direct messages and user installs. */
  readonly rules?: LimitRules | undefined;
  readonly member: Member;
  /** ms since the epoch. */
  readonly now: number;
}

/**
 * The limits that currently apply to a member. The guild's limit is its own, capped by the operator's. A member's is
 * that of their most generous role, else every member's, plus grants, capped by the operator's for members and the
 * guild's. A user without a guild has the operator's for members.
 */
export function limitsFor({ ceiling, rules, member, now }: Parties): ScopedLimits {
  if (!rules) return { guild: {}, member: ceiling.member };
  const top = ceilingFor(ceiling, rules);
  const guild = eachMeasure((measure) => least(top.guild[measure], rules.limits.guild[measure]));
  return {
    guild,
    member: eachMeasure((measure) => {
      const own = least(top.member[measure], allowance(measure, rules, member, now));
      // A member without a limit is stopped by the guild's, which is then named.
      return own === undefined ? undefined : least(own, guild[measure]);
    }),
  };
}

/** A guild's highest limits: the operator's ceiling, with overrides for this guild. */
export function ceilingFor(ceiling: ScopedLimits, { override }: Pick<LimitRules, 'override'>): ScopedLimits {
  const replace = (limits: Limits, by: Override) =>
    eachMeasure((measure) => (by[measure] === null ? undefined : (by[measure] ?? limits[measure])));
  return {
    guild: replace(ceiling.guild, override.guild),
    member: replace(ceiling.member, override.member),
  };
}

/** What the guild allows this member, by role or for everyone, plus grants. Undefined: no limit. */
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
