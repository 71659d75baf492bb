import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Ask, check, type LimitName, standings, type View } from '../../../src/quota/check.js';
import { type Limits, meters, type ScopedLimits, scopes } from '../../../src/quota/measures.js';
import { createUsage, type UsageEntry } from '../../../src/quota/usage.js';

const now = Date.UTC(2026, 0, 31, 12);
const tomorrow = Date.UTC(2026, 1, 1);
const account = { guildId: 'g1', person: 'ann' };
const none: ScopedLimits = { guild: {}, member: {} };

/** Ann's view in her guild, after `used` was spent today by her (`ann`) or by others. */
function view(
  limits: Partial<ScopedLimits>,
  used: readonly (Partial<UsageEntry> & { readonly by?: string })[] = [],
): View {
  const usage = createUsage();
  used.forEach(({ by = 'ann', ...some }, index) => {
    const spent = { unit: 'second', amount: 1, at: now - 1000, state: 'spent', open: false } as const;
    usage.put({ taskId: `${index}:1`, account: { ...account, person: by }, ...spent, ...some });
  });
  return { account, usage, limits: { ...none, ...limits }, zone: { timeZone: 'UTC' }, now };
}

const clip = (seconds: number, cost?: number): Ask => ({
  unit: 'second',
  amount: seconds,
  ...(cost !== undefined && { cost }),
});
const refusal = (ask: Ask, seen: View) => {
  const verdict = check(ask, seen);
  return verdict.ok ? undefined : verdict.refusal;
};
const name = ({ scope, measure }: LimitName) => `${scope} ${measure}`;

