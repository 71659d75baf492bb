import { describe, expect, it, onTestFinished } from 'vitest';
import { CosError } from '../../../../src/media/cos/bucket.js';
import { toUsage } from '../../../../src/tasks/accounting/billing.js';
import type { BucketResults } from '../../../../src/tasks/delivery/bucket-results.js';
import type { Folder, State, Task } from '../../../../src/tasks/model/task.js';
import { createFakeClock } from '../../../support/clock.js';
import { anOrigin, aTask, aVideoRequest } from '../../../support/tasks.js';
import { until } from '../../../support/until.js';
import { anMpsError, type Bench, type BenchOptions, createBench } from '../kit.js';

const folder: Folder = { bucket: 'pictures-1250000000', path: '/aigc-output/1/2-1/' };
const at = (name: string) => `https://pictures-1250000000.cos.ap-guangzhou.myqcloud.com${folder.path}${name}`;

/** A bucket that lists what a test provides, or throws it. */
function createFakeKeeping() {
  const shown: { now: readonly string[] | Error; looks: number; hopeful: boolean } = {
    now: [],
    looks: 0,
    hopeful: true,
  };
  const keeping: BucketResults = {
    folderOf: () => ({ folder }),
    lasts: () => true,
    note() {},
    keptIn: () => undefined,
    isHopeful: () => shown.hopeful,
    searchable: ({ state }) => (shown.hopeful && state.name === 'submitting' ? folder : undefined),
    async look() {
      shown.looks++;
      if (shown.now instanceof Error) throw shown.now;
      return shown.now;
    },
  };
  return { shown, keeping };
}

const clock = createFakeClock();
const submitting: State = { name: 'submitting', folder };
const make = (more: Partial<Task> = {}) =>
  aTask({
    state: submitting,
    origin: anOrigin({ tokenExpiresAt: clock.now() + 900_000 }),
    history: [
      { state: 'queued', at: clock.now() },
      { state: 'submitting', at: clock.now() },
    ],
    ...more,
  });

/** A runner that has found a task in `submitting` at its start. */
async function found(
  task: Task,
  options: BenchOptions = {},
): Promise<Bench & ReturnType<typeof createFakeKeeping>> {
  const fake = createFakeKeeping();
  const bench = await createBench({
    keeping: fake.keeping,
    now: clock.now,
    timing: { searchMs: 1 },
    ...options,
  });
  onTestFinished(() => bench.runner.stop());
  await bench.add(task);
  bench.runner.resume();
  return { ...bench, ...fake };
}

