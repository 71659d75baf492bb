import fc from 'fast-check';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectRedis, settled } from '../../src/cluster/redis-connection.js';
import { createSharedTotals, type SharedTotals, type Spend } from '../../src/cluster/shared-totals.js';
import { createSettings } from '../../src/guilds/settings.js';
import { silentLog } from '../../src/log.js';
import { createAccounts } from '../../src/quota/account.js';
import { periodOf } from '../../src/quota/period.js';
import { createUsage } from '../../src/quota/usage.js';
import { toUsage } from '../../src/tasks/accounting/billing.js';
import { createBudget } from '../../src/tasks/accounting/budget.js';
import { createTotals, type Totals } from '../../src/tasks/accounting/totals.js';
import { restOf } from '../../src/tasks/ledger/order-parts.js';
import type { Task } from '../../src/tasks/model/task.js';
import { hasRedis, type RedisServer, startRedis } from '../support/redis.js';
import { createMemoryTable } from '../support/table.js';
import { anImageRequest, anOrigin, aTask, aTaskId, aVideoRequest, noon, states } from '../support/tasks.js';
import { giveChance, until } from '../support/until.js';

const hour = 3_600_000;
const day = 24 * hour;
const people = ['ann', 'ben'] as const;
const zones = ['UTC', 'Asia/Kathmandu', 'America/St_Johns'];

