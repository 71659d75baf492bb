import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectRedis, settled } from '../../../src/cluster/redis-connection.js';
import { createUserUsageIndex, type UserUsageIndex } from '../../../src/cluster/user-usage-index.js';
import { silentLog } from '../../../src/log.js';
import { createStore, type Store } from '../../../src/store/store.js';
import { hasRedis, type RedisServer, startRedis } from '../../support/redis.js';

describe.skipIf(!hasRedis)('the index of tasks by user', () => {
  let redis: RedisServer;
  let store: Store;
  let connections: Redis[] = [];
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());
  beforeEach(async () => {
    await redis.command('FLUSHALL');
    store = await createStore(redis.url(), { log: silentLog });
  });
  afterEach(async () => {
    for (const connection of connections) connection.disconnect();
    connections = [];
    await store.close();
  });

  /** A process's view, with a lease of this number. */
  async function open(lease: string): Promise<UserUsageIndex> {
    await redis.command(`HSET easel:leases ${lease} {}`);
    const connection = connectRedis(redis.url());
    connections.push(connection);
    await settled(connection);
    return createUserUsageIndex({ redis: connection, lease: () => lease, table: 'tasks' });
  }
  const ids = async (people: UserUsageIndex, person = 'ben') =>
    [...(await people.read(person)).keys()].sort();

  it('is the same for all processes, together with the rows', async () => {
    const [one, other] = [await open('1'), await open('2')];
    const tasks = store.table<object>('tasks');
    await tasks.set('7:1', { words: 'ein Fuchs 狐狸' });
    await one.add([
      ['ben', '7:1'],
      ['ben', '7:2'],
      ['mia', '8:1'],
    ]);
    expect(await other.read('ben')).toEqual(
      new Map([
        ['7:1', { words: 'ein Fuchs 狐狸' }],
        ['7:2', undefined],
      ]),
    );
    await tasks.delete('7:1');
    expect((await other.read('ben')).get('7:1')).toBeUndefined();
    await other.drop([
      ['ben', '7:1'],
      ['ben', '7:2'],
    ]);
    expect([await ids(one), await ids(one, 'mia')]).toEqual([[], ['8:1']]);
    expect(await redis.command('EXISTS easel:person:ben')).toBe(':0');
  });

  it('is changed by a claim only if no one has added to it', async () => {
    const [one, other] = [await open('1'), await open('2')];
    expect(await one.claim('ben', { known: [], add: ['1:1', '1:2'], drop: [] })).toBe(true);
    expect(await other.claim('ben', { known: [], add: ['2:1'], drop: ['1:1'] })).toBe(false);
    expect(await ids(one)).toEqual(['1:1', '1:2']);
    expect(await other.claim('ben', { known: ['1:1', '1:2'], add: ['2:1'], drop: ['1:2'] })).toBe(true);
    // Keys that are gone meanwhile don't interfere.
    expect(await one.claim('ben', { known: ['1:1', '1:2', '2:1'], add: ['1:1'], drop: [] })).toBe(true);
    expect(await ids(other)).toEqual(['1:1', '2:1']);
  });

  it('is taken over by another process once the lease was revoked', async () => {
    const people = await open('1');
    await people.add([['ben', '1:1']]);
    await redis.command('HDEL easel:leases 1');
    const asked = [
      people.claim('ben', { known: ['1:1'], add: ['2:1'], drop: [] }),
      people.add([['ben', '2:1']]),
      people.drop([['ben', '1:1']]),
    ];
    for (const one of asked)
      await expect(one).rejects.toMatchObject({ name: 'StoreError', reason: 'fenced' });
    expect(await ids(people)).toEqual(['1:1']);
  });

  it('handles thousands of claims', async () => {
    const people = await open('1');
    await people.add(Array.from({ length: 1_200 }, (_, n) => ['ben', `${n}:1`]));
    expect(await ids(people)).toHaveLength(1_200);
  });

  it('is unavailable while Redis is, and works again afterwards', async () => {
    const people = await open('1');
    await people.add([['ben', '1:1']]);
    await redis.kill();
    await expect(people.read('ben')).rejects.toMatchObject({ name: 'StoreError', reason: 'away' });
    await expect(people.claim('ben', { known: [], add: [], drop: [] })).rejects.toMatchObject({
      reason: 'away',
    });
    await redis.start();
    await expect.poll(() => ids(people).catch(() => [])).toEqual(['1:1']);
  });
});
