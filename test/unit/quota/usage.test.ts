import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Account, type Holder, holdersOf } from '../../../src/quota/account.js';
import type { Unit } from '../../../src/quota/measures.js';
import { type Period, periodOf } from '../../../src/quota/period.js';
import { changeZone, periodIn } from '../../../src/quota/time-zone.js';
import { createUsage, type UsageEntry } from '../../../src/quota/usage.js';

const hour = 3_600_000;
const start = Date.UTC(2026, 0, 1);
const january = periodOf('month', start, 'UTC');
const ann: Account = { guildId: 'g1', person: 'ann' };
const accounts: readonly Account[] = [
  ann,
  { guildId: 'g1', person: 'bob' },
  { guildId: 'g2', person: 'ann' },
  { person: 'ann' },
];
const holders: readonly Holder[] = [
  ...new Set(accounts.flatMap((account) => Object.values(holdersOf(account)))),
];

/** Instants a quarter of an hour apart, so that they often meet an edge. */
const quarters = (min: number, max: number) =>
  fc.integer({ min, max }).map((quarter) => start + (quarter * hour) / 4);

const entry = (some: Partial<UsageEntry> = {}): UsageEntry => ({
  taskId: '1:1',
  account: ann,
  unit: 'second',
  amount: 5,
  at: start,
  state: 'reserved',
  open: true,
  ...some,
});

