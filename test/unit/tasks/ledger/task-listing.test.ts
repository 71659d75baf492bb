import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Pair, SharedOwners } from '../../../../src/cluster/user-task-index.js';
import { silentLog } from '../../../../src/log.js';
import { createLedger } from '../../../../src/tasks/ledger/ledger.js';
import { isOver } from '../../../../src/tasks/model/state-machine.js';
import type { Task, TaskId } from '../../../../src/tasks/model/task.js';
import { createCountedTable } from '../../../support/counted-table.js';
import { createMemoryTable } from '../../../support/table.js';
import { anOrigin, aTask, noon, states } from '../../../support/tasks.js';
import { until } from '../../../support/until.js';

const guildId = '1100000000000000002';
const told = { ...states.failed, told: true };
const first = 1_146_000_000_000_000_000n;
const idOf = (n: number): TaskId => `${first + BigInt(n)}:1`;
const theirs = (
  n: number,
  userId: string,
  state: Task['state'] = states.delivered,
  changes: Partial<Task> = {},
) =>
  aTask({
    ...changes,
    id: idOf(n),
    origin: anOrigin({ userId }),
    account: { guildId, person: userId },
    state,
  });
const ids = (tasks: readonly Task[]) => tasks.map(({ id }) => id);

async function open(
  rows: readonly Task[],
  shared?: SharedOwners,
  owns?: (task: Pick<Task, 'origin'>) => boolean,
) {
  const table = createCountedTable();
  for (const task of rows) table.rows.set(task.id, task);
  const ledger = createLedger({
    table,
    log: silentLog,
    now: () => noon,
    shared,
    retryMs: 1,
    ...(owns && { owns }),
  });
  await ledger.load();
  table.reads();
  return { ledger, table };
}

