import { describe, expect, it, onTestFinished } from 'vitest';
import { toUsage } from '../../../../src/tasks/accounting/billing.js';
import { RouteClosedError } from '../../../../src/tasks/delivery/delivery-port.js';
import type { Release, State, Task } from '../../../../src/tasks/model/task.js';
import { arrived } from '../../../support/delivery.js';
import { anOrigin, aTask, aVideoRequest, states } from '../../../support/tasks.js';
import { settled, until } from '../../../support/until.js';
import { type Bench, type BenchOptions, createBench } from '../kit.js';

const drop: Release = { wish: 'drop', by: 'asker' };
const running: State = { ...states.running, createdAt: Date.now() };
const make = (more: Partial<Task> = {}) =>
  aTask({
    state: running,
    origin: anOrigin({ tokenExpiresAt: Date.now() + 900_000 }),
    history: [
      { state: 'queued', at: Date.now() },
      { state: 'running', at: Date.now() },
    ],
    ...more,
  });

/** A runner that follows one running task. */
async function following(task: Task, options: BenchOptions = {}): Promise<Bench> {
  const bench = await createBench(options);
  onTestFinished(() => bench.runner.stop());
  await bench.add(task);
  bench.runner.resume();
  await until('it is asked about', () => bench.waiting.length === 1);
  return bench;
}

const fetched = ({ calls }: Bench) => calls.some((call) => call.startsWith('fetch'));

describe('a running task that is dismissed for discarding', () => {
  it('is polled as before, and once done is neither fetched nor posted, but counts and is reported', async () => {
    const task = make({
      request: aVideoRequest({ duration: 8 }),
      cost: { unit: 'second', amount: 8, micros: 160 },
    });
    const bench = await following(task);
    expect(await bench.runner.release(task.id, drop)).toBe(true);
    expect(bench.waiting).toHaveLength(1);
    bench.waiting[0]?.end();
    const over = await bench.over(task.id);
    expect(over).toMatchObject({ state: { name: 'discarded', told: true }, made: { billed: 8 } });
    expect(toUsage(over)).toMatchObject({ state: 'spent', amount: 8, cost: 160, open: false });
    expect(fetched(bench)).toBe(false);
    expect(bench.delivery.seen.filter(({ call }) => call === 'post')).toMatchObject([
      { state: 'discarded', route: 'answer', files: [] },
    ]);
  });

  it('counts each picture that MPS made', async () => {
    const task = make();
    const bench = await following(task);
    await bench.runner.release(task.id, drop);
    bench.waiting[0]?.end({ urls: ['http://127.0.0.1:9/1.png', 'http://127.0.0.1:9/2.png'] });
    expect(toUsage(await bench.over(task.id))).toMatchObject({ state: 'spent', amount: 2 });
  });

  it('is refunded when MPS fails it', async () => {
    const task = make();
    const bench = await following(task);
    await bench.runner.release(task.id, drop);
    bench.waiting[0]?.end({ status: 'FAIL', urls: [] });
    expect(toUsage(await bench.over(task.id))).toMatchObject({ state: 'refunded' });
  });

  it.each([
    ['its asker', 'asker', ['answer']],
    ['a moderator', 'moderator', ['answer', 'channel']],
  ] as const)(
    'by %s, with its card out of reach, is reported in no other way than these',
    async (_, by, ways) => {
      const task = make();
      const bench = await following(task);
      bench.delivery.onPost = async (_task, route) => {
        if (route === 'answer') throw new RouteClosedError('dead');
        return arrived;
      };
      await bench.runner.release(task.id, { wish: 'drop', by });
      bench.waiting[0]?.end();
      expect((await bench.over(task.id)).state).toMatchObject({ name: 'discarded', told: true });
      expect(bench.delivery.posts()).toEqual(ways);
    },
  );

  it('keeps the choice over a restart, and the last choice counts', async () => {
    const task = make();
    const first = await following(task);
    await first.runner.release(task.id, { wish: 'deliver', by: 'asker' });
    await first.runner.release(task.id, drop);
    await first.runner.stop();
    const bench = await createBench({ table: first.table });
    onTestFinished(() => bench.runner.stop());
    bench.runner.resume();
    await until('it is asked about', () => bench.waiting.length === 1);
    bench.waiting[0]?.end();
    expect((await bench.over(task.id)).state.name).toBe('discarded');
    expect(fetched(bench)).toBe(false);
  });
});

describe('dismissing', () => {
  it('pings no one when the task takes too long, nor when its result arrives', async () => {
    const bench = await createBench({ timing: { timeoutMs: 100, notifyAfterMs: 0 } });
    onTestFinished(() => bench.runner.stop());
    const task = await bench.add(make({ state: { ...states.running, createdAt: Date.now() } }));
    // Dismissed before anything waits for it, or it could be late first.
    await bench.runner.release(task.id, { wish: 'deliver', by: 'asker' });
    bench.runner.start(task.id);
    await until('it is past its time', () => (bench.waiting[0]?.paceMs ?? 0) >= 60_000);
    bench.waiting[0]?.end();
    expect((await bench.over(task.id)).state.name).toBe('delivered');
    expect(bench.delivery.seen.filter(({ call }) => call === 'late' || call === 'notify')).toEqual([]);
  });

  it('holds the slot as long as the task runs at MPS', async () => {
    const task = make();
    const bench = await following(task, { slots: 1 });
    await bench.runner.release(task.id, drop);
    const next = await bench.add(make({ state: states.queued }));
    bench.runner.start(next.id);
    await settled();
    expect(bench.creating).toEqual([]);
    bench.waiting[0]?.end();
    await until('the next one is created', () => bench.creating.length === 1);
    bench.creating[0]?.refuse(new Error('the test is over'));
  });

  it('is too late for finished tasks, and too early for waiting ones', async () => {
    const bench = await createBench();
    const queued = await bench.add(make({ state: states.queued }));
    expect(await bench.runner.release(queued.id, drop)).toBe(false);
    expect(await bench.runner.release('1146000000000000000:1', drop)).toBe(false);
    const task = await bench.add(make());
    const ending = bench.ledger.record(task.id, {
      type: 'finished',
      urls: [],
      linksExpireAt: Date.now(),
    });
    // In the same instant, but behind it.
    expect(await bench.runner.release(task.id, drop)).toBe(false);
    expect((await ending).state.name).toBe('fetching');
  });
});
