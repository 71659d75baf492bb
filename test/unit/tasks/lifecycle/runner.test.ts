import { describe, expect, it, onTestFinished } from 'vitest';
import { FetchError } from '../../../../src/media/results/result-fetcher.js';
import { SourceError } from '../../../../src/media/sources/source-intake.js';
import type { MpsErrorReason } from '../../../../src/mps/api/errors.js';
import { toUsage } from '../../../../src/tasks/accounting/billing.js';
import { RouteClosedError, TooLargeError } from '../../../../src/tasks/delivery/delivery-port.js';
import type { FailureReason, State, Task } from '../../../../src/tasks/model/task.js';
import { arrived } from '../../../support/delivery.js';
import { anImageRequest, anOrigin, aTask, aVideoRequest, states } from '../../../support/tasks.js';
import { giveChance, settled, until } from '../../../support/until.js';
import { anMpsError, type Bench, type BenchOptions, createBench, picture } from '../kit.js';

const hour = 3_600_000;
/** The runner's deadlines are real ones: tasks of these tests were ordered just now. */
const fresh = () => anOrigin({ tokenExpiresAt: Date.now() + 900_000 });
const make = (state: State = states.received, more: Partial<Task> = {}) =>
  aTask({ state, origin: fresh(), history: [{ state: state.name, at: Date.now() }], ...more });
const running = (changes: Partial<typeof states.running> = {}) => ({
  ...states.running,
  createdAt: Date.now(),
  ...changes,
});
const finished = { urls: ['http://127.0.0.1:9/fox.png'], linksExpireAt: Date.now() + hour };

async function setUp(options: BenchOptions = {}): Promise<Bench> {
  const bench = await createBench(options);
  onTestFinished(async () => {
    for (const one of [...bench.creating]) one.refuse(new Error('the test is over'));
    await bench.runner.stop();
  });
  return bench;
}

/** A runner that finds these tasks at start. */
async function resumed(tasks: readonly Task[], options: BenchOptions = {}): Promise<Bench> {
  const bench = await setUp(options);
  for (const task of tasks) await bench.add(task);
  bench.runner.resume();
  return bench;
}

async function started(task = make(), options: BenchOptions = {}) {
  const bench = await setUp(options);
  await bench.add(task);
  bench.runner.start(task.id);
  return { bench, task, id: task.id };
}

const creates = (bench: Bench, count = 1) =>
  until(`${count} creates are under way`, () => bench.creating.length === count);
const asking = (bench: Bench, count = 1) =>
  until(`${count} tasks are asked about`, () => bench.waiting.length === count);

