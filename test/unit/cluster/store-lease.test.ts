import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KeyvSqlite } from '@keyv/sqlite';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLease, type Lease } from '../../../src/cluster/store-lease.js';
import { silentLog } from '../../../src/log.js';
import { createStore, type Store } from '../../../src/store/store.js';
import type { ProcessIdentity } from '../../../src/util/process-liveness.js';
import { until } from '../../support/until.js';

let folder: string;
let stores: Store[];
let leases: Lease[];
/** ms of every clock here. */
let time: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'easel-lease-'));
  stores = [];
  leases = [];
  time = 1_000_000;
  // A lease is renewed when a test says so: otherwise it could be between two of its lines.
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});
afterEach(async () => {
  for (const lease of leases) await lease.release();
  vi.useRealTimers();
  await Promise.all(stores.map((store) => store.close()));
  await rm(folder, { recursive: true });
});

type Fate = 'alive' | 'dead' | 'unknown';
const identity: ProcessIdentity = { space: 'boot pid:[1]', pid: 1, startedAt: '1' };
const lifeMs = 200;

/** A store of its own on the one file, as each process has. */
async function openStore(connect?: (options: object) => KeyvSqlite): Promise<Store> {
  const url = `sqlite://${join(folder, 'easel.sqlite')}`;
  const store = await createStore(url, { log: silentLog, guarded: true, ...(connect && { connect }) });
  stores.push(store);
  return store;
}

interface Situation {
  /** What is visible there of the holder. */
  readonly sees?: Fate;
  readonly store?: Store;
  /** Whether time passes while it waits. */
  readonly waits?: boolean;
}

/** A process that may want the store. */
async function begin({ sees = 'unknown', waits = true, ...given }: Situation = {}) {
  const store = given.store ?? (await openStore());
  const told = { lost: 0, numbers: [] as number[] };
  const lose = () => {
    store.shut();
    told.lost += 1;
  };
  const lease = createLease({
    table: store.table('lease'),
    log: silentLog,
    lifeMs,
    identity,
    now: () => time,
    monotonic() {
      if (waits) time += 30;
      return time;
    },
    fate: () => sees,
    onTaken(number) {
      told.numbers.push(Number(number));
      store.fence(number, lose);
    },
    onLost: lose,
  });
  leases.push(lease);
  return { ...lease, store, told, tasks: store.table<string>('tasks') };
}
const beat = () => vi.advanceTimersByTime(lifeMs / 5);

it('of many processes that want a free one at the same instant, one gets it', async () => {
  const all = await Promise.all(Array.from({ length: 8 }, () => begin({ sees: 'alive', waits: false })));
  const taken = await Promise.all(all.map((one) => one.take()));
  expect(taken.filter(Boolean)).toHaveLength(1);
});

it('of many processes that find the holder silent at the same instant, one gets it', async () => {
  const first = await begin();
  await first.take();
  const all = await Promise.all(Array.from({ length: 6 }, () => begin()));
  const taking = all.map((one) => one.take());
  // The first one may hold it as long as it is silent, too: here all of its waiters are done before.
  expect((await Promise.all(taking)).filter(Boolean).length).toBeGreaterThan(0);
  const numbers = all.flatMap(({ told }) => told.numbers);
  expect(new Set(numbers).size).toBe(numbers.length);
  const holder = all.find(({ told }) => told.numbers.includes(Math.max(...numbers)));
  await holder?.tasks.set('a', 'the holder');
  for (const other of [first, ...all].filter((one) => one !== holder))
    await expect(other.tasks.set('a', 'another')).rejects.toMatchObject({ reason: 'fenced' });
  expect(await holder?.tasks.get('a')).toBe('the holder');
});

it('turns a second process away at once while the holder is alive', async () => {
  await (await begin()).take();
  const second = await begin({ sees: 'alive', waits: false });
  expect(await second.take()).toBe(false);
  expect(second.told.numbers).toEqual([]);
});

it('an invisible process with the same number and host name counts as alive as long as it sends heartbeats', async () => {
  await (await begin()).take();
  const second = await begin({ waits: false });
  const taken = vi.fn();
  void second.take().then(taken);
  // The wait begins with a first look, and the next one finds that it was heard of since.
  await until('it knows', () => {
    beat();
    return taken.mock.calls.length > 0;
  });
  expect(taken).toHaveBeenCalledWith(false);
});

it('passes at once from a process that is certainly dead, under a greater number', async () => {
  const first = await begin();
  await first.take();
  const second = await begin({ sees: 'dead', waits: false });
  expect(await second.take()).toBe(true);
  expect(second.told.numbers[0]).toBeGreaterThan(first.told.numbers[0] ?? 0);
});

it('passes at once when it is released, and the number grows even if the clock was set back', async () => {
  const first = await begin();
  await first.take();
  await first.release();
  time -= 500_000;
  const second = await begin({ waits: false });
  expect(await second.take()).toBe(true);
  expect(second.told.numbers[0]).toBeGreaterThan(first.told.numbers[0] ?? 0);
});

it('passes from an invisible holder that is silent for its lease time, and from a visible one that hangs', async () => {
  await (await begin()).take();
  expect(await (await begin()).take()).toBe(true);
  time += lifeMs;
  expect(await (await begin({ sees: 'alive' })).take()).toBe(true);
});

