import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  createPeerRequests,
  type PeerRequests,
  pressMs,
  pressPatienceMs,
  type TaskErrand,
  type Work,
} from '../../../src/cluster/peer-requests.js';
import { connectRedis, settled } from '../../../src/cluster/redis-connection.js';
import { createCollectingLog } from '../../support/log.js';
import { hasRedis, type RedisServer, startRedis } from '../../support/redis.js';
import { until } from '../../support/until.js';

/** A guild on the second shard, of two as of three. */
const second = String(7n << 22n);
const cancel = (home?: string): TaskErrand => ({
  what: 'cancel',
  id: '1146000000000000023:1',
  ...(home && { home }),
});
const collect: TaskErrand = {
  what: 'collect',
  id: '1146000000000000023:1',
  home: second,
  answer: {
    applicationId: '1',
    token: 'the-press',
    tokenExpiresAt: 5,
    sizeLimit: 10,
    messageId: '7',
    locale: 'zh-CN',
  },
};

interface Process {
  readonly errands: PeerRequests;
  readonly connection: Redis;
  readonly done: (TaskErrand | string)[];
  readonly stopping: AbortController;
}

/** A connection to Redis that can be cut: it then receives and sends nothing more, without an error. */
async function openWire({ hostname, port }: URL) {
  const held: Socket[] = [];
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    near.pipe(far);
    far.pipe(near);
    held.push(near, far);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: own } = server.address() as AddressInfo;
  return {
    url: `redis://127.0.0.1:${own}/0`,
    cut() {
      for (const socket of held) socket.unpipe().pause();
    },
    close() {
      for (const socket of held) socket.destroy();
      server.close();
    },
  };
}

