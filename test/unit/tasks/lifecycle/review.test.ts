import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { FetchError } from '../../../../src/media/results/result-fetcher.js';
import { toUsage } from '../../../../src/tasks/accounting/billing.js';
import { nextId } from '../../../../src/tasks/ledger/follow-up.js';
import { isOver } from '../../../../src/tasks/model/state-machine.js';
import type { Task, TaskId } from '../../../../src/tasks/model/task.js';
import { arrived } from '../../../support/delivery.js';
import { createMortality, type Mortality, mortal } from '../../../support/mortal-table.js';
import { createFakeDesk, type FakeDesk } from '../../../support/review-desk.js';
import { createMemoryTable, type MemoryTable } from '../../../support/table.js';
import { anImageRequest, aTask, aVideoRequest } from '../../../support/tasks.js';
import { giveChance, until } from '../../../support/until.js';
import { type Bench, createBench, picture } from '../kit.js';

/** Any file: a clip's header is looked for in it. */
const file = fileURLToPath(import.meta.url);
const week = 7 * 24 * 3_600_000;
const by = '1100000000000000009';

/** What outlives a process. */
interface Outside {
  readonly table: MemoryTable;
  readonly desk: FakeDesk;
  readonly posts: { readonly id: TaskId; readonly files: number }[];
  readonly creates: TaskId[];
}

const outside = (): Outside => ({
  table: createMemoryTable(),
  desk: createFakeDesk(),
  posts: [],
  creates: [],
});

const stored = ({ table }: Outside, id: TaskId) => table.rows.get(id) as Task | undefined;

async function begin(around: Outside, mortality?: Mortality, now?: () => number): Promise<Bench> {
  const { table, desk, posts } = around;
  const bench = await createBench({
    table: mortality ? mortal(table, mortality) : table,
    desk,
    ...(now && { now }),
  });
  bench.act.fetch = async () => [{ ...picture, path: file }];
  bench.delivery.onPost = async (task, _route, files) => {
    // What is written is what any process knows.
    const review = stored(around, task.id)?.review;
    if (files.length > 0 && (desk.reviews || review?.after))
      expect(review?.decision).toMatchObject({ what: 'result', approved: true });
    posts.push({ id: task.id, files: files.length });
    return arrived;
  };
  bench.delivery.onSeek = async ({ id }) => (posts.some((post) => post.id === id) ? arrived : undefined);
  return bench;
}

/** MPS makes whatever it is asked for. */
function make(bench: Bench, { creates }: Pick<Outside, 'creates'>): void {
  for (const creating of [...bench.creating]) {
    creates.push(creating.parameters.body.Prompt?.split(' ').at(-1) as TaskId);
    creating.answer(`mps-${creates.length}`);
  }
  for (const waiting of [...bench.waiting]) waiting.end();
}

/** Waits until moderators were asked for the first time. */
async function asked(bench: Bench, around: Outside, also = () => true): Promise<void> {
  await until('moderators are asked', () => {
    make(bench, around);
    return around.desk.messages.length === 1 && also();
  });
}

/** Moderators decide about whatever they are asked. */
function decide(bench: Bench, approve: boolean): void {
  for (const { id, state } of bench.ledger.unfinished()) {
    if (state.name === 'awaitingReview' && state.asked)
      void bench.runner.decide(id, { what: 'result', approve, by });
    if (state.name === 'awaitingApproval' && state.asked)
      void bench.runner.decide(id, { what: 'order', approve, by });
  }
}

async function goOn(bench: Bench, around: Outside, holds: () => boolean, approve = true): Promise<void> {
  await until('it has come that far', () => {
    make(bench, around);
    decide(bench, approve);
    return holds();
  });
}

const clip = aVideoRequest();
const anOrder = () =>
  aTask({
    request: anImageRequest({ thenAnimate: clip }),
    nextCost: { unit: 'second', amount: 5 },
    review: { after: true },
  });

