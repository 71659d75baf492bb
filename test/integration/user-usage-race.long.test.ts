import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { copyStore } from '../../src/cli/store-copy.js';
import type { UserUsageIndex } from '../../src/cluster/user-usage-index.js';
import type { Limits } from '../../src/quota/measures.js';
import type { TaskEvent, TaskId } from '../../src/tasks/model/task.js';
import { partIds } from '../../src/tasks/model/task-set.js';
import { hasRedis, type RedisServer, startRedis } from '../support/redis.js';
import { anImageRequest, aVideoRequest, noon } from '../support/tasks.js';
import { beginProcess, type Process, type ProcessOptions } from './process.js';

const toMove = anImageRequest({ thenAnimate: aVideoRequest({ model: 'kling-3.0' }) });
const several = anImageRequest({ set: { count: 3 } });
const finished = { urls: ['https://results.example.com/1.png'], linksExpireAt: noon + 1 };
const posted = { channelId: '1100000000000000003', messageId: '1146000000000000099' };
const succeed: readonly TaskEvent[] = [
  { type: 'submitting' },
  { type: 'created', mpsTaskId: 'mps', createdAt: noon },
  { type: 'finished', ...finished },
  { type: 'fetched', made: { billed: 1 } },
  { type: 'handed', posted },
];

/** Dies as soon as its claim is in Redis, before anything else. */
const dyingOfClaim = (people: UserUsageIndex): UserUsageIndex => ({
  ...people,
  async claim(person, claim) {
    const isClaimed = await people.claim(person, claim);
    // It was counted as an open order before.
    if (claim.add.every((id) => id.startsWith('~'))) return isClaimed;
    throw new Error('killed');
  },
});
const nobody: TaskId = '0:0';

