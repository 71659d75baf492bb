import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toAll } from '../../../../src/ops/observer.js';
import { createStore, type Store, StoreError, type Table } from '../../../../src/store/store.js';
import { createLedger, type Ledger } from '../../../../src/tasks/ledger/ledger.js';
import { isolated } from '../../../../src/tasks/ledger/record-check.js';
import type { TaskIndex } from '../../../../src/tasks/ledger/task-index.js';
import { TransitionError } from '../../../../src/tasks/model/state-machine.js';
import type { Task } from '../../../../src/tasks/model/task.js';
import { createCollectingLog } from '../../../support/log.js';
import { quickFolder } from '../../../support/quick-folder.js';
import { createMemoryTable } from '../../../support/table.js';
import { anOrigin, aTask, noon, states } from '../../../support/tasks.js';
import { giveChance, settled, until } from '../../../support/until.js';

const posted = { channelId: '1100000000000000003', messageId: '1146000000000000099' };
const failure = { reason: 'moderation' } as const;

async function open(
  table: Table<unknown>,
  log = createCollectingLog(),
  now = () => noon + 1,
): Promise<Ledger> {
  const ledger = createLedger({ table, log, now, retryMs: 1 });
  await ledger.load();
  return ledger;
}

async function end(ledger: Ledger, task: Task): Promise<void> {
  await ledger.record(task.id, { type: 'failed', failure });
  await ledger.record(task.id, { type: 'handed', posted });
}

describe('a result whose message is gone', () => {
  it('is marked so, over a restart, and is reported', async () => {
    const table = createMemoryTable();
    const noted: Task[] = [];
    const log = createCollectingLog();
    const task = aTask({ state: states.delivered });
    await table.set(task.id, task);
    const ledger = createLedger({ table, log, now: () => noon, note: (one) => noted.push(one) });
    await ledger.markRemoved(task.id);
    await ledger.markRemoved(task.id);
    expect(noted.map(({ removed }) => removed)).toEqual([true]);
    expect((await (await open(table)).find(task.id))?.removed).toBe(true);
  });

  it('is ignored for a task that has none, or is unknown', async () => {
    const table = createMemoryTable();
    const ledger = await open(table);
    const task = aTask({ state: states.running });
    await ledger.add(task);
    await ledger.markRemoved(task.id);
    await ledger.markRemoved('1146000000000000999:1');
    expect(ledger.get(task.id)?.removed).toBeUndefined();
    expect(table.rows.size).toBe(1);
  });

  it('is marked only by the process that runs its task: what it redacts is not restored', async () => {
    const table = createMemoryTable();
    const task = aTask({ state: states.delivered });
    await table.set(task.id, task);
    const log = createCollectingLog();
    const other = createLedger({ table, log, now: () => noon, owns: () => false });
    await other.load();
    await other.markRemoved(task.id);
    expect(await other.purge({ userId: task.origin.userId })).toEqual({ emptied: 0, later: 0 });
    expect(table.rows.get(task.id)).toEqual(task);
  });
});

describe('a purge', () => {
  const userId = '1100000000000000004';
  const byUser = { userId };

  it('redacts finished tasks of everything but what the account needs', async () => {
    const table = createMemoryTable();
    const noted: Task[] = [];
    const ledger = createLedger({
      table,
      log: createCollectingLog(),
      now: () => noon + 1,
      note: (task) => noted.push(task),
    });
    await ledger.load();
    const [theirs, others] = [aTask(), aTask({ origin: anOrigin({ userId: '1100000000000000099' }) })];
    for (const task of [theirs, others]) {
      await ledger.add(task);
      await ledger.record(task.id, { type: 'queued' });
      await end(ledger, task);
    }
    const before = table.rows.get(others.id);
    expect(await ledger.purge(byUser)).toEqual({ emptied: 1, later: 0 });
    const left = JSON.stringify(table.rows.get(theirs.id));
    for (const trace of ['a red fox', userId, theirs.origin.channelId, '1146000000000000024', 'token'])
      expect(left).not.toContain(trace);
    const { account, cost, id } = theirs;
    expect(table.rows.get(theirs.id)).toMatchObject({
      v: 1,
      id,
      account,
      cost,
      purge: 'done',
      state: { name: 'failed' },
    });
    expect(noted.at(-1)?.history.map(({ state }) => state)).toEqual(['received', 'queued', 'failed']);
    expect(table.rows.get(others.id)).toEqual(before);
    expect(await ledger.find(theirs.id)).toBeUndefined();
    expect(await ledger.add(theirs)).toBe(false);
    expect(await ledger.purge(byUser)).toEqual({ emptied: 0, later: 0 });
  });

  it('redacts tasks in progress as soon as they end, also after a restart', async () => {
    const table = createMemoryTable();
    const [now, later] = [aTask(), aTask()];
    const first = await open(table);
    await first.add(now);
    await first.add(later);
    expect(await first.purge(byUser)).toEqual({ emptied: 0, later: 2 });
    expect(first.get(now.id)?.request.prompt).toBe('a red fox');
    await end(first, now);
    expect(JSON.stringify(table.rows.get(now.id))).not.toContain('a red fox');
    const second = await open(table);
    expect(second.unfinished().map(({ id }) => id)).toEqual([later.id]);
    await end(second, later);
    expect(JSON.stringify([...table.rows.values()])).not.toContain('a red fox');
  });

  it('waits until the ledger was read', async () => {
    const ledger = createLedger({ table: createMemoryTable(), log: createCollectingLog(), now: () => noon });
    await expect(ledger.purge(byUser)).rejects.toThrow(StoreError);
  });
});

