import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../../src/guilds/settings.js';
import { limitKeys } from '../../../src/quota/check.js';
import { ceilingFor, type LimitRules, limitsFor } from '../../../src/quota/limits.js';
import {
  fromMicros,
  type Limits,
  measures,
  meters,
  type ScopedLimits,
  toMicros,
} from '../../../src/quota/measures.js';
import { ceilingVariables, toCeiling } from '../../../src/quota/operator-limits.js';

const none: ScopedLimits = { guild: {}, member: {} };
const now = Date.UTC(2026, 0, 10);
const ann = { userId: '100000000000000001', roles: ['200000000000000001', '200000000000000002'] };
const rules = (some: Partial<LimitRules>): LimitRules => ({ ...defaultSettings, ...some });

/** Ann's own limit on pictures a day, the operator allowing 100. */
function share(some: Partial<LimitRules>, member = ann): number | undefined {
  const ceiling = { guild: { 'image.day': 1000 }, member: { 'image.day': 100 } } as const;
  return limitsFor({ ceiling, rules: rules(some), member, now }).member['image.day'];
}

describe("the operator's ceiling", () => {
  it('has a variable for everything that can be limited, in all scopes', () => {
    const named = ceilingVariables.map(({ scope, measure }) => `${scope} ${measure}`);
    expect(named.toSorted()).toEqual(limitKeys.map((key) => key.replace('.', ' ')).toSorted());
    for (const { name, scope, measure } of ceilingVariables) {
      const [unit, period] = measure.split('.');
      const words = [scope, unit === 'open' || unit === 'cost' ? unit : `${unit}s`, period].filter(Boolean);
      expect(name).toBe(['QUOTA', ...words].join('_').toUpperCase());
    }
  });

  it('is what the variables say, and nothing if they are unset', () => {
    expect(toCeiling({})).toEqual({ ...none, user: {}, total: {} });
    expect(
      toCeiling({ QUOTA_GUILD_IMAGES_DAY: 0, QUOTA_MEMBER_OPEN: 2, QUOTA_MEMBER_SECONDS_MONTH: undefined }),
    ).toEqual({
      guild: { 'image.day': 0 },
      member: { open: 2 },
      user: {},
      total: {},
    });
  });

  it('reads money in currency units and counts it in whole millionths', () => {
    expect(toCeiling({ QUOTA_GUILD_COST_MONTH: 19.99 }).guild).toEqual({ 'cost.month': 19_990_000 });
    expect(toMicros(0.1) + toMicros(0.2)).toBe(toMicros(0.3));
    expect(fromMicros(toMicros(19.99))).toBe(19.99);
  });

  it('is replaced for one guild by what an operator set there, up, down or off', () => {
    const ceiling = { guild: { 'image.day': 10, 'second.day': 10, open: 5 }, member: { open: 1 } } as const;
    const override = {
      guild: { 'image.day': 20, 'second.day': 5, open: null, 'cost.day': 7 },
      member: { open: 3 },
    };
    expect(ceilingFor(ceiling, { override })).toEqual({
      guild: { 'image.day': 20, 'second.day': 5, 'cost.day': 7 },
      member: { open: 3 },
    });
  });
});

describe('the effective limits', () => {
  it('are none if no one set any', () => {
    expect(limitsFor({ ceiling: none, rules: defaultSettings, member: ann, now })).toEqual(none);
  });

  it("are the operator's for a user outside guilds", () => {
    const ceiling = { guild: { open: 50 }, member: { open: 2 } };
    expect(limitsFor({ ceiling, member: ann, now })).toEqual({ guild: {}, member: { open: 2 } });
  });

  it('can be lowered by the guild, never raised', () => {
    expect(share({ limits: { guild: {}, member: { 'image.day': 10 } } })).toBe(10);
    expect(share({ limits: { guild: {}, member: { 'image.day': 500 } } })).toBe(100);
    expect(share({ limits: { guild: { 'image.day': 30 }, member: {} } })).toBe(30);
  });

  it('come from the most generous role, which replaces the limit for everyone', () => {
    const limits = { guild: {}, member: { 'image.day': 10 } };
    const [first = '', second = ''] = ann.roles;
    expect(share({ limits, shares: { [first]: { 'image.day': 5 }, [second]: { 'image.day': 50 } } })).toBe(
      50,
    );
    expect(share({ limits, shares: { [first]: { 'image.day': 5 } } })).toBe(5);
    expect(share({ limits, shares: { [first]: { 'second.day': 5 } } })).toBe(10);
    expect(share({ limits, shares: { '200000000000000009': { 'image.day': 50 } } })).toBe(10);
    expect(share({ limits, shares: { [first]: { 'image.day': 5000 } } })).toBe(100);
  });

  it('include grants to the member or to a role of theirs, until they expire', () => {
    const limits = { guild: {}, member: { 'image.day': 10 } };
    const grant = { measure: 'image.day', extra: 4, expiresAt: now + 1 } as const;
    const toAnn = { ...grant, to: { userId: ann.userId } };
    const toRole = { ...grant, to: { roleId: ann.roles[1] ?? '' }, extra: 7 };
    expect(share({ limits, grants: [toAnn, toRole] })).toBe(21);
    expect(share({ limits, grants: [{ ...toAnn, expiresAt: now }] })).toBe(10);
    expect(share({ limits, grants: [{ ...toAnn, measure: 'image.month' }] })).toBe(10);
    expect(share({ limits, grants: [toAnn, toRole] }, { userId: '100000000000000002', roles: [] })).toBe(10);
    expect(share({ limits, grants: [{ ...toAnn, extra: 1000 }] })).toBe(100);
  });

  const amounts = fc.integer({ min: 0, max: 100 });
  const limits: fc.Arbitrary<Limits> = fc
    .array(fc.tuple(fc.constantFrom(...measures), amounts))
    .map((pairs) => Object.fromEntries(pairs));
  const scoped = fc.record({ guild: limits, member: limits });
  const grants = fc.array(
    fc.record({
      to: fc.constantFrom({ userId: ann.userId }, { roleId: ann.roles[0] ?? '' }),
      measure: fc.constantFrom(...measures),
      extra: amounts,
      expiresAt: fc.constantFrom(now - 1, now + 1),
    }),
  );
  const anyRules = fc.record({
    limits: scoped,
    shares: fc.dictionary(fc.constantFrom(...ann.roles), limits),
    grants,
    override: fc.constant({ guild: {}, member: {} }),
  });

  it("never exceed the operator's, whatever a guild sets, shares and grants", () => {
    fc.assert(
      fc.property(scoped, anyRules, (ceiling, anything) => {
        const found = limitsFor({ ceiling, rules: anything, member: ann, now });
        for (const { measure } of meters) {
          const inGuild = found.guild[measure] ?? Number.POSITIVE_INFINITY;
          const own = found.member[measure] ?? Number.POSITIVE_INFINITY;
          expect(inGuild).toBeLessThanOrEqual(ceiling.guild[measure] ?? Number.POSITIVE_INFINITY);
          expect(own).toBeLessThanOrEqual(ceiling.member[measure] ?? Number.POSITIVE_INFINITY);
          // A member without a limit of their own is held by the guild's alone.
          if (Number.isFinite(own)) expect(own).toBeLessThanOrEqual(inGuild);
        }
      }),
    );
  });
});