describe('usage', () => {
  it('counts for the guild and for the member of that guild, not for the user elsewhere', () => {
    const usage = createUsage();
    usage.put(entry());
    const used = holders.map((holder) => [holder, usage.used(holder, 'second', january)]);
    expect(Object.fromEntries(used)).toEqual({
      'guild:g1': 5,
      'member:g1:ann': 5,
      'member:g1:bob': 0,
      'guild:g2': 0,
      'member:g2:ann': 0,
      'person:ann': 0,
      'user:ann': 5,
      'user:bob': 0,
      total: 5,
    });
  });

  it('counts against the user if no guild pays', () => {
    const usage = createUsage();
    usage.put(entry({ account: { person: 'ann' } }));
    expect(usage.used('person:ann', 'second', january)).toBe(5);
    expect(usage.open('person:ann')).toBe(1);
  });

  it('is corrected by what was billed, and removed by a refund', () => {
    const usage = createUsage();
    usage.put(entry({ amount: 10, cost: 700_000 }));
    expect(usage.tally('guild:g1', 'second', january)).toEqual({ reserved: 10, spent: 0 });
    usage.put(entry({ amount: 6, cost: 420_000, state: 'spent', open: false }));
    expect(usage.tally('guild:g1', 'second', january)).toEqual({ reserved: 0, spent: 6 });
    expect(usage.tally('guild:g1', 'cost', january)).toEqual({ reserved: 0, spent: 420_000 });
    usage.put(entry({ state: 'refunded', open: false }));
    expect(usage.used('guild:g1', 'second', january)).toBe(0);
    expect(usage.used('guild:g1', 'cost', january)).toBe(0);
  });

  it('counts in the period of the reservation, its first instant included and its last not', () => {
    const usage = createUsage();
    usage.put(entry({ taskId: 'a', at: january.start - 1 }));
    usage.put(entry({ taskId: 'b', at: january.start }));
    usage.put(entry({ taskId: 'c', at: january.end - 1 }));
    usage.put(entry({ taskId: 'd', at: january.end }));
    expect(usage.used('guild:g1', 'second', january)).toBe(10);
  });

  it('counts open tasks whenever they began, also one that is refunded but not over', () => {
    const usage = createUsage();
    usage.put(entry({ taskId: 'a', at: 0 }));
    usage.put(entry({ taskId: 'b', state: 'refunded' }));
    usage.put(entry({ taskId: 'c', state: 'spent', open: false }));
    expect(usage.open('guild:g1')).toBe(2);
    expect(usage.open('member:g1:ann')).toBe(2);
    expect(usage.open('member:g1:bob')).toBe(0);
  });

  it('accepts only whole numbers, and otherwise keeps what it had', () => {
    const usage = createUsage();
    usage.put(entry());
    for (const wrong of [{ amount: 0.5 }, { amount: -1 }, { amount: Number.NaN }, { cost: 0.1 }, { at: -1 }])
      expect(() => usage.put(entry(wrong))).toThrow(RangeError);
    expect(usage.used('guild:g1', 'second', january)).toBe(5);
  });

  it('drops settled tasks that no running period can hold, and no others', () => {
    const usage = createUsage();
    const zone = changeZone({ timeZone: 'Pacific/Kiritimati' }, 'Etc/GMT+12', start + 10 * 24 * hour);
    const longest = periodIn('month', start + 10 * 24 * hour, zone);
    const now = longest.end - 1;
    usage.put(entry({ taskId: 'old', state: 'spent', open: false, at: now - 40 * 24 * hour }));
    usage.put(entry({ taskId: 'old and open', at: now - 40 * 24 * hour }));
    usage.put(entry({ taskId: 'of this month', state: 'spent', open: false, at: longest.start }));
    expect(usage.prune(now)).toBe(1);
    expect(usage.open('guild:g1')).toBe(1);
    expect(usage.used('guild:g1', 'second', longest)).toBe(5);
  });

  it('is exactly the sum over all tasks, in any order of changes and for any period', () => {
    const entries = fc.record(
      {
        taskId: fc.constantFrom('1:1', '2:1', '3:1', '4:1', '5:1', '6:1', '7:1', '8:1'),
        account: fc.constantFrom(...accounts),
        unit: fc.constantFrom('image' as const, 'second' as const),
        amount: fc.integer({ min: 0, max: 20 }),
        cost: fc.integer({ min: 0, max: 1e9 }),
        at: quarters(0, 20),
        state: fc.constantFrom('reserved' as const, 'spent' as const, 'refunded' as const),
        open: fc.boolean(),
      },
      { requiredKeys: ['taskId', 'account', 'unit', 'amount', 'at', 'state', 'open'] },
    );
    const steps = fc.array(
      fc.oneof({ weight: 4, arbitrary: entries }, fc.constantFrom('1:1', '2:1', '3:1')),
      { maxLength: 40 },
    );
    const periods = fc
      .tuple(quarters(-1, 24), quarters(0, 24))
      .map(([from, to]) => ({ start: from, end: to }));
    fc.assert(
      fc.property(steps, periods, (changes, period) => {
        const usage = createUsage();
        const tasks = new Map<string, UsageEntry>();
        for (const change of changes) {
          if (typeof change === 'string') {
            usage.remove(change);
            tasks.delete(change);
          } else {
            usage.put(change);
            tasks.set(change.taskId, change);
          }
        }
        for (const holder of holders) {
          expect(usage.open(holder)).toBe(openOf([...tasks.values()], holder));
          for (const unit of ['image', 'second', 'cost'] as const)
            expect(usage.used(holder, unit, period)).toBe(sumOf([...tasks.values()], holder, unit, period));
        }
      }),
      { numRuns: 300 },
    );
  });
});

const isOf = (holder: Holder) => (task: UsageEntry) =>
  Object.values(holdersOf(task.account)).includes(holder);

function openOf(tasks: readonly UsageEntry[], holder: Holder): number {
  return tasks.filter(isOf(holder)).filter((task) => task.open).length;
}

function sumOf(tasks: readonly UsageEntry[], holder: Holder, unit: Unit, period: Period): number {
  return tasks
    .filter(isOf(holder))
    .filter((task) => task.state !== 'refunded' && task.at >= period.start && task.at < period.end)
    .map((task) => (unit === 'cost' ? (task.cost ?? 0) : task.unit === unit ? task.amount : 0))
    .reduce((sum, amount) => sum + amount, 0);
}
