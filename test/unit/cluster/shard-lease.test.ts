import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { connectRedis } from '../../../src/cluster/redis-connection.js';
import { createRangeLease } from '../../../src/cluster/shard-lease.js';
import type { Lease } from '../../../src/cluster/store-lease.js';
import type { Shards } from '../../../src/config/config.js';
import { type Log, silentLog } from '../../../src/log.js';
import { createStore } from '../../../src/store/store.js';
import { createCollectingLog } from '../../support/log.js';
import { hasRedis, type RedisServer, startRedis } from '../../support/redis.js';
import { giveChance, until } from '../../support/until.js';

describe.skipIf(!hasRedis)('the lease of shards', () => {
  let redis: RedisServer;
  let connections: Redis[] = [];
  let leases: Lease[] = [];
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());
  beforeEach(() => redis.command('FLUSHALL'));
  afterEach(async () => {
    for (const lease of leases) await lease.release();
    for (const connection of connections) connection.disconnect();
    connections = [];
    leases = [];
  });

  function start(
    shards: Shards,
    options: {
      texts?: string;
      log?: Log;
      pid?: number;
      lifeMs?: number;
      now?: () => number;
      monotonic?: () => number;
    } = {},
  ) {
    const connection = connectRedis(redis.url());
    connections.push(connection);
    const told = { lost: 0, numbers: [] as string[] };
    const lease = createRangeLease({
      redis: connection,
      shards,
      log: silentLog,
      onLost: () => {
        told.lost += 1;
      },
      onTaken: (number) => told.numbers.push(number),
      ...options,
    });
    leases.push(lease);
    return { ...lease, told, connection };
  }
  const part = (...ids: number[]): Shards => ({ ids, count: 4 });

  /** Whether it is still waiting after a few looks. */
  async function waits(taking: Promise<boolean>): Promise<boolean> {
    return (await Promise.race([taking, giveChance(150).then(() => 'waits')])) === 'waits';
  }

  it('says at the start that a process of the fleet has other texts', async () => {
    const log = createCollectingLog();
    await start(part(0), { texts: 'same' }).take();
    await start(part(1), { texts: 'same', log }).take();
    expect(log.lines.filter(({ level }) => level === 'warn')).toEqual([]);
    await start(part(2), { texts: 'other', log }).take();
    expect(log.lines.filter(({ level }) => level === 'warn')).toMatchObject([
      { message: expect.stringContaining('LOCALES_DIR') },
    ]);
  });

  it('is held by one process for each shard; processes can share the rest, under ever greater numbers', async () => {
    const [first, other, second] = [start(part(0, 1)), start(part(2, 3)), start(part(1, 2))];
    await first.take();
    await other.take();
    const taking = second.take();
    expect(await waits(taking)).toBe(true);
    await first.release();
    expect(await waits(taking)).toBe(true);
    await other.release();
    expect(await taking).toBe(true);
    const numbers = [first, other, second].flatMap(({ told }) => told.numbers.map(Number));
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  });

  it.each<[Shards, Shards]>([
    ['auto', part(0)],
    [part(3), 'auto'],
    [part(0), { ids: [1], count: 8 }],
  ])('%o and %o cannot be held at once', async (one, other) => {
    const holder = start(one);
    await holder.take();
    const taking = start(other).take();
    expect(await waits(taking)).toBe(true);
    await holder.release();
    expect(await taking).toBe(true);
  });

  it('with a late grant is no more valid here than in Redis: it is confirmed before anything else', async () => {
    let time = 1_000_000;
    const clocks = { now: () => time, monotonic: () => time };
    const { connection, ...lease } = start(part(0), { lifeMs: 60_000, ...clocks });
    const evaluate = connection.eval.bind(connection) as (...args: unknown[]) => Promise<unknown>;
    const asked = vi.fn(async (...args: unknown[]) => {
      const answer = await evaluate(...args);
      // Granted at once, with the answer a whole lease time later.
      time += asked.mock.calls.length === 1 ? 60_000 : 0;
      return answer;
    });
    connection.eval = asked as unknown as typeof connection.eval;
    await lease.take();
    expect(await lease.confirm()).toBe(true);
    expect(asked).toHaveBeenCalledTimes(2);
  });

  it('passes at once from a process that was killed on this machine', async () => {
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)']);
    await once(child, 'spawn');
    await start(part(0), { pid: child.pid ?? 0 }).take();
    const taking = start(part(0)).take();
    expect(await waits(taking)).toBe(true);
    child.kill('SIGKILL');
    expect(await taking).toBe(true);
  });

  it("passes from a silent process, which is notified and can't write any more", async () => {
    const sleeper = start(part(0), { lifeMs: 100 });
    await sleeper.take();
    const store = await createStore(redis.url(), { log: silentLog });
    store.fence(sleeper.told.numbers[0] ?? '');
    const table = store.table<number>('tasks');
    await table.set('a', 1);
    sleeper.connection.disconnect();
    const next = start(part(0), { lifeMs: 1_000 });
    await next.take();
    await expect(table.set('a', 2)).rejects.toMatchObject({ reason: 'fenced' });
    expect(await table.get('a')).toBe(1);
    await sleeper.connection.connect();
    await expect.poll(() => sleeper.told.lost).toBe(1);
    expect(next.told.lost).toBe(0);
    await store.close();
  });

  it('stops any write in flight when the lease was lost', async () => {
    const sleeper = start(part(0), { lifeMs: 100 });
    await sleeper.take();
    // The store's commands wait between the process and Redis, as on a hanging network.
    const line = await delayingLine(redis.url());
    const store = await createStore(line.url, { log: silentLog, patienceMs: 10_000 });
    const told = { fenced: 0 };
    store.fence(sleeper.told.numbers[0] ?? '', () => {
      told.fenced += 1;
    });
    const table = store.table<string>('tasks');
    await table.set('a', 'before');
    const { version } = await table.read('a');
    line.hold();
    const writes = [
      table.set('b', 'late'),
      table.add('c', 'late'),
      table.compareAndSet('a', version, 'late'),
      table.delete('d'),
    ].map((write) =>
      write.then(
        () => 'written',
        ({ reason }: { reason: string }) => reason,
      ),
    );
    await until('the writes are on their way', async () => line.held() > 0);
    sleeper.connection.disconnect();
    await start(part(0)).take();
    line.release();
    expect(await Promise.all(writes)).toEqual(['fenced', 'fenced', 'fenced', 'fenced']);
    const after = await createStore(redis.url(), { log: silentLog });
    const there = await Promise.all(['a', 'b', 'c'].map((key) => after.table('tasks').get(key)));
    expect(there).toEqual(['before', undefined, undefined]);
    expect(told.fenced).toBe(1);
    await Promise.all([store.close(), after.close()]);
    line.close();
  });

  it('survives a Redis that dies and comes back, however long that takes', async () => {
    const holder = start(part(0), { lifeMs: 100 });
    await holder.take();
    await redis.kill();
    await giveChance(150);
    await redis.start();
    await until('it is renewed', async () => {
      const text = await redis.command(`HGET easel:leases ${holder.told.numbers[0]}`);
      const [, end = '0'] = /"until":([\d.e+]+)/.exec(text) ?? [];
      return Number(end) > Date.now();
    });
    expect(holder.told.lost).toBe(0);
  });
});

/** A connection to a Redis that can be made to hold back commands. */
async function delayingLine(url: string) {
  const port = Number(new URL(url).port);
  let held: (() => void)[] | undefined;
  const sockets: Socket[] = [];
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    sockets.push(near, far);
    for (const socket of [near, far]) socket.on('error', () => {});
    near.on('data', (bytes) => {
      if (held) held.push(() => far.write(bytes));
      else far.write(bytes);
    });
    far.on('data', (bytes) => near.write(bytes));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return {
    url: `redis://127.0.0.1:${address.port}/0`,
    hold() {
      held = [];
    },
    held: () => held?.length ?? 0,
    release() {
      const waiting = held ?? [];
      held = undefined;
      for (const send of waiting) send();
    },
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