describe('a new task', () => {
  it('is persisted before it is confirmed', async () => {
    const table = createMemoryTable();
    const ledger = await open(table);
    const task = aTask();
    expect(await ledger.add(task)).toBe(true);
    expect(table.rows.get(task.id)).toEqual(task);
    expect(ledger.get(task.id)).toEqual(task);
    expect(ledger.unfinished()).toEqual([task]);
  });

  it('is added once, however often its event comes', async () => {
    const table = createMemoryTable();
    const ledger = await open(table);
    const task = aTask();
    const answers = await Promise.all([ledger.add(task), ledger.add(task), ledger.add(task)]);
    expect(answers.filter(Boolean)).toHaveLength(1);
    await ledger.record(task.id, { type: 'queued' });
    expect(await ledger.add(task)).toBe(false);
    expect(ledger.get(task.id)?.state.name).toBe('queued');
  });

  it('is not added again after it is over, nor after a restart', async () => {
    const table = createMemoryTable();
    const ledger = await open(table);
    const [over, open1] = [aTask(), aTask()];
    await ledger.add(over);
    await ledger.add(open1);
    await end(ledger, over);
    expect(await ledger.add(over)).toBe(false);
    const reopened = await open(table);
    expect(await reopened.add(over)).toBe(false);
    expect(await reopened.add(open1)).toBe(false);
    expect((await reopened.find(over.id))?.state.name).toBe('failed');
  });

  it('is refused if the store fails, and then it does not exist', async () => {
    const table = createMemoryTable();
    const ledger = await open(table);
    const task = aTask();
    table.failWrites(1);
    await expect(ledger.add(task)).rejects.toThrow(StoreError);
    expect(ledger.get(task.id)).toBeUndefined();
    expect(ledger.unfinished()).toEqual([]);
    expect(await ledger.add(task)).toBe(true);
  });

  it('is refused until the ledger was read', async () => {
    const table = createMemoryTable();
    const ledger = createLedger({ table, log: createCollectingLog(), now: () => noon });
    const task = aTask();
    await expect(ledger.add(task)).rejects.toThrow(StoreError);
    expect(table.rows.size).toBe(0);
    await ledger.load();
    expect(await ledger.add(task)).toBe(true);
  });
});

