import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { toUsage } from '../../../../src/tasks/accounting/billing.js';
import { nextId, nextOf } from '../../../../src/tasks/ledger/follow-up.js';
import { isOver, TransitionError } from '../../../../src/tasks/model/state-machine.js';
import type { Task, TaskEvent, TaskId } from '../../../../src/tasks/model/task.js';
import { advance } from '../../../../src/tasks/model/task-record.js';
import { arrived } from '../../../support/delivery.js';
import { createMortality, mortal } from '../../../support/mortal-table.js';
import { createMemoryTable, type MemoryTable } from '../../../support/table.js';
import { anImageRequest, anOrigin, aTask, aVideoRequest, noon } from '../../../support/tasks.js';
import { settled, until } from '../../../support/until.js';
import { anMpsError, type Bench, createBench, picture } from '../kit.js';

/** Any file: a clip's header is looked for in it. */
const file = fileURLToPath(import.meta.url);
const thenAnimate = aVideoRequest({ prompt: 'the camera circles' });

function anOrder(): Task {
  return aTask({
    request: anImageRequest({ thenAnimate }),
    nextCost: { unit: 'second', amount: 5 },
    origin: anOrigin({ tokenExpiresAt: Date.now() + 900_000 }),
    history: [{ state: 'received', at: Date.now() }],
  });
}

async function aBench(table = createMemoryTable()): Promise<Bench> {
  const bench = await createBench({ table });
  bench.act.fetch = async () => [{ ...picture, path: file }];
  return bench;
}

async function setUp(): Promise<Bench> {
  const bench = await aBench();
  onTestFinished(async () => {
    for (const one of [...bench.creating]) one.refuse(new Error('the test is over'));
    await bench.runner.stop();
  });
  return bench;
}

async function started(order = anOrder()) {
  const bench = await setUp();
  await bench.add(order);
  bench.runner.start(order.id);
  const clip = nextId(order.id);
  const record = (id: TaskId) => bench.table.rows.get(id) as Task;
  return { bench, picture: order.id, clip, record };
}

/** One thing is wanted of MPS: the Create, and then the result. */
async function make(bench: Bench): Promise<void> {
  await until('a create is under way', () => bench.creating.length === 1);
  bench.creating[0]?.answer('mps-1');
  await until('a task is asked about', () => bench.waiting.length === 1);
  bench.waiting[0]?.end({ urls: ['https://mps.example.com/fox.png'] });
}

const names = ({ history }: Task) => history.map(({ state }) => state);
const usageOf = (task: Task) => toUsage(task)?.state;

describe('an order of a picture and a clip', () => {
  it('reserves both in one step, and makes the clip from the link that MPS gave the picture', async () => {
    const { bench, picture, clip, record } = await started();
    await until('the picture waits', () => record(picture).state.name === 'submitting');
    expect(usageOf(record(picture))).toBe('reserved');
    expect(toUsage(record(clip))).toMatchObject({
      state: 'reserved',
      unit: 'second',
      amount: 5,
      open: false,
    });
    await make(bench);
    expect((await bench.over(picture)).state.name).toBe('delivered');
    await make(bench);
    const moved = await bench.over(clip);
    expect(names(moved).slice(0, 4)).toEqual(['received', 'held', 'queued', 'submitting']);
    expect(moved.request).toMatchObject({
      prompt: 'the camera circles',
      image: { url: 'https://mps.example.com/fox.png', type: 'image/png', made: { by: picture } },
    });
    expect(bench.calls.some((call) => call.startsWith('take'))).toBe(false);
    expect([usageOf(record(picture)), usageOf(moved)]).toEqual(['spent', 'spent']);
    expect(bench.delivery.seen.filter(({ call }) => call === 'post').map(({ task }) => task)).toEqual([
      picture,
      clip,
    ]);
  });

  it('ends with one outcome if the picture fails, and refunds both', async () => {
    const { bench, picture, clip, record } = await started();
    await until('a create is under way', () => bench.creating.length === 1);
    bench.creating[0]?.refuse(anMpsError('moderation'));
    expect((await bench.over(picture)).state.name).toBe('failed');
    expect(record(clip).state).toMatchObject({ name: 'cancelled', told: true });
    expect([usageOf(record(picture)), usageOf(record(clip))]).toEqual(['refunded', 'refunded']);
    await settled();
    expect(bench.delivery.posts()).toHaveLength(1);
    expect(bench.creating).toEqual([]);
  });

  it('keeps the picture if the clip fails', async () => {
    const { bench, picture, clip, record } = await started();
    await make(bench);
    await until('the clip is being created', () => bench.creating.length === 1);
    bench.creating[0]?.refuse(anMpsError('exhausted'));
    expect((await bench.over(clip)).state).toMatchObject({
      name: 'failed',
      failure: { reason: 'exhausted' },
    });
    expect([usageOf(record(picture)), usageOf(record(clip))]).toEqual(['spent', 'refunded']);
    expect(bench.delivery.posts()).toHaveLength(2);
  });

  it('can drop the clip as long as the picture is not there, and no more is said about it', async () => {
    const { bench, picture, clip, record } = await started();
    await until('a create is under way', () => bench.creating.length === 1);
    expect(bench.runner.cancel(clip)).toBe(true);
    expect(bench.runner.cancel(clip)).toBe(false);
    await make(bench);
    expect((await bench.over(picture)).state.name).toBe('delivered');
    expect(record(clip).state).toMatchObject({ name: 'cancelled', told: true });
    expect([usageOf(record(picture)), usageOf(record(clip))]).toEqual(['spent', 'refunded']);
    await settled();
    expect(bench.creating).toEqual([]);
    expect(bench.delivery.posts()).toHaveLength(1);
  });

  it("delivers the picture's outcome first, however long its post takes", async () => {
    const { bench, picture, clip } = await started();
    let arrive = () => {};
    const post = new Promise<typeof arrived>((resolve) => {
      arrive = () => resolve(arrived);
    });
    bench.delivery.onPost = (task) => (task.id === picture ? post : Promise.resolve(arrived));
    await make(bench);
    await make(bench);
    await bench.reached(clip, 'delivering');
    await settled();
    expect(bench.delivery.posts()).toHaveLength(1);
    arrive();
    await bench.over(clip);
    expect(bench.delivery.posts()).toHaveLength(2);
  });

  it('leaves no clip behind whose picture was lost from the ledger', async () => {
    const orphan = nextOf(anOrder(), Date.now());
    if (!orphan) throw new Error('no clip');
    const bench = await setUp();
    await bench.add(orphan);
    bench.runner.resume();
    expect((await bench.over(orphan.id)).state).toMatchObject({ failure: { reason: 'interrupted' } });
  });
});

