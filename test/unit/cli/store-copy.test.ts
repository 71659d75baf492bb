import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CopyError, copyStore } from '../../../src/cli/store-copy.js';
import { connectRedis } from '../../../src/cluster/redis-connection.js';
import { createRangeLease } from '../../../src/cluster/shard-lease.js';
import { createLease } from '../../../src/cluster/store-lease.js';
import { silentLog } from '../../../src/log.js';
import { createStore } from '../../../src/store/store.js';
import { identityOf } from '../../../src/util/process-liveness.js';
import { hasRedis, type RedisServer, startRedis } from '../../support/redis.js';

describe.skipIf(!hasRedis)('a copy of a store', () => {
  let redis: RedisServer;
  let folder: string;
  let said: string[];
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());
  beforeEach(async () => {
    await redis.command('FLUSHALL');
    folder = await mkdtemp(join(tmpdir(), 'easel-copy-'));
    said = [];
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const file = () => `sqlite://${join(folder, 'easel.sqlite')}`;
  const copy = (from: string, to: string, { dryRun = false, patienceMs = 60_000 } = {}) =>
    copyStore({ from, to, dryRun, say: (line) => said.push(line), patienceMs });

  async function fill(url: string): Promise<void> {
    const store = await createStore(url, { log: silentLog });
    const tasks = store.table<object>('tasks');
    await Promise.all(
      Array.from({ length: 1_200 }, (_, n) => tasks.set(`${n}:1`, { v: 1, n, words: 'ein Fuchs 狐狸' })),
    );
    await store.table('settings').set('guild', { zone: null });
    await store.close();
  }
  async function read(url: string): Promise<Record<string, [string, unknown][]>> {
    const store = await createStore(url, { log: silentLog });
    const all: Record<string, [string, unknown][]> = {};
    for (const name of ['tasks', 'settings']) {
      const rows: [string, unknown][] = [];
      for await (const row of store.table<unknown>(name).entries()) rows.push(row);
      all[name] = rows;
    }
    await store.close();
    return all;
  }

  it.each([
    ['SQLite to Redis', () => [file(), redis.url()]],
    ['Redis to SQLite', () => [redis.url(), file()]],
    ['one Redis database to another', () => [redis.url(1), redis.url(2)]],
  ])('from %s brings every row, and a second one changes nothing', async (_, addresses) => {
    const [from = '', to = ''] = addresses();
    await fill(from);
    await copy(from, to);
    expect(said.slice(0, 2)).toEqual(['settings: 1 rows copied', 'tasks: 1200 rows copied']);
    const before = await read(from);
    expect(before.tasks).toHaveLength(1_200);
    expect(await read(to)).toEqual(before);
    await copy(from, to);
    expect(await read(to)).toEqual(before);
  });

  it('writes no row in a dry run', async () => {
    await fill(file());
    await copy(file(), redis.url(), { dryRun: true });
    expect(said).toEqual(['settings: 1 rows to copy', 'tasks: 1200 rows to copy', 'Nothing was written.']);
    expect(await read(redis.url())).toEqual({ tasks: [], settings: [] });
  });

  it('is not made into a store that already has content', async () => {
    await fill(file());
    const store = await createStore(redis.url(), { log: silentLog });
    await store.table('tasks').set('7:1', { other: true });
    await store.close();
    await expect(copy(file(), redis.url())).rejects.toThrow('already holds other rows');
  });

  it('is not made while an Easel runs on either', async () => {
    await fill(file());
    const connection = connectRedis(redis.url());
    const held = createRangeLease({
      redis: connection,
      shards: { ids: [0], count: 2 },
      log: silentLog,
      onLost() {},
      onTaken() {},
    });
    await held.take();
    await expect(copy(file(), redis.url(), { patienceMs: 300 })).rejects.toThrow(
      /An Easel is using redis:.*Stop it first/,
    );
    await held.release();
    connection.disconnect();
    const store = await createStore(file(), { log: silentLog });
    // Another process, alive, as this file sees it.
    const lease = createLease({
      table: store.table('lease'),
      log: silentLog,
      now: Date.now,
      identity: identityOf(process.ppid),
      onTaken() {},
      onLost() {},
    });
    await lease.take();
    await expect(copy(file(), redis.url(), { patienceMs: 300 })).rejects.toThrow(/An Easel is using sqlite:/);
    await lease.release();
    await store.close();
    await expect(copy(file(), file())).rejects.toThrow(CopyError);
  });
});