describe('a task whose user was told that it could not be saved', () => {
  /** A store that keeps a record and then says nothing more, `faults` times. */
  function silent(faults: number) {
    const memory = createMemoryTable();
    let left = faults;
    const failing = () => left-- > 0;
    const away = () => new StoreError('away', 'tasks', 'no answer');
    const table: typeof memory = {
      ...memory,
      async add(key, value) {
        const isNew = await memory.add(key, value);
        if (failing()) throw away();
        return isNew;
      },
      async get(key) {
        if (failing()) throw away();
        return memory.get(key);
      },
      async delete(key) {
        if (failing()) throw away();
        return memory.delete(key);
      },
    };
    return table;
  }

  it.each([1, 2, 5])('is removed as soon as the store answers, after %i faults', async (faults) => {
    const table = silent(faults);
    const ledger = await open(table);
    const task = aTask();
    await expect(ledger.add(task)).rejects.toThrow(StoreError);
    expect(table.rows.size).toBe(1);
    await ledger.withdraw(task);
    await until('the record is gone', () => table.rows.size === 0);
    expect(ledger.unfinished()).toEqual([]);
    expect((await open(table)).unfinished()).toEqual([]);
  });

  it('is added, and stays, if its event asks again', async () => {
    const table = silent(2);
    const ledger = await open(table);
    const task = aTask();
    await expect(ledger.add(task)).rejects.toThrow(StoreError);
    await ledger.withdraw(task);
    const later = { ...task, history: [{ state: 'received', at: noon + 60_000 }] } as const;
    expect(await ledger.add(later)).toBe(true);
    // The removal's next try has its turn.
    await giveChance(10);
    expect(ledger.unfinished()).toEqual([later]);
    expect([...table.rows.values()]).toEqual([later]);
  });

  it('leaves alone the one of an earlier delivery of the same event, and what another process made of it', async () => {
    const table = silent(0);
    const ledger = await open(table);
    const task = aTask();
    await ledger.add(task);
    await ledger.withdraw({ ...task });
    expect(ledger.unfinished()).toEqual([task]);

    const unsure = silent(1);
    const other = await open(unsure);
    await expect(other.add(task)).rejects.toThrow(StoreError);
    const taken = { ...task, state: states.queued };
    unsure.rows.set(task.id, taken);
    await other.withdraw(task);
    expect([...unsure.rows.values()]).toEqual([taken]);
  });

  it("can't run in this process from the moment it is refused", async () => {
    const table = silent(0);
    const ledger = await open(table);
    const task = aTask();
    await ledger.add(task);
    table.delete = () => Promise.reject(new StoreError('away', 'tasks', 'no answer'));
    await ledger.withdraw(task);
    expect(ledger.unfinished()).toEqual([]);
    await expect(ledger.record(task.id, { type: 'queued' })).rejects.toThrow('No unfinished task');
    ledger.close();
  });
});

describe('an event', () => {
  it('is in the store before it is confirmed', async () => {
    const table = createMemoryTable();
    const ledger = await open(table);
    const task = aTask();
    await ledger.add(task);
    const recording = ledger.record(task.id, { type: 'queued' });
    expect(ledger.get(task.id)?.state.name).toBe('received');
    const recorded = await recording;
    expect(recorded.state.name).toBe('queued');
    expect(recorded.history.at(-1)).toEqual({ state: 'queued', at: noon + 1 });
    expect(table.rows.get(task.id)).toEqual(recorded);
    expect(ledger.get(task.id)).toEqual(recorded);
  });

  it('of one task is written in the order of the calls, awaited or not', async () => {
    const table = createMemoryTable();
    const ledger = await open(table);
    const task = aTask();
    await ledger.add(task);
    table.failWrites(2);
    await Promise.all([
      ledger.record(task.id, { type: 'queued' }),
      ledger.amend(task.id, { messageId: 'found' }),
      ledger.record(task.id, { type: 'submitting' }),
      ledger.record(task.id, { type: 'created', mpsTaskId: 'mps-9', createdAt: noon }),
    ]);
    const names = table.written.map((row) => (row as Task).state.name);
    expect(names).toEqual(['received', 'queued', 'queued', 'submitting', 'running']);
    expect(ledger.get(task.id)?.origin.messageId).toBe('found');
  });

  it('is retried until the store accepts it, and is then there once', async () => {
    const table = createMemoryTable();
    const log = createCollectingLog();
    const ledger = await open(table, log);
    const task = aTask();
    await ledger.add(task);
    table.failWrites(4);
    const recorded = await ledger.record(task.id, { type: 'queued' });
    expect(table.rows.get(task.id)).toEqual(recorded);
    expect(recorded.history.filter(({ state }) => state === 'queued')).toHaveLength(1);
    expect(log.lines.filter(({ level }) => level === 'error')).toHaveLength(4);
    expect(log.lines[0]?.details).toMatchObject({ task: task.id, err: expect.any(StoreError) });
  });

  it('that is impossible changes nothing and blocks none behind it', async () => {
    const table = createMemoryTable();
    const ledger = await open(table);
    const task = aTask();
    await ledger.add(task);
    const wrong = ledger.record(task.id, { type: 'fetched', made: { billed: 1 } });
    const right = ledger.record(task.id, { type: 'queued' });
    await expect(wrong).rejects.toThrow(TransitionError);
    expect((await right).state.name).toBe('queued');
  });

  it('of a task that is over or unknown is a defect of the caller', async () => {
    const ledger = await open(createMemoryTable());
    await expect(ledger.record('1146000000000000001:1', { type: 'queued' })).rejects.toThrow(
      'No unfinished task 1146000000000000001:1',
    );
  });

  it('that waits for a broken store is abandoned when the ledger is closed', async () => {
    const table = createMemoryTable();
    const ledger = await open(table);
    const task = aTask();
    await ledger.add(task);
    table.failWrites(Number.POSITIVE_INFINITY);
    const recording = ledger.record(task.id, { type: 'queued' });
    await settled();
    ledger.close();
    await expect(recording).rejects.toThrow();
    expect((table.rows.get(task.id) as Task).state.name).toBe('received');
  });
});