describe('a Create whose answer was lost', () => {
  it('is looked for where MPS was told to store its result, and delivered and billed as any other', async () => {
    const task = make();
    const bench = await found(task);
    await bench.reached(task.id, 'searching');
    await until('it was looked for', () => bench.shown.looks > 2);
    expect(bench.ledger.get(task.id)?.state).toMatchObject({ folder, reason: 'interrupted' });
    bench.shown.now = [at('x.png')];
    const over = await bench.over(task.id);
    expect(over).toMatchObject({ state: { name: 'delivered' }, results: { urls: [at('x.png')] } });
    expect(over.results).not.toHaveProperty('linksExpireAt');
    expect(toUsage(over)).toMatchObject({ state: 'spent', amount: 1 });
    expect(bench.creating).toEqual([]);
  });

  it('is waited for until all ordered results are there, and in the end accepted as it is', async () => {
    const task = make({ cost: { unit: 'image', amount: 4 } });
    const bench = await found(task);
    bench.act.fetch = async () =>
      [1, 2, 3].map((n) => ({ path: `/${n}`, type: 'image/png', bytes: 9, sha256: 'a' }));
    await bench.reached(task.id, 'searching');
    bench.shown.now = [at('1.png'), at('2.png'), at('3.png')];
    const { looks } = bench.shown;
    await until('it was looked for', () => bench.shown.looks > looks + 3);
    expect(bench.ledger.get(task.id)?.state.name).toBe('searching');
    clock.pass(30 * 60_000);
    expect(toUsage(await bench.over(task.id))).toMatchObject({ state: 'spent', amount: 3 });
  });

  it.each([
    ['a picture', {}, 30],
    ['a clip', { request: aVideoRequest(), cost: { unit: 'second', amount: 5 } }, 120],
    [
      'an off-peak clip',
      { request: aVideoRequest({ offPeak: true }), cost: { unit: 'second', amount: 5 } },
      2880,
    ],
  ] as const)('of %s is given back once nothing can come any more', async (_, more, minutes) => {
    const task = make(more);
    const bench = await found(task);
    await bench.reached(task.id, 'searching');
    clock.pass((minutes - 1) * 60_000);
    const { looks } = bench.shown;
    await until('it was looked for', () => bench.shown.looks > looks);
    expect(bench.ledger.get(task.id)?.state.name).toBe('searching');
    clock.pass(2 * 60_000);
    const over = await bench.over(task.id);
    expect(over.state).toMatchObject({ name: 'failed', failure: { reason: 'interrupted' } });
    expect(toUsage(over)).toMatchObject({ state: 'refunded', open: false });
    expect(bench.log.lines.map(({ message }) => message)).toContain('a create was lost');
  });

  it('is delivered if it is there already when another task shows that MPS stores nothing', async () => {
    const task = make();
    const bench = await found(task);
    await bench.reached(task.id, 'searching');
    bench.shown.now = [at('x.png')];
    bench.shown.hopeful = false;
    expect((await bench.over(task.id)).state.name).toBe('delivered');
  });

  it('is looked for once more, however late Easel comes back', async () => {
    const sent = clock.now() - 13 * 60 * 60_000;
    const task = make({
      history: [
        { state: 'queued', at: sent },
        { state: 'submitting', at: sent },
      ],
    });
    const fake = createFakeKeeping();
    fake.shown.now = [at('x.png')];
    const bench = await createBench({ keeping: fake.keeping, now: clock.now });
    onTestFinished(() => bench.runner.stop());
    await bench.add(task);
    bench.runner.resume();
    expect((await bench.over(task.id)).state.name).toBe('delivered');
  });

  it("is not given up at its deadline while the bucket can't be listed", async () => {
    const task = make();
    const bench = await found(task);
    await bench.reached(task.id, 'searching');
    bench.shown.now = new CosError('GET', { status: 503 });
    clock.pass(2 * 60 * 60_000);
    const { looks } = bench.shown;
    await until('it was looked for', () => bench.shown.looks > looks + 2);
    expect(bench.ledger.get(task.id)?.state.name).toBe('searching');
    bench.shown.now = [at('x.png')];
    expect((await bench.over(task.id)).state.name).toBe('delivered');
  });

  it('is not given up because the bucket answers SlowDown', async () => {
    const task = make();
    const bench = await found(task);
    bench.shown.now = new CosError('GET', { status: 503 });
    await bench.reached(task.id, 'searching');
    await until('it was looked for', () => bench.shown.looks > 3);
    expect(bench.ledger.get(task.id)?.state.name).toBe('searching');
    bench.shown.now = [at('x.png')];
    expect((await bench.over(task.id)).state.name).toBe('delivered');
  });

  it("ends at once if the bucket can't be listed, and the operator reads which right is missing", async () => {
    const task = make();
    const bench = await found(task);
    bench.shown.now = new CosError('GET', { status: 403, code: 'AccessDenied' });
    expect((await bench.over(task.id)).state).toMatchObject({ failure: { reason: 'interrupted' } });
    const line = bench.log.lines.find(({ message }) => message.includes('cos:GetBucket'));
    expect(line?.level).toBe('error');
  });

  it('ends at once if it has turned out that MPS stores nothing', async () => {
    const task = make();
    const bench = await found(task);
    await bench.reached(task.id, 'searching');
    bench.shown.hopeful = false;
    expect((await bench.over(task.id)).state).toMatchObject({ failure: { reason: 'interrupted' } });
  });

  it('can be dismissed: what is found then is not fetched, but counts', async () => {
    const task = make();
    const bench = await found(task);
    await bench.reached(task.id, 'searching');
    expect(await bench.runner.release(task.id, { wish: 'drop', by: 'asker' })).toBe(true);
    bench.shown.now = [at('x.png')];
    const over = await bench.over(task.id);
    expect(over.state.name).toBe('discarded');
    expect(toUsage(over)).toMatchObject({ state: 'spent', amount: 1 });
    expect(bench.calls.filter((call) => call.startsWith('fetch'))).toEqual([]);
  });

  it('holds no slot: the next task is created at once', async () => {
    const [lost, next] = [make({ state: { name: 'queued' } }), make({ state: { name: 'queued' } })];
    const fake = createFakeKeeping();
    const bench = await createBench({ keeping: fake.keeping, slots: 1, timing: { searchMs: 1 } });
    onTestFinished(() => bench.runner.stop());
    await bench.add(lost);
    await bench.add(next);
    bench.runner.resume();
    await until('the first is being created', () => bench.creating.length === 1);
    bench.creating[0]?.refuse(anMpsError('uncertain', 'unknown'));
    await bench.reached(lost.id, 'searching');
    expect(bench.ledger.get(lost.id)?.state).toMatchObject({ reason: 'uncertain', folder });
    await until('the second is being created', () => bench.creating.length === 1);
    expect(bench.ledger.get(lost.id)?.state.name).toBe('searching');
    bench.creating[0]?.answer('mps-2');
  });

  it('is not looked for if nothing was created', async () => {
    const task = make({ state: { name: 'queued' } });
    const fake = createFakeKeeping();
    const bench = await createBench({ keeping: fake.keeping });
    onTestFinished(() => bench.runner.stop());
    await bench.add(task);
    bench.runner.resume();
    await until('it is being created', () => bench.creating.length === 1);
    bench.creating[0]?.refuse(anMpsError('moderation', 'no'));
    expect((await bench.over(task.id)).state).toMatchObject({ failure: { reason: 'moderation' } });
    expect(fake.shown.looks).toBe(0);
  });
});