describe('a task', () => {
  it('goes from the order to the picture', async () => {
    const { bench, id } = await started();
    await creates(bench);
    expect(bench.ledger.get(id)?.state.name).toBe('submitting');
    bench.creating[0]?.answer('mps-7');
    await asking(bench);
    expect(bench.ledger.get(id)?.state).toMatchObject({ name: 'running', mpsTaskId: 'mps-7' });
    bench.waiting[0]?.end();
    const over = await bench.over(id);
    expect(over.state).toEqual({ name: 'delivered', posted: arrived, route: 'answer' });
    expect(over.history.map(({ state }) => state)).toEqual([
      'received',
      'queued',
      'submitting',
      'running',
      'fetching',
      'delivering',
      'delivered',
    ]);
    const post = bench.delivery.seen.find(({ call }) => call === 'post');
    expect(post).toMatchObject({ state: 'delivering', files: [picture] });
    await until('the file is taken away', () => bench.calls.includes('discard'));
  });

  it('is run once, however often it is started', async () => {
    const { bench, id } = await started();
    bench.runner.start(id);
    bench.runner.resume();
    await creates(bench);
    await settled();
    expect(bench.creating).toHaveLength(1);
  });

  it('shows its queue position if it has one, then that it runs', async () => {
    const { bench } = await started(make(), { slots: 1 });
    await creates(bench);
    const second = await bench.add(make());
    const third = await bench.add(make());
    bench.runner.start(second.id);
    await settled();
    bench.runner.start(third.id);
    await settled();
    bench.creating[0]?.answer('mps-1');
    await asking(bench);
    await settled();
    const shown = bench.delivery.seen.filter(({ call }) => call === 'show');
    expect(shown.map(({ state, progress }) => [state, progress?.ahead])).toEqual([
      ['queued', 0],
      ['queued', 1],
      ['running', undefined],
    ]);
  });

  it('draws no card of an off-peak clip that MPS refused: its outcome is delivered like any other', async () => {
    const offPeak = make(states.received, { request: aVideoRequest({ offPeak: true }) });
    const { bench, id } = await started(offPeak);
    await creates(bench);
    bench.creating[0]?.refuse(anMpsError('moderation'));
    await bench.over(id);
    const drawn = bench.delivery.seen.filter(({ call }) => call === 'show').map(({ state }) => state);
    expect(drawn).not.toContain('failed');
  });

  it('counts the life of its links from the last answer before DONE', async () => {
    const { bench, id } = await started();
    await creates(bench);
    bench.creating[0]?.answer('mps-1');
    await asking(bench);
    bench.act.fetch = () => new Promise(() => {});
    bench.waiting[0]?.watch.onUnfinished?.(1_000);
    bench.waiting[0]?.watch.onUnfinished?.(2_000);
    bench.waiting[0]?.end();
    const { state } = await bench.reached(id, 'fetching');
    expect(state).toMatchObject({ linksExpireAt: 2_000 + 12 * hour });
  });

  it('returns to the queue when MPS refuses it for now, says why, and is submitted again', async () => {
    const { bench, id } = await started();
    await creates(bench);
    const { options } = bench.creating[0] ?? {};
    await options?.onRefused?.(anMpsError('throttled'));
    expect(bench.ledger.get(id)?.state.name).toBe('queued');
    await options?.onSend?.();
    expect(bench.ledger.get(id)?.state.name).toBe('submitting');
    await options?.onRefused?.(anMpsError('unreachable'));
    const said = bench.delivery.seen.flatMap(({ progress }) => progress?.waitingFor ?? []);
    expect(said).toEqual(['throttled', 'unreachable']);
  });
});