describe('a result under review', () => {
  it('is posted once approved, with its clip, whose picture is approved first', async () => {
    const around = outside();
    const bench = await begin(around);
    const { id } = await bench.add(anOrder());
    bench.runner.start(id);
    await asked(bench, around);
    await giveChance(20);
    expect(around.creates).toEqual([id]);
    await goOn(bench, around, () => isOver(stored(around, nextId(id))?.state ?? { name: 'held' }));
    expect(around.creates).toEqual([id, nextId(id)]);
    expect(around.posts).toEqual([
      { id, files: 1 },
      { id: nextId(id), files: 1 },
    ]);
  });

  it('is not approved any more once its user has deleted their data', async () => {
    const around = outside();
    const bench = await begin(around);
    const { id, origin } = await bench.add(aTask());
    bench.runner.start(id);
    await until('moderators are asked', () => {
      make(bench, around);
      return stored(around, id)?.state.name === 'awaitingReview' && around.desk.messages.length === 1;
    });
    await bench.ledger.purge({ userId: origin.userId });
    expect(await bench.runner.decide(id, { what: 'result', approve: true, by })).toBeUndefined();
    bench.runner.recheck();
    await until('it is over', () => bench.ledger.get(id) === undefined);
    expect(around.posts.filter(({ files }) => files > 0)).toEqual([]);
  });

  it('keeps its files here only until its copy is posted, and is fetched again, the same', async () => {
    const around = outside();
    const bench = await begin(around);
    const { id } = await bench.add(aTask());
    bench.runner.start(id);
    await asked(bench, around);
    await until('its files are gone', () => bench.calls.includes('discard'));
    expect(around.posts).toEqual([]);
    await bench.runner.decide(id, { what: 'result', approve: true, by });
    await bench.over(id);
    expect(around.posts).toEqual([{ id, files: 1 }]);
    expect(around.desk.closed).toEqual(['m1']);
    expect(around.desk.notes).toEqual([`${id} true`]);
  });

  it('is taken from its copy once the links have died, or lead to something else', async () => {
    for (const fetch of [
      () => Promise.reject(new FetchError('gone', 'It has expired.')),
      async () => [{ ...picture, path: file, sha256: 'other' }],
    ]) {
      const around = outside();
      const bench = await begin(around);
      const { id } = await bench.add(aTask());
      bench.runner.start(id);
      await asked(bench, around, () => bench.calls.includes('discard'));
      bench.act.fetch = fetch;
      around.desk.copy = [{ ...picture, path: '/spool/copy' }];
      await bench.runner.decide(id, { what: 'result', approve: true, by });
      await bench.over(id);
      expect(bench.delivery.seen.findLast(({ call }) => call === 'post')?.files?.[0]?.path).toBe(
        '/spool/copy',
      );
    }
  });

  it('is never posted if it is rejected, counts, and its clip is refunded', async () => {
    const around = outside();
    const bench = await begin(around);
    const { id } = await bench.add(anOrder());
    bench.runner.start(id);
    await goOn(bench, around, () => isOver(stored(around, nextId(id))?.state ?? { name: 'held' }), false);
    const task = await bench.over(id);
    expect(task.state).toMatchObject({ name: 'discarded', rejected: 'moderator', told: true });
    expect(toUsage(task)).toMatchObject({ state: 'spent', amount: 1, open: false });
    expect(around.creates).toEqual([id]);
    expect(around.posts.every(({ files }) => files === 0)).toBe(true);
    expect(toUsage(stored(around, nextId(id)) as Task)?.state).toBe('refunded');
  });

  it('is decided by the first of two moderators', async () => {
    const around = outside();
    const bench = await begin(around);
    const { id } = await bench.add(aTask());
    bench.runner.start(id);
    await asked(bench, around, () => bench.ledger.get(id)?.state.name === 'awaitingReview');
    const both = await Promise.all([
      bench.runner.decide(id, { what: 'result', approve: false, by }),
      bench.runner.decide(id, { what: 'result', approve: true, by: '7' }),
    ]);
    expect(both.map((task) => task?.review?.decision?.by)).toEqual([by, undefined]);
    expect((await bench.over(id)).state.name).toBe('discarded');
    expect(around.posts.every(({ files }) => files === 0)).toBe(true);
  });

  it('waits in safety while moderators have no channel, and goes there once they do', async () => {
    const around = outside();
    around.desk.channel = undefined;
    const bench = await begin(around);
    const { id } = await bench.add(aTask());
    bench.runner.start(id);
    await until('managers are told', () => {
      make(bench, around);
      return around.desk.alerts > 0;
    });
    expect(bench.delivery.seen.some(({ progress }) => progress?.reviewersAway)).toBe(true);
    around.desk.channel = '5';
    bench.runner.recheck();
    await until('they are asked', () => around.desk.messages.length === 1);
    expect(around.posts).toEqual([]);
    // Its message is deleted: they are asked again.
    around.desk.messages.splice(0, 1);
    bench.runner.recheck();
    await until('they are asked again', () => around.desk.messages.length === 1);
    await bench.runner.stop();
  });

  it('ends unposted if no one decides within a week', async () => {
    let at = Date.now();
    const around = outside();
    const bench = await begin(around, undefined, () => at);
    const { id } = await bench.add(aTask());
    bench.runner.start(id);
    await asked(bench, around);
    at += week + 1;
    bench.runner.recheck();
    expect((await bench.over(id)).state).toMatchObject({ name: 'discarded', rejected: 'overdue' });
  });

  it('is dropped once its user wants their data deleted', async () => {
    const around = outside();
    const bench = await begin(around);
    const { id, origin } = await bench.add(aTask());
    bench.runner.start(id);
    await asked(bench, around);
    await bench.ledger.purge({ userId: origin.userId });
    bench.runner.recheck();
    expect(await bench.over(id)).toMatchObject({ state: { name: 'discarded' }, purge: 'done' });
    expect(around.posts.every(({ files }) => files === 0)).toBe(true);
  });
});