/** Both services' records, over all lives. */
interface Outside {
  readonly creates: string[];
  readonly posts: Map<TaskId, number>;
}

/** Lets MPS and Discord answer, until the life ends or all is over. */
async function live(
  table: MemoryTable,
  outside: Outside,
  isDead: () => boolean,
  begin: (bench: Bench) => void,
) {
  // A dead process is not asked to stop: its actions never end.
  const bench = await aBench(table);
  bench.delivery.onPost = async ({ id }) => {
    outside.posts.set(id, (outside.posts.get(id) ?? 0) + 1);
    return arrived;
  };
  bench.delivery.onSeek = async ({ id }) => (outside.posts.has(id) ? arrived : undefined);
  begin(bench);
  const tasks = () => [...table.rows.values()] as Task[];
  await until('the life is over', async () => {
    for (const one of [...bench.creating]) {
      if (isDead()) break;
      outside.creates.push(one.parameters.body.Prompt ?? '');
      one.answer(`mps-${outside.creates.length}`);
    }
    for (const one of [...bench.waiting]) one.end({ urls: ['https://mps.example.com/fox.png'] });
    return isDead() || tasks().every(({ state }) => isOver(state));
  });
}

describe('an order of a picture and a clip, killed around any of its writes', () => {
  /** The writes of a life without a death. */
  const writes = 20;
  const instants = Array.from({ length: writes }, (_, at) => [
    at + 1,
    'before' as const,
    at + 1,
    'after' as const,
  ]);

  it.each(instants.flatMap(([n, before, , after]) => [[n, before] as const, [n, after] as const]))(
    'write %i, %s',
    async (nth, instant) => {
      const order = anOrder();
      const clip = nextId(order.id);
      const outside: Outside = { creates: [], posts: new Map() };
      const first = createMemoryTable();
      await first.set(order.id, order);
      const mortality = createMortality(Number(nth), instant as 'before' | 'after');
      const start = (bench: Bench) => bench.runner.start(order.id);
      await live(mortal(first, mortality), outside, mortality.isDead, start);
      const second = createMemoryTable();
      for (const [key, value] of first.rows) second.rows.set(key, value);
      await live(
        second,
        outside,
        () => false,
        (bench) => bench.runner.resume(),
      );

      const [picture, moved] = [order.id, clip].map((id) => second.rows.get(id) as Task);
      if (!picture || !moved) throw new Error('a part was lost');
      for (const id of [order.id, clip])
        expect(outside.creates.filter((prompt) => prompt.endsWith(id)).length).toBeLessThanOrEqual(1);
      expect(outside.posts.get(order.id)).toBe(1);
      const spared = moved.state.name === 'cancelled';
      expect(outside.posts.get(clip)).toBe(spared ? undefined : 1);
      expect(spared).toBe(picture.state.name === 'failed');
      for (const task of [picture, moved])
        expect(usageOf(task)).toBe(task.state.name === 'delivered' ? 'spent' : 'refunded');
    },
  );
});

describe('the transitions of a waiting clip', () => {
  const events: readonly TaskEvent[] = [
    { type: 'queued' },
    { type: 'dropped' },
    { type: 'cancelled' },
    { type: 'submitting' },
    { type: 'refused' },
    { type: 'created', mpsTaskId: 'mps-1', createdAt: noon },
    { type: 'failed', failure: { reason: 'interrupted' } },
  ];

  it('let it be created once at most, and never after it was dropped, in any order of events', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...events), { maxLength: 30 }), (happened) => {
        let task = nextOf(anOrder(), noon);
        if (!task) throw new Error('no clip');
        let created = 0;
        for (const [at, event] of happened.entries()) {
          const before: Task = task;
          try {
            task = advance(before, event, noon + at);
          } catch (error) {
            if (!(error instanceof TransitionError)) throw error;
            expect(task).toBe(before);
            continue;
          }
          created += Number(event.type === 'created');
          // Its reservation stays, until it is refunded for good.
          if (usageOf(before) === 'refunded') expect(usageOf(task)).toBe('refunded');
        }
        expect(created).toBeLessThanOrEqual(1);
        if (names(task).includes('cancelled') && !names(task).includes('queued')) expect(created).toBe(0);
      }),
    );
  });
});