describe('a reopened ledger', () => {
  it('has every unfinished task, oldest first, and no other', async () => {
    const table = createMemoryTable();
    const at = (task: Task, ms: number): Task => ({
      ...task,
      history: [{ state: 'received', at: noon + ms }],
    });
    const [young, old, over, untold] = [
      at(aTask(), 30),
      at(aTask({ state: states.running }), 10),
      aTask({ state: states.delivered }),
      at(aTask({ state: states.failed }), 20),
    ];
    for (const task of [young, old, over, untold]) table.rows.set(task.id, task);
    const ledger = await open(table);
    expect(ledger.unfinished().map(({ id }) => id)).toEqual([old.id, untold.id, young.id]);
    expect(ledger.get(over.id)).toBeUndefined();
    expect((await ledger.find(over.id))?.state.name).toBe('delivered');
  });

  it('leaves a record of an unknown version alone, and says so', async () => {
    const table = createMemoryTable();
    const strange = { v: 99, id: '1146999999999999777:1', something: 'else' };
    table.rows.set(strange.id, strange);
    table.rows.set('nonsense', 'nonsense');
    const log = createCollectingLog();
    const ledger = await open(table, log);
    expect(ledger.unfinished()).toEqual([]);
    expect(log.lines.filter(({ level }) => level === 'error')).toHaveLength(2);
    expect(await ledger.find('1146999999999999777:1')).toBeUndefined();
    expect(await ledger.add(aTask({ id: '1146999999999999777:1' }))).toBe(false);
    expect(await ledger.prune(Number.POSITIVE_INFINITY)).toBe(0);
    expect(table.rows.get(strange.id)).toEqual(strange);
  });
});

describe('an unreadable record', () => {
  it('is logged and set aside: nothing counts it, lists it, changes it, orders it again or removes it', async () => {
    const table = createMemoryTable();
    const broken = { ...aTask({ state: states.running }), cost: { unit: 'image', amount: 0.5 } };
    const moved = aTask({ state: states.delivered });
    const fine = aTask({ state: states.queued });
    table.rows.set(broken.id, broken);
    table.rows.set('1146999999999999888:1', moved);
    table.rows.set(fine.id, fine);
    const log = createCollectingLog();
    const noted: Task[] = [];
    const ledger = createLedger({ table, log, now: () => noon, note: (task) => noted.push(task) });
    await ledger.load();
    expect(log.lines).toMatchObject([
      { level: 'error', details: { record: broken.id, reason: 'it is wrong in cost.amount' } },
      { level: 'error', details: { record: '1146999999999999888:1' } },
    ]);
    expect(JSON.stringify(log.lines)).not.toContain('a red fox');
    expect(noted.map(({ id }) => id)).toEqual([fine.id]);
    expect(ledger.unreadable()).toBe(2);
    expect(ledger.unfinished()).toEqual([fine]);
    expect(await ledger.list(() => true)).toEqual([fine]);
    expect(await ledger.find(broken.id)).toBeUndefined();
    expect(await ledger.purge({ userId: fine.origin.userId })).toEqual({ emptied: 0, later: 1 });
    expect(await ledger.add(aTask({ id: broken.id }))).toBe(false);
    expect(await ledger.prune(Number.POSITIVE_INFINITY)).toBe(0);
    expect(table.rows.get(broken.id)).toEqual(broken);
  });

  it('is logged for the first twenty, and the others are counted', async () => {
    const table = createMemoryTable();
    for (let n = 100; n < 150; n++) table.rows.set(`1146999999999999${n}:1`, { v: 1 });
    const log = createCollectingLog();
    await open(table, log);
    expect(log.lines).toHaveLength(21);
    expect(log.lines.at(-1)).toMatchObject({ level: 'error', details: { records: 50 } });
  });
});