describe('a check', () => {
  it('allows everything if nothing is limited', () => {
    expect(check(clip(1e6, 1e12), view({}, [{ amount: 1e9 }]))).toEqual({ ok: true });
  });

  it('allows what fits to the last second, and not one more', () => {
    const seen = view({ member: { 'second.day': 10 } }, [{ amount: 4 }, { amount: 1, state: 'reserved' }]);
    expect(check(clip(5), seen)).toEqual({ ok: true });
    expect(check(clip(6), seen)).toEqual({
      ok: false,
      refusal: {
        limit: { scope: 'member', measure: 'second.day', unit: 'second', period: 'day' },
        max: 10,
        reserved: 1,
        spent: 4,
        used: 5,
        left: 5,
        need: 6,
        resetsAt: tomorrow,
        fits: 5,
      },
    });
  });

  it('counts a picture and its clip together, as one open task, and says what would fit of the clip', () => {
    const picture: Ask = { unit: 'image', amount: 1 };
    const seen = view({ member: { 'second.day': 8, 'image.day': 1, open: 1 } });
    expect(check(clip(8), seen, picture)).toEqual({ ok: true });
    expect(check(clip(9), seen, picture)).toMatchObject({ refusal: { left: 8, fits: 8, alone: true } });
    const spent = view({ member: { 'second.day': 8, 'image.day': 1 } }, [{ unit: 'image' }]);
    const { refusal: none } = check(clip(5), spent, picture) as { refusal: object };
    expect(none).toMatchObject({ limit: { measure: 'image.day' }, left: 0 });
    expect(none).not.toHaveProperty('fits');
    expect(none).not.toHaveProperty('alone');
    const dear = view({ guild: { 'cost.day': 100 } });
    expect(check(clip(5, 90), dear, { ...picture, cost: 20 })).toMatchObject({
      refusal: { fits: 4, alone: true },
    });
  });

  it('says what would fit under all limits, not just under the one it names', () => {
    const seen = view({ member: { 'second.day': 8 }, guild: { 'second.month': 3 } });
    const refused = refusal(clip(10), seen);
    expect(refused && name(refused.limit)).toBe('member second.day');
    expect(refused?.fits).toBe(3);
  });

  it('says nothing would fit if nothing would', () => {
    const used = [{ amount: 8 }];
    expect(refusal(clip(1), view({ member: { 'second.day': 8 } }, used))).not.toHaveProperty('fits');
    expect(refusal(clip(9), view({ member: { open: 0 } }))).not.toHaveProperty('fits');
  });

  it('names first what waiting does not help with', () => {
    const seen = view({ member: { 'second.day': 4, 'second.month': 10 } }, [{ amount: 8 }]);
    const refused = refusal(clip(5), seen);
    expect(refused && name(refused.limit)).toBe('member second.day');
    expect(refused).toMatchObject({ max: 4, need: 5 });
  });

  it('never has less than nothing left, though a limit was lowered under what is used', () => {
    expect(refusal(clip(1), view({ member: { 'second.day': 3 } }, [{ amount: 8 }]))).toMatchObject({
      used: 8,
      left: 0,
    });
  });

  it('counts open tasks apart from amounts, and gives no reset time for them', () => {
    const open = { state: 'reserved', open: true, unit: 'image', at: 0 } as const;
    const refused = refusal(clip(1), view({ guild: { open: 2 } }, [open, { ...open, by: 'bob' }]));
    expect(refused).toEqual({
      limit: { scope: 'guild', measure: 'open' },
      max: 2,
      reserved: 2,
      spent: 0,
      used: 2,
      left: 0,
      need: 1,
    });
  });

  it('counts pictures against pictures and seconds against seconds', () => {
    const seen = view({ member: { 'image.day': 0 } });
    expect(check(clip(5), seen).ok).toBe(true);
    expect(check({ unit: 'image', amount: 1 }, seen).ok).toBe(false);
  });

  it('limits money exactly, and says how many seconds are left', () => {
    const seen = view({ member: { 'cost.month': 1_000_000 } }, [{ cost: 300_000 }]);
    expect(check(clip(7, 700_000), seen)).toEqual({ ok: true });
    expect(refusal(clip(8, 800_000), seen)).toMatchObject({ left: 700_000, fits: 7 });
    expect(refusal(clip(3, 1_000_000), seen)).toMatchObject({ fits: 2 });
    expect(check(clip(8), seen).ok, 'a price not known limits nothing').toBe(true);
  });

  it('counts the guild as a whole and its members separately', () => {
    const limits = { member: { 'second.day': 10 }, guild: { 'second.day': 15 } };
    const used = [{ by: 'bob', amount: 9 }];
    expect(check(clip(6), view(limits, used)).ok).toBe(true);
    const refused = refusal(clip(7), view(limits, used));
    expect(refused && name(refused.limit)).toBe('guild second.day');
  });

  it('holds a user outside guilds to their own limits', () => {
    const usage = createUsage();
    const alone = { ...view({ member: { open: 1 } }), account: { person: 'ann' }, usage };
    expect(check(clip(5), alone).ok).toBe(true);
    usage.put({
      taskId: '1:1',
      account: alone.account,
      unit: 'second',
      amount: 5,
      at: now,
      state: 'reserved',
      open: true,
    });
    expect(check(clip(5), alone).ok).toBe(false);
  });

  it("starts over with the day and the month, by the guild's clock", () => {
    const used = [{ amount: 5 }];
    const seen = view({ member: { 'second.day': 5, 'second.month': 9 } }, used);
    const at = (when: number, timeZone: string) => check(clip(5), { ...seen, now: when, zone: { timeZone } });
    expect(at(tomorrow - 1, 'UTC').ok).toBe(false);
    expect(at(tomorrow, 'UTC').ok).toBe(true);
    expect(at(tomorrow, 'America/New_York').ok).toBe(false);
  });

  it('names the first limit in a fixed order: open before amounts, own before the guild’s, month before day', () => {
    const everything: Limits = Object.fromEntries(meters.map(({ measure }) => [measure, 0]));
    const { open: _, ...amounts } = everything;
    const limits: Record<string, Record<string, number>> = {
      guild: { ...everything },
      member: { ...everything },
      user: { ...amounts },
      total: { ...amounts },
    };
    const seen: string[] = [];
    for (;;) {
      const refused = refusal(clip(1, 1), view(limits));
      if (!refused) break;
      const { scope, measure } = refused.limit;
      seen.push(`${scope} ${measure}`);
      delete limits[scope]?.[measure];
    }
    expect(seen).toEqual([
      'member open',
      'guild open',
      'member second.month',
      'member cost.month',
      'member second.day',
      'member cost.day',
      'user second.month',
      'user cost.month',
      'user second.day',
      'user cost.day',
      'guild second.month',
      'guild cost.month',
      'guild second.day',
      'guild cost.day',
      'total second.month',
      'total cost.month',
      'total second.day',
      'total cost.day',
    ]);
  });

  it('refuses invalid amounts', () => {
    for (const ask of [clip(0), clip(-1), clip(1.5), clip(Number.NaN), clip(1, 0.5), clip(1, -1)])
      expect(() => check(ask, view({}))).toThrow(RangeError);
  });

  const limits: fc.Arbitrary<Limits> = fc
    .array(fc.tuple(fc.constantFrom(...meters), fc.integer({ min: 0, max: 60 })))
    .map((pairs) => Object.fromEntries(pairs.map(([{ measure }, max]) => [measure, max])));
  const spent = fc.array(
    fc.record({
      by: fc.constantFrom('ann', 'bob'),
      unit: fc.constantFrom('image' as const, 'second' as const),
      amount: fc.integer({ min: 0, max: 9 }),
      cost: fc.integer({ min: 0, max: 9 }),
      at: fc.constantFrom(now, Date.UTC(2026, 0, 1), Date.UTC(2025, 11, 31)),
      state: fc.constantFrom('spent' as const, 'reserved' as const, 'refunded' as const),
      open: fc.boolean(),
    }),
    { maxLength: 8 },
  );
  const asks = fc.record({
    unit: fc.constantFrom('image' as const, 'second' as const),
    amount: fc.integer({ min: 1, max: 30 }),
  });
  const seen = fc.tuple(limits, limits, spent).map(([member, guild, used]) => view({ member, guild }, used));

  it('allows exactly if every standing stays within its limit', () => {
    fc.assert(
      fc.property(asks, fc.integer({ min: 0, max: 30 }), seen, (ask, cost, before) => {
        const within = standings(before).every(({ limit, used, max = Number.POSITIVE_INFINITY }) => {
          if (limit.measure === 'open') return used + 1 <= max;
          const more = limit.unit === ask.unit ? ask.amount : limit.unit === 'cost' ? cost : 0;
          return more === 0 || used + more <= max;
        });
        expect(check({ ...ask, cost }, before).ok).toBe(within);
      }),
      { numRuns: 500 },
    );
  });

  it('promises exactly what fits', () => {
    fc.assert(
      fc.property(asks, fc.integer({ min: 0, max: 5 }), seen, (ask, price, before) => {
        const priced = (amount: number): Ask => ({ ...ask, amount, cost: amount * price });
        const refused = refusal(priced(ask.amount), before);
        const possible = Array.from({ length: ask.amount }, (_, index) => index + 1).filter(
          (amount) => check(priced(amount), before).ok,
        );
        if (refused) expect(refused.fits).toBe(possible.at(-1));
      }),
      { numRuns: 500 },
    );
  });
});

describe('the standings', () => {
  it('show everything that can be limited, own before the guild’s, limited or not', () => {
    const found = standings(view({ guild: { 'image.day': 5 } }, [{ amount: 7 }]));
    expect(found.map(({ limit }) => name(limit))).toEqual(
      scopes.flatMap((scope) => meters.map(({ measure }) => `${scope} ${measure}`)),
    );
    expect(found.filter(({ max }) => max !== undefined).map(({ limit }) => name(limit))).toEqual([
      'guild image.day',
    ]);
    expect(found.find(({ limit }) => name(limit) === 'member second.month')).toEqual({
      limit: { scope: 'member', measure: 'second.month', unit: 'second', period: 'month' },
      reserved: 0,
      spent: 7,
      used: 7,
      resetsAt: tomorrow,
    });
  });

  it('show nothing of a guild to a user outside guilds', () => {
    const found = standings({ ...view({}), account: { person: 'ann' } });
    expect(new Set(found.map(({ limit }) => limit.scope))).toEqual(new Set(['member']));
  });
});