it('of an earlier version of Easel is waited for as well', async () => {
  const store = await openStore();
  const lease = store.table<object>('lease');
  const old = (seenAt: number) => ({ owner: 'x', host: 'desk', pid: 1, seenAt });
  await lease.set('bot', old(1));
  const second = await begin({ waits: false });
  const taken = vi.fn();
  void second.take().then(taken);
  let seenAt = 1;
  await until('it knows', async () => {
    await lease.set('bot', old(++seenAt));
    return taken.mock.calls.length > 0;
  });
  expect(taken).toHaveBeenCalledWith(false);
  expect(await (await begin()).take()).toBe(true);
});

it('notifies a process that slept while another took over, once, and it writes nothing more', async () => {
  const [sleeper, next] = [await begin(), await begin()];
  await sleeper.take();
  await next.take();
  await next.tasks.set('a', 'of the next one');
  beat();
  await expect.poll(() => sleeper.told.lost).toBe(1);
  await expect(sleeper.tasks.set('a', 'of the sleeper')).rejects.toMatchObject({ reason: 'fenced' });
  await expect(sleeper.tasks.delete('a')).rejects.toMatchObject({ reason: 'fenced' });
  beat();
  expect([sleeper.told.lost, next.told.lost]).toEqual([1, 0]);
  expect(await next.tasks.get('a')).toBe('of the next one');
});

it('with a late grant is no more valid here than in the store: it is confirmed before anything else', async () => {
  const store = await openStore();
  const table = store.table<unknown>('lease');
  const writes = vi.fn(table.compareAndSet);
  const lease = createLease({
    table: {
      ...table,
      // Written at once, with the answer a whole lease time later.
      async compareAndSet(...args) {
        const isWritten = await writes(...args);
        time += writes.mock.calls.length === 1 ? lifeMs : 0;
        return isWritten;
      },
    },
    log: silentLog,
    lifeMs,
    identity,
    now: () => time,
    monotonic: () => time,
    fate: () => 'unknown' as const,
    onTaken: (number: string) => store.fence(number),
    onLost() {},
  });
  leases.push(lease);
  expect(await lease.take()).toBe(true);
  expect(await lease.confirm()).toBe(true);
  expect(writes).toHaveBeenCalledTimes(2);
});

describe('the fence', () => {
  it('stops all writes of a process that has no lease yet', async () => {
    const { tasks, store } = await begin();
    for (const write of [tasks.set('a', 'x'), tasks.add('a', 'x'), tasks.delete('a')])
      await expect(write).rejects.toMatchObject({ reason: 'fenced' });
    await expect(tasks.update('a', () => 'x')).rejects.toMatchObject({ reason: 'fenced' });
    expect(await store.healthy()).toBe(true);
    for (const name of await store.tables())
      for await (const row of store.table(name).entries()) expect.fail(`${name} holds ${row[0]}`);
  });

  it('stops any write in flight when the lease was lost, and says so first', async () => {
    let delayed = Promise.resolve();
    const slow = await openStore((options) => {
      const adapter = new KeyvSqlite(options);
      const query = adapter.query.bind(adapter);
      // The statement waits between the process and the database, as with a disk that hangs.
      adapter.query = async (...args: Parameters<typeof query>) => {
        if (
          /^(INSERT|DELETE FROM tasks)/.test(String(args[0])) &&
          'table' in options &&
          options.table === 'tasks'
        )
          await delayed;
        return query(...args);
      };
      return adapter;
    });
    const sleeper = await begin({ store: slow });
    await sleeper.take();
    await sleeper.tasks.set('a', 'before');
    await sleeper.tasks.set('d', 'before');
    let letGo = () => {};
    delayed = new Promise((resolve) => {
      letGo = resolve;
    });
    const writes = [
      sleeper.tasks.set('a', 'late'),
      sleeper.tasks.add('b', 'late'),
      sleeper.tasks.update('c', () => 'late'),
      sleeper.tasks.delete('d'),
    ].map((write) =>
      write.then(
        () => 'written',
        ({ reason }: { reason: string }) => reason,
      ),
    );
    const next = await begin();
    await next.take();
    letGo();
    expect(await Promise.all(writes)).toEqual(['fenced', 'fenced', 'fenced', 'fenced']);
    const there = await Promise.all(['a', 'b', 'c', 'd'].map((key) => next.tasks.get(key)));
    expect(there).toEqual(['before', undefined, undefined, 'before']);
    expect(sleeper.told.lost).toBe(1);
    await next.tasks.set('a', 'of the next one');
  });

  it('also holds after a connection was lost and reopened', async () => {
    const adapters: KeyvSqlite[] = [];
    const store = await openStore((options) => {
      const adapter = new KeyvSqlite(options);
      if ('table' in options && options.table === 'tasks') adapters.push(adapter);
      return adapter;
    });
    const sleeper = await begin({ store });
    await sleeper.take();
    await sleeper.tasks.set('a', 'before');
    await adapters[0]?.close();
    await expect(sleeper.tasks.get('a')).rejects.toMatchObject({ name: 'StoreError' });
    await (await begin()).take();
    await until('it is refused', async () =>
      sleeper.tasks.set('a', 'late').then(
        () => expect.fail('it was written'),
        ({ reason }: { reason: string }) => reason === 'fenced',
      ),
    );
    expect(adapters).toHaveLength(2);
  });
});