describe('a record that no start could read again', () => {
  it.each([
    ['a bigint', 2n ** 64n],
    ['not a number', Number.NaN],
    ['infinite', Number.POSITIVE_INFINITY],
    ['half a second', 0.5],
  ])('is not written, whatever wants it to be: %s', async (_, amount) => {
    const table = createMemoryTable();
    const ledger = await open(table);
    const cost = { unit: 'second', amount: amount as number } as const;
    await expect(ledger.add({ ...aTask(), cost })).rejects.toThrow('cannot be saved: it is');
    expect(table.rows.size).toBe(0);
    const task = aTask({ state: states.queued });
    await ledger.add(task);
    const broken = ledger.amend(task.id, { sizeLimit: amount === 0.5 ? Number.NaN : (amount as number) });
    await expect(broken).rejects.toThrow('cannot be saved');
    expect(table.rows.get(task.id)).toEqual(task);
    expect(ledger.get(task.id)).toEqual(task);
  });

  it('is not written for a clip whose header claims an impossible length', async () => {
    const table = createMemoryTable();
    const cost = { unit: 'second', amount: 5 } as const;
    const task = { ...aTask({ state: states.fetching }), cost };
    table.rows.set(task.id, task);
    const ledger = await open(table);
    const made = { billed: 18_446_744_073_709_552 * 1024 };
    expect((await ledger.record(task.id, { type: 'fetched', made })).made).toEqual({ billed: 5 });
    expect((await open(table)).unreadable()).toBe(0);
  });
});

describe('an observer', () => {
  const failing = () => {
    throw new RangeError('The number 1.8446744073709552e+19 cannot be converted to a BigInt');
  };

  it('breaks no write and no start, and its fault is logged with the task', async () => {
    const table = createMemoryTable();
    const log = createCollectingLog();
    const index = { see: failing, ready: async () => {}, drop: async () => {} };
    const task = aTask({ state: states.queued });
    table.rows.set(task.id, task);
    const ledger = createLedger({ table, log, now: () => noon, note: failing, index });
    await ledger.load();
    expect(ledger.unfinished()).toEqual([task]);
    const failed = await ledger.record(task.id, { type: 'failed', failure });
    expect(table.rows.get(task.id)).toEqual(failed);
    expect(await ledger.add(aTask({ id: '1146999999999999777:1' }))).toBe(true);
    const faults = log.lines.filter(({ level }) => level === 'error');
    expect(faults).toHaveLength(4);
    expect(faults[0]).toMatchObject({ details: { task: task.id, err: { name: 'RangeError' } } });
  });

  it('does not keep others from being notified', () => {
    const log = createCollectingLog();
    const heard: string[] = [];
    isolated([failing, ({ id }) => heard.push(id)], log)(aTask({ id: '1146999999999999777:1' }));
    toAll([{ task: failing }, { task: ({ id }) => heard.push(id) }], log).task(
      aTask({ id: '1146000000000000778:1' }),
    );
    expect(heard).toEqual(['1146999999999999777:1', '1146000000000000778:1']);
    expect(log.lines).toMatchObject(heard.map((task) => ({ details: { task } })));
  });
});

describe('pruning', () => {
  it('removes old finished tasks, and keeps recent ones and all in progress', async () => {
    const table = createMemoryTable();
    const endedAt = (state: Task['state'], at: number) =>
      aTask({
        state,
        history: [
          { state: 'received', at: 0 },
          { state: state.name, at },
        ],
      });
    const told = { ...states.failed, told: true };
    const gone = [endedAt(states.delivered, noon - 1), endedAt(told, noon - 1)];
    const stays = [
      endedAt(states.delivered, noon),
      endedAt(told, noon + 5),
      ...[
        states.received,
        states.queued,
        states.submitting,
        states.running,
        states.fetching,
        states.delivering,
      ].map((state) => endedAt(state, 1)),
    ];
    for (const task of [...gone, ...stays]) table.rows.set(task.id, task);
    const ledger = await open(table);
    expect(await ledger.prune(noon)).toBe(gone.length);
    expect([...table.rows.keys()].sort()).toEqual(stays.map(({ id }) => id).sort());
    expect(await ledger.prune(noon)).toBe(0);
  });
});