describe('a task that fails', () => {
  const reasons: readonly (readonly [MpsErrorReason, FailureReason])[] = [
    ['throttled', 'exhausted'],
    ['clock', 'clock'],
    ['credentials', 'credentials'],
    ['moderation', 'moderation'],
    ['rejected', 'rejected'],
    ['exhausted', 'exhausted'],
    ['arrears', 'arrears'],
    ['unreachable', 'unreachable'],
    ['uncertain', 'uncertain'],
  ];
  it.each(reasons)('because MPS says %s, fails as %s and notifies the user', async (reason, expected) => {
    const { bench, id } = await started();
    await creates(bench);
    bench.creating[0]?.refuse(anMpsError(reason, reason === 'uncertain' ? 'unknown' : 'no'));
    const over = await bench.over(id);
    expect(over.state).toMatchObject({ name: 'failed', failure: { reason: expected }, told: true });
    expect(bench.delivery.posts()).toEqual(['answer']);
    await settled();
    expect(bench.creating).toHaveLength(0);
  });

  it.each([
    ['MPS could not make it', { status: 'FAIL', urls: [] }, 'unsuccessful'],
    ['MPS made it, it says, and hands over nothing', { status: 'DONE', urls: [] }, 'empty'],
  ] as const)('because %s', async (_, report, reason) => {
    const { bench, id } = await started();
    await creates(bench);
    bench.creating[0]?.answer('mps-1');
    await asking(bench);
    bench.waiting[0]?.end(report);
    expect((await bench.over(id)).state).toMatchObject({ failure: { reason } });
  });

  it('because MPS is done without a file, is reported to the operator and refunded to the user', async () => {
    const { bench, id } = await started();
    await creates(bench);
    bench.creating[0]?.answer('mps-1');
    await asking(bench);
    bench.waiting[0]?.end({ status: 'DONE', urls: [], requestId: 'request-9' });
    const over = await bench.over(id);
    expect(toUsage(over)).toMatchObject({ state: 'refunded' });
    expect(bench.log.lines.filter(({ level }) => level === 'error')).toMatchObject([
      { details: { task: id, requestId: 'request-9', status: 'DONE', perhapsBilled: over.cost } },
    ]);
  });

  it.each([
    ['gone', 'expired'],
    ['misresolved', 'misresolved'],
    ['forbidden', 'forbidden'],
    ['unreadable', 'unreadable'],
  ] as const)('because its file is %s, fails as %s', async (reason, expected) => {
    const bench = await setUp();
    bench.act.fetch = () => Promise.reject(new FetchError(reason, 'no file'));
    const task = await bench.add(make({ ...states.fetching, ...finished }));
    bench.runner.resume();
    expect((await bench.over(task.id)).state).toMatchObject({ failure: { reason: expected } });
  });

  it('because Discord accepts its outcome in no size', async () => {
    const bench = await setUp();
    bench.delivery.onPost = async ({ state }) => {
      if (state.name === 'delivering') throw new TooLargeError();
      return arrived;
    };
    const task = await bench.add(make({ ...states.delivering, ...finished }));
    bench.runner.resume();
    expect((await bench.over(task.id)).state).toMatchObject({ failure: { reason: 'tooLarge' }, told: true });
  });

  it("because a source image can't be used, fails before anything is ordered", async () => {
    const bench = await setUp();
    bench.act.take = () =>
      Promise.reject(new SourceError('pixels', { name: 'fox.png', width: 9, height: 9 }));
    const references = [{ url: 'https://cdn.discordapp.com/fox.png', name: 'fox.png' }];
    const task = await bench.add(make(states.received, { request: anImageRequest({ references }) }));
    bench.runner.start(task.id);
    expect((await bench.over(task.id)).state).toMatchObject({
      failure: { reason: 'source.pixels', params: { name: 'fox.png', width: 9, height: 9 } },
    });
    expect(bench.creating).toHaveLength(0);
  });

  it('by a defect of ours, is logged under the incident number that the user reads', async () => {
    const { bench, id } = await started();
    await creates(bench);
    bench.creating[0]?.refuse(new TypeError('undefined is not a function'));
    const { state } = await bench.over(id);
    const incident = state.name === 'failed' ? state.failure.params?.incident : undefined;
    expect(state).toMatchObject({
      failure: { reason: 'internal', params: { incident: expect.any(String) } },
    });
    expect(bench.log.lines.find(({ level }) => level === 'error')?.details).toMatchObject({
      task: id,
      incident,
    });
  });

  it("and can't be delivered is kept, and handed out as soon as its user asks", async () => {
    const { bench, id } = await started();
    bench.delivery.onPost = () => Promise.reject(new RouteClosedError('closed'));
    await creates(bench);
    bench.creating[0]?.refuse(anMpsError('moderation'));
    await until('it is kept', () => {
      const state = bench.ledger.get(id)?.state;
      return state?.name === 'failed' && state.handover.route === 'kept';
    });
    await settled();
    bench.delivery.onPost = async () => arrived;
    bench.runner.handOut(id);
    expect((await bench.over(id)).state).toMatchObject({ name: 'failed', told: true });
  });

  it('is handed out to a user who asks while a delivery is just failing', async () => {
    const task = make({ ...states.failed, handover: { route: 'kept', tries: 1 } });
    const bench = await setUp();
    await bench.add(task);
    let refuse = () => {};
    bench.delivery.onPost = () =>
      new Promise((_, reject) => {
        refuse = () => reject(new RouteClosedError('closed'));
      });
    bench.runner.resume();
    for (const posts of [1, 2, 3]) {
      await until('a post is under way', () => bench.delivery.posts().length === posts);
      if (posts === 3) break;
      refuse();
    }
    bench.runner.handOut(task.id);
    bench.delivery.onPost = async () => arrived;
    refuse();
    expect((await bench.over(task.id)).state).toMatchObject({ name: 'failed', told: true });
  });

  it('releases its slot to the next', async () => {
    const { bench } = await started(make(), { slots: 1 });
    await creates(bench);
    const next = await bench.add(make());
    bench.runner.start(next.id);
    await settled();
    expect(bench.creating).toHaveLength(1);
    bench.creating[0]?.refuse(anMpsError('moderation'));
    await until('the next is sent', () =>
      JSON.stringify(bench.creating[0]?.parameters ?? '').includes(next.id),
    );
  });
});