describe.skipIf(!hasRedis)('totals over all processes', () => {
  let server: RedisServer;
  let redis: Redis;
  let shared: SharedTotals;
  beforeAll(async () => {
    server = await startRedis();
    redis = connectRedis(server.url());
    await settled(redis);
    shared = createSharedTotals({ redis, lease: () => '' });
  });
  afterAll(async () => {
    redis.disconnect();
    await server.close();
  });
  beforeEach(async () => {
    await redis.flushall();
  });

  const spend = (changes: Partial<Spend> = {}): Spend => ({
    id: aTaskId(),
    person: 'ann',
    at: noon,
    unit: 'image',
    amount: 1,
    cost: 0,
    state: 'reserved',
    ...changes,
  });
  const atMost = (max: number, need = 1, scope: 'user' | 'total' = 'user') => {
    const { start, end } = periodOf('day', noon, 'UTC');
    return { scope, unit: 'image' as const, start, end, max, need };
  };

  it('are granted exactly as often as the limit says, however many ask', async () => {
    const asked = Array.from({ length: 60 }, (_, n) =>
      shared.claim([spend({ person: `p${n}` })], [atMost(17, 1, 'total')]),
    );
    expect((await Promise.all(asked)).filter(Boolean)).toHaveLength(17);
  });

  it('are neither doubled by a repeated claim, nor lost by a refused one', async () => {
    const [one, other] = [spend(), spend()];
    for (let n = 0; n < 3; n++) expect(await shared.claim([one], [atMost(1)])).toBe(true);
    expect(await shared.claim([other], [atMost(1)])).toBe(false);
    expect(await shared.claim([{ ...one, amount: 2 }], [atMost(1, 2)])).toBe(false);
    expect((await shared.look('ann', [])).user).toMatchObject([{ amount: 1, state: 'reserved' }]);
    await shared.put([{ ...one, amount: 0 }], 'all');
    expect(await shared.claim([other], [atMost(1)])).toBe(true);
    // Someone else, and another day, have their own.
    expect(await shared.claim([spend({ person: 'ben' })], [atMost(1)])).toBe(true);
    const before = periodOf('day', noon - day, 'UTC');
    const yesterday = { ...atMost(1), start: before.start, end: before.end };
    expect(await shared.claim([spend({ at: noon - day })], [yesterday])).toBe(true);
  });

  it('do not count for a process that lost its lease', async () => {
    const struckOff = createSharedTotals({ redis, lease: () => '7' });
    await expect(struckOff.claim([spend()], [])).rejects.toMatchObject({ reason: 'fenced' });
    await expect(struckOff.put([spend()], 'all')).rejects.toMatchObject({ reason: 'fenced' });
  });

  it('of other processes are only added where they have not counted it themselves', async () => {
    const one = spend();
    await shared.put([{ ...one, amount: 0 }], 'all');
    await shared.put([one, spend()], 'absent');
    expect((await shared.look('ann', [])).user).toMatchObject([{ amount: 1 }]);
  });

  it('are forgotten once no period can hold them', async () => {
    const [old, young] = [spend({ at: noon - 40 * day }), spend({ at: noon - 20 * day })];
    await shared.put([old, young], 'all');
    await shared.prune(noon - 33 * day);
    expect(await shared.differing([old, young])).toEqual([old]);
  });

  it('count what a crash left written of a set, whichever record is read first', async () => {
    const set = { part: 1, parts: 3, before: 0, results: 3, wish: { count: 3 } };
    const cost = { unit: 'image', amount: 1 } as const;
    const lead = aTask({ account: { person: 'ann' }, cost, set: { ...set, costs: [cost, cost] } });
    const [second] = restOf(lead, noon);
    if (!second) throw new Error('there are three');
    for (const rows of [
      [lead, second],
      [second, lead],
    ]) {
      await redis.flushall();
      const totals = createTotals({ shared, owns: () => true, log: silentLog, now: () => noon });
      for (const row of rows) totals.index.see(row);
      await totals.index.ready();
      const { user } = await shared.look('ann', []);
      expect(user.reduce((sum, { amount }) => sum + amount, 0)).toBe(1);
    }
  });

  it('hold a set whole or not at all, whichever of two processes is first', async () => {
    const accounts = createAccounts({ table: createMemoryTable() });
    await accounts.load();
    const settings = createSettings({ table: createMemoryTable(), log: silentLog, now: () => noon });
    const ceiling = { guild: {}, member: {}, user: { 'image.day': 5 }, total: {} };
    const processes = [0, 1].map(() => {
      const totals = createTotals({ shared, owns: () => true, log: silentLog, now: () => noon, retryMs: 1 });
      const budget = createBudget({ accounts, settings, ceiling, timeZone: 'UTC', totals, now: () => noon });
      return { totals, budget };
    });
    for (const { totals } of processes) await totals.index.ready();
    const cost = { unit: 'image', amount: 1 } as const;
    for (let round = 0; round < 20; round++) {
      const outcomes = await Promise.allSettled(
        processes.map(async ({ budget }) => {
          const set = { part: 1, parts: 3, before: 0, results: 3, wish: { count: 3 }, costs: [cost, cost] };
          const lead = aTask({ account: budget.accountOf(anOrigin()), cost, set });
          const rest = restOf(lead, noon);
          const all = [{ ...lead, state: states.queued, history: rest[0]?.history ?? [] }, ...rest];
          await budget.reserve(
            lead,
            async () => {
              for (const one of all) budget.note(one);
              return lead;
            },
            rest,
          );
          return { budget, all };
        }),
      );
      const [through, ...others] = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      expect(others).toEqual([]);
      expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
        reason: { name: 'QuotaError', fits: 2, refusal: { limit: { scope: 'user' }, left: 2 } },
      });
      const over = { ...states.failed, told: true };
      for (const one of through?.all ?? []) through?.budget.note({ ...one, state: over });
      const person = through?.all[0]?.account.person ?? '';
      await until('it is given back', async () =>
        (await shared.look(person, [])).user.every(({ amount }) => amount === 0),
      );
    }
  });

  const state = fc.constantFrom(
    ...[states.queued, states.running, { ...states.failed, told: true }, states.delivered],
  );
  const tasks = fc.array(
    fc.record({
      person: fc.constantFrom(...people),
      guildId: fc.option(fc.constantFrom('1', '2'), { nil: undefined }),
      amount: fc.integer({ min: 1, max: 20 }),
      micros: fc.option(fc.integer({ min: 0, max: 1e9 }), { nil: undefined }),
      at: fc.integer({ min: noon - 31 * day, max: noon }),
      isVideo: fc.boolean(),
      ways: fc.array(state, { minLength: 1, maxLength: 3 }),
    }),
    { maxLength: 12 },
  );

  it('agree with the records, as they change and when rebuilt from them', async () => {
    await fc.assert(
      fc.asyncProperty(tasks, async (made) => {
        await redis.flushall();
        const open = () =>
          createTotals({ shared, owns: () => true, log: silentLog, now: () => noon, retryMs: 1 });
        const totals = open();
        await totals.index.ready();
        const rows: Task[] = [];
        for (const { person, guildId, amount, micros, at, isVideo, ways } of made) {
          const unit = isVideo ? ('second' as const) : ('image' as const);
          const common = {
            id: aTaskId(),
            request: isVideo ? aVideoRequest() : anImageRequest(),
            account: { person, ...(guildId !== undefined && { guildId }) },
            cost: { unit, amount, ...(micros !== undefined && { micros }) },
          };
          for (const way of ways) {
            const passed = way.name === 'queued' ? [] : [{ state: way.name, at: at + 1 }];
            const task = aTask({
              ...common,
              state: way,
              ...(way.name === 'delivered' && { made: { billed: amount + 1 } }),
              history: [{ state: 'received', at }, { state: 'queued', at }, ...passed],
            });
            totals.note(task);
            if (way === ways.at(-1)) rows.push(task);
          }
        }
        await totals.close();
        await agrees(totals, rows);
        await redis.flushall();
        const again = open();
        for (const row of rows) again.index.see(row);
        await again.index.ready();
        await agrees(again, rows);
      }),
      { numRuns: 40 },
    );
  });

  async function agrees(totals: Totals, rows: readonly Task[]): Promise<void> {
    const usage = createUsage();
    for (const row of rows) {
      const entry = toUsage(row);
      if (entry) usage.put(entry);
    }
    for (const person of people) {
      const look = await totals.look(person, []);
      for (const zone of zones)
        for (const name of ['day', 'month'] as const)
          for (const unit of ['image', 'second', 'cost'] as const)
            for (const holder of [`user:${person}`, 'total'] as const) {
              const period = periodOf(name, noon, zone);
              expect(look.tally(holder, unit, period)).toEqual(usage.tally(holder, unit, period));
            }
    }
  }

  it('are restored when Redis is back, and an unanswered claim is returned', async () => {
    const wide = {
      limits: { user: { 'image.day': 1 }, total: {} },
      zone: { timeZone: 'UTC' },
      now: noon,
    } as const;
    const asks = [{ unit: 'image', amount: 1 }] as const;
    const deaf: SharedTotals = {
      ...shared,
      async claim(...asked) {
        await shared.claim(...asked);
        throw new Error('the answer was lost');
      },
    };
    const totals = createTotals({
      shared: deaf,
      owns: () => true,
      log: silentLog,
      now: () => noon,
      retryMs: 1,
    });
    await totals.index.ready();
    const task = aTask({ state: states.queued });
    await expect(totals.claim([task], asks, wide)).rejects.toThrow();
    const used = async () => (await shared.look(task.account.person, [])).user.length;
    expect(await used()).toBe(1);
    const { history: _, ...received } = aTask({ id: task.id });
    totals.note({
      ...received,
      state: { ...states.failed, told: true },
      history: [{ state: 'received', at: noon }],
    });
    await until('it is given back', async () => (await used()) === 0);

    let broken = true;
    const shaky: SharedTotals = {
      ...shared,
      put: (...asked) => (broken ? Promise.reject(new Error('away')) : shared.put(...asked)),
    };
    const later = createTotals({
      shared: shaky,
      owns: () => true,
      log: silentLog,
      now: () => noon,
      retryMs: 1,
    });
    broken = false;
    await later.index.ready();
    broken = true;
    later.note(aTask({ state: states.running, history: [{ state: 'queued', at: noon }] }));
    await giveChance(10);
    broken = false;
    await until('it is counted', async () => (await used()) === 1);
  });
});