describe('an index beside the ledger', () => {
  /** One that reports what it receives, and fails as often as wanted. */
  function createIndex(fails: 'ready' | 'drop' | 'never' = 'never') {
    const told: string[] = [];
    const tell = async (what: 'ready' | 'drop', ids: string) => {
      if (fails === what) throw new StoreError('away', 'people', 'no answer');
      told.push(`${what}${ids}`);
    };
    const index: TaskIndex = {
      see: ({ id }) => void told.push(`see ${id}`),
      ready: () => tell('ready', ''),
      drop: (tasks) => tell('drop', tasks.map(({ id }) => ` ${id}`).join('')),
    };
    return { told, index };
  }
  const owns = () => false;
  const openWith = (table: Table<unknown>, index: TaskIndex, own?: () => boolean) =>
    createLedger({
      table,
      log: createCollectingLog(),
      now: () => noon,
      index,
      ...(own && { owns: own }),
    });

  it('sees every task of the store before the first is added, also those of other processes', async () => {
    const table = createMemoryTable();
    const tasks = [aTask({ state: states.delivered }), aTask({ state: states.running })];
    for (const task of tasks) table.rows.set(task.id, task);
    const { told, index } = createIndex();
    await openWith(table, index, owns).load();
    expect(told).toEqual([...tasks.map(({ id }) => `see ${id}`), 'ready']);
  });

  it('that could not be built leaves the ledger unread', async () => {
    const ledger = openWith(createMemoryTable(), createIndex('ready').index);
    await expect(ledger.load()).rejects.toMatchObject({ name: 'StoreError', reason: 'away' });
    await expect(ledger.add(aTask())).rejects.toMatchObject({ reason: 'unopenable' });
  });

  it('is notified of a removal before it happens, and a failure prevents it', async () => {
    const old = aTask({ state: states.delivered });
    const table = createMemoryTable();
    table.rows.set(old.id, old);
    await expect(openWith(table, createIndex('drop').index).prune(noon + 1)).rejects.toThrow('no answer');
    expect(table.rows.size).toBe(1);
    const { told, index } = createIndex();
    expect(await openWith(table, index).prune(noon + 1)).toBe(1);
    expect([told, table.rows.size]).toEqual([[`drop ${old.id}`], 0]);
  });
});

describe('a ledger in a SQLite file', () => {
  let folder: string;
  let store: Store;
  const openStore = () =>
    createStore(`sqlite://${join(folder, 'easel.sqlite')}`, { log: createCollectingLog() });

  beforeEach(async () => {
    folder = await quickFolder('easel-ledger-');
    store = await openStore();
  });
  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });

  it('finds every task after a restart just as it was left', async () => {
    const ledger = await open(store.table('tasks'));
    const [one, two] = [aTask(), aTask()];
    await ledger.add(one);
    await ledger.add(two);
    const queued = await ledger.record(one.id, { type: 'queued' });
    await end(ledger, two);
    ledger.close();
    await store.close();

    store = await openStore();
    const reopened = await open(store.table('tasks'));
    expect(reopened.unfinished()).toEqual([queued]);
    expect(await reopened.add(two)).toBe(false);
    const over = await reopened.find(two.id);
    expect(over?.state).toMatchObject({ name: 'failed', told: true });
    expect(over?.origin).not.toHaveProperty('token');
    expect(await reopened.prune(Number.POSITIVE_INFINITY)).toBe(1);
    expect(await reopened.find(two.id)).toBeUndefined();
  });

  it('adds a task once when two ledgers on one file want it', async () => {
    const [mine, theirs] = [await open(store.table('tasks')), await open(store.table('tasks'))];
    const task = aTask();
    const answers = await Promise.all([mine.add(task), theirs.add(task)]);
    expect(answers.sort()).toEqual([false, true]);
  });
});