describe('slots', () => {
  it('are never more than allowed, from the Create to the end at MPS', async () => {
    const bench = await setUp({ slots: 3 });
    let most = 0;
    const tasks = await Promise.all(Array.from({ length: 12 }, () => bench.add(make())));
    for (const { id } of tasks) bench.runner.start(id);
    for (let done = 0; done < tasks.length; ) {
      await settled();
      most = Math.max(most, bench.creating.length + bench.waiting.length);
      bench.creating[0]?.answer(`mps-${done}`);
      if (bench.creating.length > 0) continue;
      if (bench.waiting.length > 0) done++;
      bench.waiting[0]?.end();
    }
    for (const { id } of tasks) await bench.over(id);
    expect(most).toBe(3);
  });

  it('of pictures and of clips are separate', async () => {
    const bench = await setUp({ slots: 1 });
    const picture1 = await bench.add(make());
    const clip = await bench.add(make(states.received, { request: aVideoRequest() }));
    bench.runner.start(picture1.id);
    bench.runner.start(clip.id);
    await creates(bench, 2);
  });

  it('are taken by running tasks found at start before new ones', async () => {
    const bench = await resumed([make(states.queued), make(running()), make(running())], { slots: 2 });
    await asking(bench, 2);
    await settled();
    expect(bench.creating).toHaveLength(0);
    bench.waiting[0]?.end();
    await creates(bench);
  });

  it("don't delay polling of running tasks found at start", async () => {
    const bench = await resumed(
      [1, 2, 3, 4].map(() => make(running())),
      { slots: 1 },
    );
    await asking(bench, 4);
  });

  it('are released by a task that takes too long, which is reported and polled slowly from then on', async () => {
    const { bench, id } = await started(make(), { slots: 1, timing: { timeoutMs: 30 } });
    await creates(bench);
    const next = await bench.add(make());
    bench.runner.start(next.id);
    bench.creating[0]?.answer('mps-1');
    await until('it is let go', () => {
      const state = bench.ledger.get(id)?.state;
      return state?.name === 'running' && state.letGo;
    });
    await creates(bench);
    await until('it is asked about slowly', () => bench.waiting.some(({ paceMs = 0 }) => paceMs >= 60_000));
    expect(bench.delivery.seen.filter(({ call }) => call === 'late').map(({ task }) => task)).toEqual([id]);
    bench.waiting.find(({ paceMs = 0 }) => paceMs >= 60_000)?.end();
    expect((await bench.over(id)).state.name).toBe('delivered');
  });

  it('are not held by a task that was dismissed before the restart', async () => {
    const bench = await resumed([make(running({ letGo: true })), make(states.queued)], { slots: 1 });
    await asking(bench);
    await creates(bench);
    expect(bench.waiting[0]?.paceMs).toBeGreaterThanOrEqual(60_000);
  });
});