describe('an order under review', () => {
  it('creates, hosts and shows nothing before it is approved', async () => {
    const around = outside();
    around.desk.reviews = false;
    const bench = await begin(around);
    const { id } = await bench.add(aTask({ review: { before: 'words' } }));
    bench.runner.start(id);
    await until('moderators are asked', () => around.desk.messages.length === 1);
    await giveChance(20);
    expect(bench.creating).toEqual([]);
    expect(bench.delivery.seen.some(({ call }) => call === 'introduce')).toBe(false);
    expect(toUsage(stored(around, id) as Task)).toBeUndefined();
    // An approved order is no approved result, and the other way round.
    expect(await bench.runner.decide(id, { what: 'result', approve: true, by })).toBeUndefined();
    await bench.runner.decide(id, { what: 'order', approve: true, by });
    await goOn(bench, around, () => isOver(stored(around, id)?.state ?? { name: 'held' }));
    expect(stored(around, id)?.state.name).toBe('delivered');
  });

  it('costs nothing if it is rejected, or cancelled before', async () => {
    for (const end of ['reject', 'cancel'] as const) {
      const around = outside();
      const bench = await begin(around);
      const { id } = await bench.add(aTask({ review: { before: 'words' } }));
      bench.runner.start(id);
      await until('moderators are asked', () => around.desk.messages.length === 1);
      if (end === 'cancel') expect(bench.runner.cancel(id)).toBe(true);
      else await bench.runner.decide(id, { what: 'order', approve: false, by });
      const task = await bench.over(id);
      expect(task.state).toMatchObject({
        name: 'cancelled',
        ...(end === 'reject' && { rejected: 'moderator' }),
      });
      expect(toUsage(task)).toBeUndefined();
      expect(bench.creating).toEqual([]);
    }
  });
});

describe('a process that dies around any write', () => {
  it.each(['before', 'after'] as const)(
    '%s it posts nothing that was not approved, and everything once',
    async (instant) => {
      for (let nth = 1, isWhole = false; !isWhole; nth += 1) {
        const around = outside();
        const mortality = createMortality(nth, instant);
        const first = await begin(around, mortality);
        const order: Task = { ...anOrder(), review: { before: 'words', after: true } };
        void first.add(order);
        await giveChance(0);
        first.runner.start(order.id);
        const isDone = () =>
          [order.id, nextId(order.id)].every((id) => isOver(stored(around, id)?.state ?? { name: 'held' }));
        await goOn(first, around, () => mortality.isDead() || isDone());
        isWhole = !mortality.isDead();
        void first.runner.stop();
        if (!stored(around, order.id)) continue;
        const second = await begin(around);
        second.runner.resume();
        await goOn(second, around, isDone);
        await second.runner.stop();
        const results = around.posts.filter(({ files }) => files > 0).map(({ id }) => id);
        expect(new Set(results).size, `write ${nth}`).toBe(results.length);
        expect(new Set(around.creates).size, `write ${nth}`).toBe(around.creates.length);
        const states = [order.id, nextId(order.id)].map((id) => stored(around, id)?.state.name);
        // A Create whose answer died with the process is never repeated.
        for (const state of states)
          expect(['delivered', 'failed', 'cancelled'], `write ${nth}`).toContain(state);
        const asked = around.desk.messages.map(({ task, what }) => `${task} ${what}`);
        expect(new Set(asked).size, `write ${nth}`).toBe(asked.length);
      }
    },
  );
});