describe.skipIf(!hasRedis)('one user, admitted by several processes', () => {
  let redis: RedisServer;
  let lives: Process[] = [];
  let limits: Limits;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());
  beforeEach(async () => {
    await redis.command('FLUSHALL');
    limits = { 'image.day': 1 };
  });
  afterEach(async () => {
    await Promise.all(lives.map((life) => life.end()));
    lives = [];
  });

  async function begin(number: 0 | 1, options: ProcessOptions = {}): Promise<Process> {
    const life = await beginProcess({ redis, number, limits, ...options });
    lives.push(life);
    return life;
  }
  async function end(life: Process): Promise<void> {
    lives = lives.filter((each) => each !== life);
    await life.end();
  }

  it('gets the last picture of their day once, however often two processes race for it', async () => {
    const [one, other] = [await begin(0), await begin(1)];
    const wins = [0, 0];
    let person = '';
    for (let round = 0; round < 150; round++) {
      const tasks = await Promise.all([one.admit(), other.admit()]);
      person = tasks[0]?.account.person ?? '';
      const [here, there] = await Promise.all(
        [one, other].map((life, n) => life.reserve(tasks[n]?.id ?? nobody)),
      );
      expect([here, there].filter(Boolean)).toHaveLength(1);
      expect([await one.used(), await other.used()]).toEqual(Array(2).fill({ reserved: 1, spent: 0 }));
      // Given back, it is there for the next round.
      if (here) await one.pass(here, { type: 'cancelled' });
      if (there) await other.pass(there, { type: 'cancelled' });
      wins[here ? 0 : 1] = (wins[here ? 0 : 1] ?? 0) + 1;
    }
    expect(Math.min(...wins)).toBeGreaterThan(0);
    // Refunded claims don't interfere.
    expect((await one.people.read(person)).size).toBeLessThanOrEqual(4);
  });

  it('is admitted exactly as often as the limit says, with many requests on both sides', async () => {
    limits = { 'image.day': 23 };
    const both = [await begin(0), await begin(1)];
    const asked = Array.from({ length: 80 }, (_, n) => both[n % 2]?.ask());
    expect((await Promise.all(asked)).filter(Boolean)).toHaveLength(23);
    for (const life of both) expect(await life.used()).toEqual({ reserved: 23, spent: 0 });
  });

  it('is charged a follow-up clip in the same step as its picture', async () => {
    limits = { 'second.day': 9 };
    const both = [await begin(0), await begin(1)];
    for (let round = 0; round < 30; round++) {
      const tasks = await Promise.all(both.map((life) => life.admit(toMove)));
      const through = await Promise.all(both.map((life, n) => life.reserve(tasks[n]?.id ?? nobody)));
      expect(through.filter(Boolean)).toHaveLength(1);
      for (const life of both) expect((await life.used('second.day')).reserved).toBe(5);
      for (const [n, life] of both.entries()) {
        const picture = through[n];
        if (!picture) continue;
        await life.pass(picture, { type: 'cancelled' });
        await life.ledger.record(`${picture.origin.eventId}:101`, { type: 'cancelled' });
      }
    }
  });

  it('has a set whole or not at all, however often two processes race for it', async () => {
    limits = { 'image.day': 5, open: 2 };
    const both = [await begin(0), await begin(1)];
    for (let round = 0; round < 40; round++) {
      const tasks = await Promise.all(both.map((life) => life.admit(several)));
      const through = await Promise.all(both.map((life, n) => life.reserve(tasks[n]?.id ?? nobody)));
      expect(through.filter(Boolean)).toHaveLength(1);
      for (const life of both) {
        expect((await life.used()).reserved).toBe(3);
        expect((await life.used('open')).reserved).toBe(1);
      }
      for (const [n, life] of both.entries()) {
        const lead = through[n];
        if (!lead) continue;
        for (const id of partIds(lead).slice(1)) await life.pass({ id }, { type: 'dropped' });
        await life.pass(lead, { type: 'cancelled' });
      }
    }
  });

  it('counts a set once that was killed between its claim and its records, and gives it back whole', async () => {
    limits = { 'image.day': 4 };
    const dying = await begin(0, { wrap: dyingOfClaim });
    const lead = await dying.admit(several);
    const id = lead?.id ?? nobody;
    await expect(dying.reserve(id)).rejects.toThrow('killed');
    await end(dying);
    const [heir, other] = [await begin(0), await begin(1)];
    expect((await other.used()).reserved).toBe(3);
    expect(await heir.reserve(id)).toMatchObject({ state: { name: 'queued' } });
    expect([await heir.used(), await other.used()]).toEqual(Array(2).fill({ reserved: 3, spent: 0 }));
    for (const part of partIds(lead ?? { id: nobody }).slice(1))
      await heir.pass({ id: part }, { type: 'dropped' });
    await heir.pass({ id }, { type: 'cancelled' });
    expect((await other.used()).reserved).toBe(0);
    expect(await other.ask(several)).toBeDefined();
  });

  it("killed between claim and record, neither loses nor doubles the task's cost", async () => {
    limits = { 'image.day': 2 };
    const other = await begin(1);
    const dying = await begin(0, { wrap: dyingOfClaim });
    const task = await dying.admit();
    await expect(dying.reserve(task?.id ?? nobody)).rejects.toThrow('killed');
    await end(dying);
    // As long as its outcome is unknown, it counts: the other process can grant one more, and not two.
    expect(await other.used()).toEqual({ reserved: 1, spent: 0 });
    const asked = await Promise.all([other.ask(), other.ask()]);
    expect(asked.filter(Boolean)).toHaveLength(1);

    const heir = await begin(0);
    expect(heir.ledger.get(task?.id ?? nobody)?.state.name).toBe('received');
    expect(await heir.reserve(task?.id ?? nobody)).toMatchObject({ state: { name: 'queued' } });
    expect([await heir.used(), await other.used()]).toEqual(Array(2).fill({ reserved: 2, spent: 0 }));
    expect(await heir.ask()).toBeUndefined();
    // However it ends, it is refunded to the unit.
    const through = heir.ledger.get(task?.id ?? nobody);
    if (through) await heir.pass(through, { type: 'cancelled' });
    expect(await other.used()).toEqual({ reserved: 1, spent: 0 });
    expect(await other.ask()).toBeDefined();
  });

  it('killed there, and then refused or never seen again, is refunded in full', async () => {
    limits = { 'image.day': 1, 'second.day': 5 };
    const dying = await begin(0, { wrap: dyingOfClaim });
    const task = await dying.admit(toMove);
    const id = task?.id ?? nobody;
    await expect(dying.reserve(id)).rejects.toThrow('killed');
    await end(dying);
    const [heir, other] = [await begin(0), await begin(1)];
    expect((await other.used('second.day')).reserved).toBe(5);
    expect(await other.ask()).toBeUndefined();
    await heir.ledger.record(id, { type: 'failed', failure: { reason: 'internal' } });
    expect([await other.used(), await other.used('second.day')]).toEqual(
      Array(2).fill({ reserved: 0, spent: 0 }),
    );
    expect(await other.ask(toMove)).toBeDefined();
  });

  it('keeps their usage over restarts, and over the removal of old tasks', async () => {
    limits = { 'image.day': 3 };
    const [one, other] = [await begin(0), await begin(1)];
    const done = await one.ask();
    if (done) await one.pass(done, ...succeed);
    expect(await other.ask()).toBeDefined();
    await Promise.all([end(one), end(other)]);
    const again = await begin(1);
    expect(await again.used()).toEqual({ reserved: 1, spent: 1 });
    const first = await begin(0);
    expect(await first.ledger.prune(noon + 1)).toBe(1);
    expect(await again.used()).toEqual({ reserved: 1, spent: 0 });
    expect([...(await first.people.read(done?.account.person ?? '')).keys()]).not.toContain(done?.id);
  });

  it('keeps usage from before the index existed, also from another process', async () => {
    limits = { 'image.day': 2 };
    const [one, other] = [await begin(0), await begin(1)];
    expect([await one.ask(), await other.ask()].filter(Boolean)).toHaveLength(2);
    await Promise.all([end(one), end(other)]);
    const keys = (await redis.command('KEYS easel:person:*'))
      .split('\r\n')
      .filter((key) => /^easel/.test(key));
    for (const key of keys) await redis.command(`DEL ${key}`);
    // The first one to start has read both.
    expect(await (await begin(0)).used()).toEqual({ reserved: 2, spent: 0 });
  });

  it('keeps their usage after their tasks were copied to another Redis', async () => {
    limits = { 'image.day': 2 };
    const one = await begin(0);
    expect(await one.ask()).toBeDefined();
    await end(one);
    await redis.command('DEL easel:leases');
    await copyStore({ from: redis.url(), to: redis.url(1), dryRun: false, say() {} });
    expect(await (await begin(1, { url: redis.url(1) })).used()).toEqual({ reserved: 1, spent: 0 });
  });

  it('is admitted by none while Redis is unavailable, and an admitted one waits for it', async () => {
    const one = await begin(0);
    const task = await one.admit();
    await redis.kill();
    const refused = await one.admit().catch((error: unknown) => error);
    expect(refused).toMatchObject({ sentences: [{ key: 'error.store' }] });
    await expect(one.used()).rejects.toMatchObject({ name: 'StoreError', reason: 'away' });
    const reserved = one.reserve(task?.id ?? nobody);
    await redis.start();
    expect(await reserved).toMatchObject({ state: { name: 'queued' } });
  });
});