describe('what is saved soon', () => {
  const queued = { type: 'queued' } as const;
  const nameIn = (row: unknown) => (row as Task).state.name;
  const received = () => aTask({ origin: anOrigin({ acknowledged: false }) });

  async function changed(table = createMemoryTable()) {
    const task = received();
    const ledger = await open(table);
    await ledger.add(task);
    await ledger.amendSoon(task.id, { acknowledged: true });
    await ledger.recordSoon(task.id, queued);
    return { table, task, ledger };
  }

  it('is true at once, and written with the next record: one write for three changes', async () => {
    const { table, task, ledger } = await changed();
    expect(ledger.get(task.id)).toMatchObject({ state: { name: 'queued' }, origin: { acknowledged: true } });
    expect(table.written.map(nameIn)).toEqual(['received']);
    await ledger.record(task.id, { type: 'submitting' });
    expect(table.written.map(nameIn)).toEqual(['received', 'submitting']);
    const { history, origin } = (await (await open(table)).find(task.id)) as Task;
    expect(history.map(({ state }) => state)).toEqual(['received', 'queued', 'submitting']);
    expect(origin.acknowledged).toBe(true);
    // Nothing is left to write.
    await ledger.close();
    expect(table.written).toHaveLength(2);
  });

  it('is written by itself if nothing follows, once', async () => {
    const { table } = await changed();
    await until('it is written', () => table.written.length === 2);
    await giveChance(150);
    expect(table.written.map(nameIn)).toEqual(['received', 'queued']);
  });

  it('is written when Easel stops', async () => {
    const { table, ledger } = await changed();
    await ledger.close();
    expect(table.written.map(nameIn)).toEqual(['received', 'queued']);
  });

  it('is written when Easel stops while a write with more is given up', async () => {
    const table = createMemoryTable();
    const ledger = createLedger({ table, log: createCollectingLog(), now: () => noon, retryMs: 600_000 });
    await ledger.load();
    const task = received();
    await ledger.add(task);
    await ledger.amendSoon(task.id, { acknowledged: true });
    table.failWrites(1);
    const more = expect(ledger.record(task.id, queued)).rejects.toThrow('closed');
    await giveChance(2);
    await Promise.all([ledger.close(), more]);
    expect(table.written.at(-1)).toMatchObject({
      state: { name: 'received' },
      origin: { acknowledged: true },
    });
  });

  it('is written when Easel stops while its own write is in progress, or waits to be tried again', async () => {
    for (const failures of [0, 1]) {
      const table = createMemoryTable();
      const ledger = createLedger({ table, log: createCollectingLog(), now: () => noon, retryMs: 600_000 });
      await ledger.load();
      const task = received();
      await ledger.add(task);
      let begun = false;
      const { set } = table;
      table.set = async (key, value) => {
        begun = true;
        await giveChance(20);
        return set(key, value);
      };
      await ledger.amendSoon(task.id, { acknowledged: true });
      table.failWrites(failures);
      await until('its write has begun', () => begun);
      if (failures > 0) await giveChance(50);
      await ledger.close();
      expect(table.rows.get(task.id)).toMatchObject({ origin: { acknowledged: true } });
    }
  });

  it('is tried again while the store fails, and what follows waits for it', async () => {
    const { table, task, ledger } = await changed();
    table.failWrites(3);
    await until('it is written', () => table.written.length === 2);
    await ledger.record(task.id, { type: 'submitting' });
    expect(table.written.map(nameIn)).toEqual(['received', 'queued', 'submitting']);
  });

  it('is lost by a crash: the task is found one step earlier, and comes to the same', async () => {
    const { table, task } = await changed();
    const after = await open(table);
    expect(after.get(task.id)).toEqual(task);
    await after.amendSoon(task.id, { acknowledged: true });
    expect((await after.record(task.id, queued)).state.name).toBe('queued');
  });

  it('is written at once where other processes read it', async () => {
    const [table, task] = [createMemoryTable(), received()];
    const shared = { async *of() {}, add: async () => {}, drop: async () => {} };
    const ledger = createLedger({ table, log: createCollectingLog(), now: () => noon, shared });
    await ledger.load();
    await ledger.add(task);
    await ledger.recordSoon(task.id, queued);
    expect(table.written.map(nameIn)).toEqual(['received', 'queued']);
  });

  it('is refused as any other event is if it cannot happen', async () => {
    const { ledger, task } = await changed();
    await expect(ledger.recordSoon(task.id, queued)).rejects.toThrow(TransitionError);
    await ledger.close();
    await expect(ledger.amendSoon(task.id, {})).rejects.toThrow('closed');
  });
});