describe.skipIf(!hasRedis)('peer requests', () => {
  let redis: RedisServer;
  let ends: (() => void)[] = [];
  /** How many processes there are, by database. */
  const opened = new Map<number, number>();
  let log = createCollectingLog();
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());
  beforeEach(async () => {
    log = createCollectingLog();
    await redis.command('FLUSHALL');
  });
  afterEach(() => {
    for (const end of ends) end();
    ends = [];
    opened.clear();
  });

  /** For a process that is to find out that none handles its request. */
  const away = { patienceMs: 300 };

  interface Setup extends Partial<Work> {
    readonly count?: number;
    readonly database?: number;
    /** Its address, if it differs from Redis's own. */
    readonly url?: string;
    readonly lookMs?: number;
    /** How long it waits for the others to begin: forever, unless one of them is to be unavailable. */
    readonly patienceMs?: number;
  }

  /** A process that holds one shard, under a lease whose number is one higher, and handles all requests. */
  async function open(
    shard: number,
    { count = 2, database = 0, url = redis.url(database), lookMs, patienceMs = 60_000, ...work }: Setup = {},
  ): Promise<Process> {
    const lease = String(shard + 1);
    await redis.command(`HSET easel:leases ${lease} {}`);
    const connection = connectRedis(redis.url(database));
    await settled(connection);
    const errands = createPeerRequests({
      redis: connection,
      connect: () => connectRedis(url),
      log,
      lease: () => lease,
      shards: { ids: [shard], count },
      patienceMs,
      ...(lookMs && { lookMs }),
    });
    const done: Process['done'] = [];
    const stopping = new AbortController();
    const run: Work['run'] = async (errand) => {
      done.push(errand);
      return 'done';
    };
    const forget: Work['forget'] = async (userId) => {
      done.push(userId);
      return { emptied: 2, later: 1 };
    };
    errands.serve({ run, forget, ...work }, stopping.signal);
    ends.push(() => {
      errands.close();
      connection.disconnect();
    });
    const before = opened.get(database) ?? 0;
    opened.set(database, before + 1);
    await until('it listens', async () => (await listeners(database)) > before);
    return { errands, connection, done, stopping };
  }
  const listeners = async (database: number) => {
    const [, count] = /:(\d+)$/.exec(await redis.command(`PUBSUB NUMSUB easel:errands:${database}`)) ?? [];
    return Number(count);
  };

  it('are handled by the process that runs the task, and by no other', async () => {
    const [asker, owner, third] = [
      await open(0, { count: 3 }),
      await open(1, { count: 3 }),
      await open(2, { count: 3 }),
    ];
    expect(await asker.errands.run(cancel(second))).toBe('done');
    expect([asker.done, owner.done, third.done]).toEqual([[], [cancel(second)], []]);
  });

  it('outside guilds are handled by the first process', async () => {
    const [owner, asker] = [await open(0), await open(1)];
    expect(await asker.errands.run(cancel())).toBe('done');
    expect(owner.done).toEqual([cancel()]);
  });

  it('carry their payload, and return the answer', async () => {
    const [asker, owner] = [await open(0), await open(1, { run: async () => 'busy' })];
    expect(await asker.errands.run(collect)).toBe('busy');
    expect(owner.done).toEqual([]);
    const other = await open(1);
    await asker.errands.run(collect);
    expect(other.done).toEqual([collect]);
  });

  it('to a process that does not exist end unanswered while the user still waits', async () => {
    const asker = await open(0, away);
    expect(await asker.errands.run(cancel(second))).toBeUndefined();
    // Its default time limit, and Discord's.
    expect(pressPatienceMs + pressMs).toBeLessThan(2_500);
  });

  it('are not handled by a process that is stopping', async () => {
    const [asker, owner] = [await open(0, away), await open(1)];
    owner.stopping.abort();
    expect(await asker.errands.run(cancel(second))).toBeUndefined();
    expect(owner.done).toEqual([]);
  });

  it('are not handled by a process whose lease was revoked', async () => {
    const [asker, owner] = [await open(0, away), await open(1)];
    await redis.command('HDEL easel:leases 2');
    expect(await asker.errands.run(cancel(second))).toBeUndefined();
    expect(owner.done).toEqual([]);
  });

  it('that fail are not answered, and the log has no token of them', async () => {
    const fail = async () => Promise.reject(new Error('no room'));
    const [asker] = [await open(0, away), await open(1, { run: fail })];
    expect(await asker.errands.run(collect)).toBeUndefined();
    await until('it is logged', () => log.lines.length > 0);
    const lines = JSON.stringify(log.lines);
    expect(lines).toContain('"errand":"collect","task":"1146000000000000023:1"');
    expect(lines).not.toContain('the-press');
  });

  it("of two databases of one Redis don't interfere", async () => {
    const [asker, stranger] = [await open(0, away), await open(1, { database: 1 })];
    expect(await asker.errands.run(cancel(second))).toBeUndefined();
    expect(stranger.done).toEqual([]);
  });

  it('that are malformed are ignored, and their content is not in the log', async () => {
    const [asker, owner] = [await open(0), await open(1)];
    for (const text of [
      'the-press',
      '{"id":1,"token":"the-press"}',
      '{"id":"1","from":"2","errand":{"what":"paint"}}',
    ])
      await owner.connection.publish('easel:errands:0', text);
    await until('it was looked at', () => log.lines.length === 6);
    expect(JSON.stringify(log.lines)).not.toContain('the-press');
    expect(await asker.errands.run(cancel(second))).toBe('done');
    expect(owner.done).toHaveLength(1);
  });

  describe('requests to forget a user', () => {
    it('are handled by all, and answered with a sum', async () => {
      const [asker, ...others] = [
        await open(0, { count: 3 }),
        await open(1, { count: 3 }),
        await open(2, { count: 3 }),
      ];
      // It waits no longer than for the last answer.
      expect(await asker.errands.forget('4')).toEqual({ emptied: 4, later: 2, isWhole: true });
      expect(others.map(({ done }) => done)).toEqual([['4'], ['4']]);
      expect(asker.done).toEqual([]);
    });

    it('are incomplete if a process is unavailable, and say so while the user still waits', async () => {
      const [asker] = [await open(0, { count: 3, patienceMs: 3_000 }), await open(1, { count: 3 })];
      expect(await asker.errands.forget('4')).toEqual({ emptied: 2, later: 1, isWhole: false });
    });

    it('wait for a process that has begun, however long its ledger is', async () => {
      const slowly = async () => sleep(3_500, { emptied: 9, later: 0 });
      const [asker] = [await open(0, { patienceMs: 3_000 }), await open(1, { forget: slowly })];
      expect(await asker.errands.forget('4')).toEqual({ emptied: 9, later: 0, isWhole: true });
    });
  });

  it('are repeated after Redis was unavailable', async () => {
    const [asker, owner] = [await open(0, { patienceMs: 1_000 }), await open(1)];
    const works = async () => (await asker.errands.run(cancel(second))) === 'done';
    await until('they are done', works);
    await redis.kill();
    expect(await works()).toBe(false);
    await redis.start();
    await redis.command('HSET easel:leases 2 {}');
    await until('they are done again', works);
    expect(owner.done.length).toBeGreaterThan(1);
  });

  it('are repeated by a process whose connection died silently', async () => {
    const wire = await openWire(new URL(redis.url()));
    ends.push(wire.close);
    const [asker] = [await open(0, away), await open(1, { url: wire.url, lookMs: 100 })];
    wire.cut();
    expect(await asker.errands.run(cancel(second))).toBeUndefined();
    await until('they are done', async () => (await asker.errands.run(cancel(second))) === 'done');
  });

  it('to a process that started without Redis are handled once it is back', async () => {
    await redis.kill();
    const connecting = () => connectRedis(redis.url());
    const connection = connecting();
    const shards = { ids: [0], count: 2 };
    const errands = createPeerRequests({
      redis: connection,
      connect: connecting,
      log,
      lease: () => '1',
      shards,
    });
    ends.push(() => {
      errands.close();
      connection.disconnect();
    });
    await sleep(100);
    await redis.start();
    const owner = await open(1);
    await until('it is done', async () => (await errands.run(cancel(second))) === 'done');
    expect(owner.done.length).toBeGreaterThan(0);
  });
});