describe('a start', () => {
  it('never creates a task again that was being submitted: it may exist and be billed', async () => {
    const task = make(states.submitting);
    const bench = await resumed([task]);
    expect((await bench.over(task.id)).state).toMatchObject({
      name: 'failed',
      failure: { reason: 'interrupted' },
      told: true,
    });
    expect(bench.creating).toHaveLength(0);
    expect(bench.table.written.some((row) => (row as Task).state.name === 'queued')).toBe(false);
  });

  it('resumes a task in every other state', async () => {
    const tasks = [
      make(states.received),
      make(states.queued),
      make(running()),
      make({ ...states.fetching, ...finished }),
      make({ ...states.delivering, ...finished }),
      make(states.failed),
      make(states.cancelled),
    ];
    const bench = await resumed(tasks, { slots: 9 });
    await creates(bench, 2);
    await asking(bench, 1);
    bench.creating[0]?.answer('mps-1');
    bench.creating[0]?.answer('mps-2');
    await asking(bench, 3);
    while (bench.waiting.length > 0) bench.waiting[0]?.end();
    for (const { id } of tasks) await bench.over(id);
    expect(bench.delivery.posts()).toHaveLength(tasks.length);
  });

  it('begins with finished tasks, then running ones, then queued ones', async () => {
    const [waits, runs, fetches, delivers] = [
      make(states.queued),
      make(running()),
      make({ ...states.fetching, ...finished }),
      make({ ...states.delivering, ...finished }),
    ];
    const bench = await resumed([waits, runs, fetches, delivers]);
    await creates(bench);
    // Both have begun; which of them comes to its download first is open.
    const fetched = bench.calls.filter((call) => call.startsWith('fetch'));
    expect(fetched.sort()).toEqual([`fetch ${delivers.id}`, `fetch ${fetches.id}`].sort());
  });

  it('polls an overdue task before it gives it up', async () => {
    const daysAgo = running({ createdAt: Date.now() - 72 * hour });
    const tasks = [make(daysAgo), make({ ...daysAgo, letGo: true })];
    const bench = await resumed(tasks);
    await asking(bench, 2);
    await giveChance(30);
    expect(bench.waiting.map(({ soon }) => soon)).toEqual([true, true]);
    while (bench.waiting.length > 0) bench.waiting[0]?.end();
    for (const { id } of tasks) expect((await bench.over(id)).state.name).toBe('delivered');
    expect(bench.delivery.seen.some(({ call }) => call === 'late')).toBe(false);
  });

  it('resumes a task with an unconfirmed defer if Discord knows its answer', async () => {
    const task = make(states.received, { origin: { ...fresh(), acknowledged: false } });
    const bench = await setUp();
    bench.delivery.onAnswered = async () => arrived;
    await bench.add(task);
    bench.runner.resume();
    await creates(bench);
    expect(bench.ledger.get(task.id)?.origin).toMatchObject({
      acknowledged: true,
      messageId: arrived.messageId,
    });
  });

  it('notifies the user if it is unknown whether they wait', async () => {
    const task = make(states.received, { origin: { ...fresh(), acknowledged: false } });
    const bench = await setUp();
    bench.delivery.onAnswered = () => Promise.reject(new RouteClosedError('the token is dead'));
    await bench.add(task);
    bench.runner.resume();
    expect((await bench.over(task.id)).state).toMatchObject({
      failure: { reason: 'unanswered' },
      told: true,
    });
    expect(bench.creating).toHaveLength(0);
    expect(bench.delivery.posts()).toEqual(['answer']);
  });

  it('does not fetch a result again if its post has arrived: its link may have expired', async () => {
    const bench = await setUp();
    bench.act.fetch = () => Promise.reject(new FetchError('gone', 'The link has expired.'));
    bench.delivery.onSeek = async () => arrived;
    const handover = { route: 'answer', tries: 1 } as const;
    const task = await bench.add(make({ ...states.delivering, ...finished, handover }));
    bench.runner.resume();
    expect((await bench.over(task.id)).state).toMatchObject({ name: 'delivered', posted: arrived });
    expect(bench.delivery.posts()).toEqual([]);
  });

  it('drops it silently if Discord knows no answer: the user saw it fail', async () => {
    const task = make(states.received, { origin: { ...fresh(), acknowledged: false } });
    const bench = await resumed([task]);
    expect((await bench.over(task.id)).state).toMatchObject({ failure: { reason: 'unanswered' } });
    expect(bench.creating).toHaveLength(0);
    expect(bench.delivery.posts()).toEqual([]);
  });

  it("checks again while Discord can't say whether there is an answer", async () => {
    const task = make(states.received, { origin: { ...fresh(), acknowledged: false } });
    const bench = await setUp();
    let looks = 0;
    bench.delivery.onAnswered = async () => (++looks < 3 ? undefined : arrived);
    await bench.add(task);
    bench.runner.resume();
    await creates(bench);
    expect(looks).toBe(3);
  });
});

