import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Log } from '../../src/log.js';
import { silentLog } from '../../src/log.js';
import { createStore, type Store, type StoreError } from '../../src/store/store.js';
import { hasRedis, type RedisServer, startRedis } from '../support/redis.js';
import { until } from '../support/until.js';
import { storeContract } from './store-contract.js';

describe.skipIf(!hasRedis)('Redis', () => {
  let redis: RedisServer;
  let stores: Store[] = [];
  let lines: string[] = [];
  const log: Log = {
    ...silentLog,
    info: (_, message) => void lines.push(`info: ${message}`),
    warn: (_, message) => void lines.push(`warn: ${message}`),
    error: (_, message) => void lines.push(`error: ${message}`),
  };

  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());
  beforeEach(async () => {
    await redis.command('FLUSHALL');
    lines = [];
  });
  afterEach(async () => {
    await Promise.all(stores.map((store) => store.close()));
    stores = [];
  });

  async function openStore(patienceMs = 2_000): Promise<Store> {
    const store = await createStore(redis.url(), { log, patienceMs });
    stores.push(store);
    return store;
  }
  const failure = (asked: Promise<unknown>): Promise<StoreError> =>
    asked.then(
      () => Promise.reject(new Error('the store did as asked')),
      (error: StoreError) => error,
    );

  storeContract('redis', () => createStore(redis.url(), { log: silentLog }));

  it('keeps rows as Keyv writes them, so that Keyv can read them', async () => {
    await (await openStore()).table('tasks').set('1:1', { a: 1 });
    expect(await redis.command('GET easel:tasks::1:1')).toContain('{"value":{"a":1}}');
  });

  it('adds in one step, also against another process', async () => {
    const tables = [await openStore(), await openStore()].map((store) => store.table<number>('tasks'));
    const keys = Array.from({ length: 30 }, (_, n) => `task:${n}`);
    const won = await Promise.all(
      keys.map(async (key) =>
        (await Promise.all(tables.map((table, n) => table.add(key, n)))).filter(Boolean),
      ),
    );
    expect(won.map((wins) => wins.length)).toEqual(keys.map(() => 1));
  });

  it('refuses the writes of a process whose lease was revoked, the whole batch', async () => {
    const store = await openStore();
    await redis.command('HSET easel:leases 7 {}');
    store.fence('7');
    const table = store.table<number>('tasks');
    await table.set('a', 1);
    await redis.command('HDEL easel:leases 7');
    const refused = await Promise.all(
      [table.set('a', 2), table.add('b', 2), table.delete('a')].map((asked) => failure(asked)),
    );
    expect(refused.map(({ reason }) => reason)).toEqual(['fenced', 'fenced', 'fenced']);
    expect([await table.get('a'), await table.get('b')]).toEqual([1, undefined]);
  });

  it('keeps acknowledged writes when killed; meanwhile everything fails at once, and later works by itself', async () => {
    const store = await openStore();
    const table = store.table<string>('tasks');
    await table.set('before', 'kept');
    await redis.kill();
    expect(await failure(table.set('a', 'x'))).toMatchObject({ name: 'StoreError', reason: 'away' });
    expect(await failure(table.get('before'))).toMatchObject({ reason: 'away' });
    expect(store.fault()).toBe('away');
    await redis.start();
    await until('it takes writes again', () => store.healthy());
    expect(await table.get('before')).toBe('kept');
    expect(lines).toEqual([
      'error: Redis is unreachable: make sure it runs, and check STORE_URL',
      'info: the database accepts writes again',
    ]);
  });

  it('that hangs times out for all callers at once, and continues where it stopped', async () => {
    const table = (await openStore(200)).table<number>('tasks');
    await table.set('a', 1);
    redis.pause();
    const asked = Array.from({ length: 50 }, (_, n) => failure(table.set(`key:${n}`, n)));
    expect((await Promise.all(asked)).map(({ reason }) => reason)).toEqual(Array(50).fill('away'));
    redis.resume();
    await until('it answers', async () => (await table.get('a').catch(() => undefined)) === 1);
  });

  it('that is full says so', async () => {
    const table = (await openStore()).table<string>('tasks');
    await redis.command('CONFIG SET maxmemory 1');
    expect(await failure(table.set('a', 'x'))).toMatchObject({ reason: 'full' });
    await redis.command('CONFIG SET maxmemory 0');
    await table.set('a', 'y');
    expect(await table.get('a')).toBe('y');
  });

  it('that is unavailable at the start is waited for', async () => {
    await redis.kill();
    const store = await openStore(200);
    expect(store.fault()).toBe('away');
    await redis.start();
    await until('it takes writes', () => store.healthy());
  });

  it('that would lose acknowledged writes causes a warning', async () => {
    await redis.command('CONFIG SET appendonly no');
    await openStore();
    await until('it is said', async () => lines.some((line) => line.includes('since its last snapshot')));
    await redis.command('CONFIG SET appendonly yes');
    await redis.command('CONFIG SET appendfsync everysec');
    await openStore();
    await until('it is said', async () => lines.some((line) => line.includes('in the last second')));
    await redis.command('CONFIG SET appendfsync always');
  });
});