describe('a page of tasks', () => {
  it('lists tasks in progress first, then finished ones, the newest first', async () => {
    const rows = [
      ...[theirs(1, 'ann', states.running), theirs(2, 'ann'), theirs(3, 'ben'), theirs(4, 'ann', told)],
      ...[theirs(5, 'ann', states.queued), theirs(6, 'ann', states.delivered, { purge: 'done' })],
    ];
    const { ledger } = await open([...rows].reverse());
    const shown = await ledger.page({ userId: 'ann' }, { page: 0, perPage: 3 });
    expect([ids(shown.tasks), shown.pages]).toEqual([[5, 1, 4].map(idOf), 2]);
    const last = await ledger.page({ userId: 'ann' }, { page: 9, perPage: 3 });
    expect([ids(last.tasks), last.page]).toEqual([[idOf(2)], 1]);
    expect(ids((await ledger.page({ guildId }, { page: 0, perPage: 9 })).tasks)).toEqual(
      [5, 1, 4, 3, 2].map(idOf),
    );
    expect(await ledger.page({ userId: 'nobody' }, { page: 0, perPage: 3 })).toEqual({
      tasks: [],
      page: 0,
      pages: 1,
    });
  });

  it('holds all that a walk through all records finds, each once, whatever happens to them', async () => {
    const kinds = [states.queued, states.running, states.delivered, told] as const;
    const what = fc.record({
      n: fc.integer({ min: 1, max: 400 }),
      user: fc.constantFrom('ann', 'ben'),
      state: fc.constantFrom(...kinds),
    });
    const act = fc.oneof(
      fc.record({
        do: fc.constant('add' as const),
        n: fc.integer({ min: 401, max: 500 }),
        user: fc.constantFrom('ann', 'ben'),
      }),
      fc.record({ do: fc.constant('cancel' as const), at: fc.nat() }),
      fc.record({ do: fc.constant('purge' as const), user: fc.constantFrom('ann', 'ben') }),
      fc.record({ do: fc.constant('prune' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(what, { selector: ({ n }) => n }),
        fc.array(act, { maxLength: 8 }),
        async (made, acts) => {
          const { ledger } = await open(made.map(({ n, user, state }) => theirs(n, user, state)));
          for (const one of acts) {
            if (one.do === 'add') await ledger.add(theirs(one.n, one.user, states.received));
            else if (one.do === 'purge') await ledger.purge({ userId: one.user });
            else if (one.do === 'prune') await ledger.prune(noon - 1);
            else {
              const unfinished = ledger.unfinished().filter(({ state }) => state.name === 'queued');
              const task = unfinished[one.at % Math.max(1, unfinished.length)];
              if (task) await ledger.record(task.id, { type: 'cancelled' });
            }
          }
          for (const user of ['ann', 'ben']) {
            const all = await ledger.list(({ origin, purge }) => purge !== 'done' && origin.userId === user);
            const sorted = [...all].sort((one, other) => (one.id < other.id ? 1 : -1));
            const wanted = [
              ...sorted.filter(({ state }) => !isOver(state)),
              ...sorted.filter(({ state }) => isOver(state)),
            ];
            const found: Task[] = [];
            const { pages } = await ledger.page({ userId: user }, { page: 0, perPage: 4 });
            for (let page = 0; page < pages; page++)
              found.push(...(await ledger.page({ userId: user }, { page, perPage: 4 })).tasks);
            expect(ids(found)).toEqual(ids(wanted));
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('reads no more rows than it shows, of 10,000', async () => {
    const rows = Array.from({ length: 10_000 }, (_, n) =>
      theirs(n + 1, n % 100 === 0 ? 'ann' : `user ${n % 50}`),
    );
    const { ledger, table } = await open(rows);
    for (const page of [0, 5]) {
      expect((await ledger.page({ userId: 'ann' }, { page, perPage: 10 })).tasks).toHaveLength(10);
      expect(table.reads()).toBe(10);
      expect((await ledger.page({ guildId }, { page, perPage: 10 })).pages).toBe(1_000);
      expect(table.reads()).toBe(10);
    }
    for await (const some of ledger.since(guildId, noon + 1)) expect(some).toEqual([]);
    const found: string[] = [];
    for await (const some of ledger.since(guildId, noon)) {
      // Between two of them it is others' turn (docs/benchmarks.md: at most 20 ms of event loop).
      expect(some.length).toBeLessThanOrEqual(250);
      found.push(...some.map(({ id }) => id));
    }
    expect(found).toEqual(rows.map(({ id }) => id).reverse());
    expect(table.reads()).toBe(0);
    expect(await ledger.purge({ userId: 'ann' })).toEqual({ emptied: 100, later: 0 });
    expect(table.reads()).toBeLessThanOrEqual(100);
    expect((await ledger.page({ userId: 'ann' }, { page: 0, perPage: 10 })).tasks).toEqual([]);
  });
});

describe('tasks of a user that another process runs', () => {
  function share(): SharedOwners & { readonly all: Map<string, Set<string>>; fail: number } {
    const all = new Map<string, Set<string>>();
    const each = (pairs: readonly Pair[], act: (ids: Set<string>, id: string) => void) => {
      for (const [userId, id] of pairs) {
        const found = all.get(userId) ?? new Set<string>();
        all.set(userId, found);
        act(found, id);
      }
    };
    const shared = {
      all,
      fail: 0,
      async *of(userId: string) {
        for (const id of all.get(userId) ?? []) yield [id];
      },
      async add(pairs: readonly Pair[]) {
        if (shared.fail-- > 0) throw new Error('away');
        each(pairs, (found, id) => found.add(id));
      },
      drop: async (pairs: readonly Pair[]) => each(pairs, (found, id) => found.delete(id)),
    };
    return shared;
  }

  it('are listed with those of this one, each as it is, until they are redacted there', async () => {
    const table = createMemoryTable();
    const shared = share();
    const process = async (isOdd: boolean) => {
      const owns = ({ origin }: Pick<Task, 'origin'>) => (Number(origin.eventId) % 2 === 1) === isOdd;
      const ledger = createLedger({ table, log: silentLog, now: () => noon, shared, owns, retryMs: 1 });
      await ledger.load();
      return ledger;
    };
    const task = (n: number, state: Task['state'] = states.received) => {
      const made = theirs(n, 'ann', state);
      // Index entries for `owns` are exact up to 2^53.
      return { ...made, origin: { ...made.origin, eventId: String(n) } };
    };
    table.rows.set(idOf(1), task(1, states.delivered));
    const [odd, even] = [await process(true), await process(false)];
    shared.fail = 2;
    for (const n of [2, 4]) await even.add(task(n));
    await odd.add(task(3));
    await even.record(idOf(2), { type: 'cancelled' });
    await even.record(idOf(2), { type: 'dropped' });
    await until('all is shared', () => shared.all.get('ann')?.size === 4);
    for (const ledger of [odd, even])
      expect(ids((await ledger.page({ userId: 'ann' }, { page: 0, perPage: 9 })).tasks)).toEqual(
        [4, 3, 2, 1].map(idOf),
      );
    await even.purge({ userId: 'ann' });
    await until('that is shared, too', () => shared.all.get('ann')?.size === 3);
    expect(ids((await odd.page({ userId: 'ann' }, { page: 0, perPage: 9 })).tasks)).toEqual(
      [4, 3, 1].map(idOf),
    );
  });

  it('are in their places on every page, however many there are here and there', async () => {
    const all = Array.from({ length: 400 }, (_, n) => n + 1);
    // In both processes some are unfinished.
    const stateOf = (n: number) => (n % 90 === 0 ? states.running : states.delivered);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 400, maxLength: 400 }), async (isHere) => {
        const shared = share();
        const rows = all.map((n) => theirs(n, 'ann', stateOf(n)));
        const { ledger, table } = await open(
          rows.filter((_, at) => isHere[at]),
          shared,
        );
        for (const task of rows) table.rows.set(task.id, task);
        shared.all.set('ann', new Set(rows.map(({ id }) => id)));
        const { pages } = await ledger.page({ userId: 'ann' }, { page: 0, perPage: 30 });
        const found: TaskId[] = [];
        table.reads();
        for (let page = 0; page < pages; page++)
          found.push(...ids((await ledger.page({ userId: 'ann' }, { page, perPage: 30 })).tasks));
        // A page, and the newest ones of the other process.
        expect(table.reads()).toBeLessThanOrEqual(pages * (30 + 100));
        const newestFirst = [...all].reverse();
        const looked = new Set(newestFirst.filter((n) => !isHere[n - 1]).slice(0, 100));
        const isFirst = (n: number) => n % 90 === 0 && (isHere[n - 1] || looked.has(n));
        expect(found).toEqual(
          [...newestFirst.filter(isFirst), ...newestFirst.filter((n) => !isFirst(n))].map(idOf),
        );
      }),
      { numRuns: 15 },
    );
  });
});