describe('a stop', () => {
  it('waits for a Create in flight and persists its answer', async () => {
    const { bench, id } = await started();
    await creates(bench);
    let stopped = false;
    const stopping = bench.runner.stop().then(() => {
      stopped = true;
    });
    await settled();
    expect(stopped).toBe(false);
    bench.creating[0]?.answer('mps-1');
    await stopping;
    expect(bench.ledger.get(id)?.state).toMatchObject({ name: 'running', mpsTaskId: 'mps-1' });
    expect(bench.waiting).toHaveLength(0);
  });

  it('persists that MPS refused a Create in flight, or that its answer is unclear', async () => {
    const bench = await setUp();
    const tasks = [await bench.add(make()), await bench.add(make())];
    for (const { id } of tasks) bench.runner.start(id);
    await creates(bench, 2);
    const [first, second] = [...bench.creating];
    const stopping = bench.runner.stop();
    first?.refuse(anMpsError('moderation'));
    second?.refuse(anMpsError('uncertain', 'unknown'));
    await stopping;
    const ends = tasks.map(({ id }) => bench.ledger.get(id)?.state);
    expect(ends).toMatchObject([
      { name: 'failed', failure: { reason: 'moderation' }, told: false },
      { name: 'failed', failure: { reason: 'uncertain' }, told: false },
    ]);
  });

  it('waits for a post in flight, whose file stays until then, and persists that it arrived', async () => {
    const bench = await setUp();
    const task = await bench.add(make({ ...states.delivering, ...finished }));
    let arrive = () => {};
    bench.delivery.onPost = () =>
      new Promise((resolve) => {
        arrive = () => resolve(arrived);
      });
    bench.runner.resume();
    await until('the post is under way', () => bench.delivery.posts().length === 1);
    const stopping = bench.runner.stop();
    await settled();
    const calls = [...bench.calls];
    arrive();
    await stopping;
    expect(calls).not.toContain('discard');
    expect((await bench.ledger.find(task.id))?.state.name).toBe('delivered');
  });

  it('begins nothing new', async () => {
    const bench = await setUp({ slots: 1 });
    const tasks = await Promise.all([1, 2, 3].map(() => bench.add(make())));
    for (const { id } of tasks) bench.runner.start(id);
    await creates(bench);
    const stopping = bench.runner.stop();
    bench.creating[0]?.answer('mps-1');
    await stopping;
    bench.runner.start((await bench.add(make())).id);
    bench.runner.resume();
    await settled();
    expect(bench.creating).toHaveLength(0);
    expect(bench.delivery.posts()).toEqual([]);
    expect(tasks.map(({ id }) => bench.ledger.get(id)?.state.name)).toEqual(['running', 'queued', 'queued']);
  });

  it('fails no task: tasks in progress resume after the restart', async () => {
    const bench = await resumed([
      make(running()),
      make({ ...states.fetching, ...finished }),
      make(running({ letGo: true })),
    ]);
    bench.act.fetch = () => new Promise(() => {});
    await asking(bench, 2);
    const names = () => bench.ledger.unfinished().map(({ state }) => state.name);
    const before = names();
    void bench.runner.stop();
    await settled();
    expect(names().filter((name) => name === 'failed')).toEqual([]);
    expect(names().length).toBeGreaterThanOrEqual(before.length - 1);
  });
});
