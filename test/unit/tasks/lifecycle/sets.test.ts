import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { StoreError } from '../../../../src/store/store.js';
import { toUsage } from '../../../../src/tasks/accounting/billing.js';
import { QuotaError } from '../../../../src/tasks/accounting/budget.js';
import { nextId } from '../../../../src/tasks/ledger/follow-up.js';
import { restOf } from '../../../../src/tasks/ledger/order-parts.js';
import { readRow } from '../../../../src/tasks/ledger/record-schema.js';
import type { Task, TaskId } from '../../../../src/tasks/model/task.js';
import { emptied } from '../../../../src/tasks/model/task-record.js';
import { orderOf, partId } from '../../../../src/tasks/model/task-set.js';
import type { Hosting } from '../../../../src/tasks/sources/source-hosting.js';
import { createMemoryTable } from '../../../support/table.js';
import { anImageRequest, aVideoRequest, states } from '../../../support/tasks.js';
import { settled, until } from '../../../support/until.js';
import { anMpsError, type Bench, type BenchOptions, createBench, picture } from '../kit.js';
import { aLead } from './set-kit.js';

/** Any file: a clip's header is looked for in it. */
const file = fileURLToPath(import.meta.url);
const thenAnimate = aVideoRequest({ prompt: 'the camera circles' });
const three = anImageRequest({ set: { count: 3 } });

async function setUp(lead: Task, options: BenchOptions = {}) {
  const bench = await createBench({ slots: 9, ...options });
  bench.act.fetch = async () => [{ ...picture, path: file }];
  onTestFinished(async () => {
    for (const one of [...bench.creating]) one.refuse(new Error('the test is over'));
    await bench.runner.stop();
  });
  if (!bench.table.rows.has(lead.id)) await bench.add(lead);
  const record = (id: TaskId) => bench.table.rows.get(id) as Task;
  const part = (number: number) => partId(lead.id, number);
  return { bench, record, part };
}

async function begun(lead: Task, options: BenchOptions = {}) {
  const all = await setUp(lead, options);
  all.bench.runner.start(lead.id);
  return all;
}

const createOf = (bench: Bench, id: TaskId) =>
  bench.creating.find(({ parameters }) => parameters.body.Prompt?.endsWith(` ${id}`));

/** MPS takes the Create of one task and makes it. */
async function make(bench: Bench, id: TaskId): Promise<void> {
  await until(`${id} is created`, () => createOf(bench, id) !== undefined);
  createOf(bench, id)?.answer(`mps-${id}`);
  const asked = () => bench.waiting.find(({ watch }) => watch.mpsTaskId === `mps-${id}`);
  await until(`${id} is asked about`, () => asked() !== undefined);
  asked()?.end({ urls: [`https://mps.example.com/${id}.png`] });
}

describe('a set', () => {
  it('is reserved in one step, created part by part, and each part posted by itself', async () => {
    const lead = aLead(three);
    const { bench, record, part } = await begun(lead);
    await until('all are on their way', () => bench.creating.length === 3);
    expect(bench.creating.map(({ parameters }) => parameters.body.Prompt?.split(' ').at(-1))).toEqual(
      [1, 2, 3].map(part),
    );
    expect(record(part(3))).toMatchObject({
      request: anImageRequest(),
      cost: { unit: 'image', amount: 1 },
      set: { part: 3, parts: 3, before: 2, results: 3 },
    });
    expect(record(part(1)).request).not.toHaveProperty('set');
    expect(orderOf(record(part(1)))).toEqual(three);
    for (const number of [3, 1, 2]) await make(bench, part(number));
    for (const number of [1, 2, 3]) expect((await bench.over(part(number))).state.name).toBe('delivered');
    expect(bench.delivery.posts()).toHaveLength(3);
    expect(bench.delivery.seen.filter(({ call }) => call === 'introduce')).toHaveLength(1);
    for (const row of bench.table.rows.values()) expect(readRow((row as Task).id, row).task).toEqual(row);
  });

  it('continues without a part that fails', async () => {
    const lead = aLead(three);
    const { bench, record, part } = await begun(lead);
    await until('all are on their way', () => bench.creating.length === 3);
    createOf(bench, part(1))?.refuse(anMpsError('moderation'));
    expect((await bench.over(part(1))).state.name).toBe('failed');
    for (const number of [2, 3]) await make(bench, part(number));
    for (const number of [2, 3]) expect((await bench.over(part(number))).state.name).toBe('delivered');
    expect([1, 2, 3].map((number) => toUsage(record(part(number)))?.state)).toEqual([
      'refunded',
      'spent',
      'spent',
    ]);
  });

  it('ends with one outcome, and no part, if it does not fit', async () => {
    const lead = aLead(anImageRequest({ set: { count: 3 } }));
    const limit = { scope: 'member', measure: 'image.day', unit: 'image', period: 'day' } as const;
    const refusal = { limit, max: 2, left: 2, reserved: 0, spent: 0, used: 0, need: 3, together: 2 };
    const budget = { note: () => {}, reserve: () => Promise.reject(new QuotaError(refusal)) };
    const { bench, record } = await begun(lead, { budget });
    expect((await bench.over(lead.id)).state).toMatchObject({
      failure: { reason: 'quota.member.image.day', params: { fits: 2 } },
    });
    await settled();
    expect([...bench.table.rows.keys()]).toEqual([lead.id]);
    expect(record(lead.id).state).toMatchObject({ told: true });
    expect(bench.delivery.posts()).toHaveLength(1);
  });

  it('resumes a part whose write was stored and never confirmed', async () => {
    const lead = aLead(three);
    const memory = createMemoryTable();
    let answers = 0;
    const table: typeof memory = {
      ...memory,
      async add(key, value) {
        const isNew = await memory.add(key, value);
        if (key === partId(lead.id, 2) && answers++ === 0) throw new StoreError('away', 'tasks', 'no answer');
        return isNew;
      },
    };
    const { bench } = await begun(lead, { table });
    await until('all are on their way', () => bench.creating.length === 3);
  });

  it('drops the parts written before a crash if the lead ends before all are reserved', async () => {
    const lead = aLead(anImageRequest({ thenAnimate, set: { count: 3, pick: 2 } }));
    const rest = restOf(lead, Date.now());
    const table = createMemoryTable();
    for (const task of [{ ...lead, state: states.failed }, ...rest]) table.rows.set(task.id, task);
    const { bench, record } = await setUp(lead, { table });
    bench.runner.resume();
    expect((await bench.over(lead.id)).state.name).toBe('failed');
    expect(rest.map(({ id }) => record(id).state)).toMatchObject(
      Array(3).fill({ name: 'cancelled', told: true }),
    );
    await settled();
    expect(bench.delivery.posts()).toHaveLength(1);
    expect(bench.creating).toEqual([]);
  });

  it('that fails tells so even if its clip is being cancelled at that very moment', async () => {
    const lead = aLead(anImageRequest({ thenAnimate, set: { count: 3, pick: 2 } }));
    const rest = restOf(lead, Date.now());
    const clip = nextId(partId(lead.id, 2));
    const memory = createMemoryTable();
    let persist = () => {};
    const slow = new Promise<void>((resolve) => {
      persist = resolve;
    });
    const table: typeof memory = {
      ...memory,
      async set(key, value) {
        if (key === clip) await slow;
        await memory.set(key, value);
      },
    };
    for (const task of [{ ...lead, state: states.failed }, ...rest]) memory.rows.set(task.id, task);
    const { bench, record } = await setUp(lead, { table });
    expect(bench.runner.cancel(clip)).toBe(true);
    bench.runner.resume();
    await settled();
    // The part that it follows must not go before it, or nothing would find it again.
    expect(record(partId(lead.id, 2)).state.name).toBe('held');
    persist();
    expect((await bench.over(lead.id)).state.name).toBe('failed');
    expect(rest.map(({ id }) => record(id).state)).toMatchObject(
      Array(3).fill({ name: 'cancelled', told: true }),
    );
    expect(bench.delivery.posts()).toHaveLength(1);
  });

  it('resumes a part found held whose lead was reserved and is over, and ends one without a lead', async () => {
    const lead = aLead(three);
    const orphan = restOf(aLead(three), Date.now())[0];
    const [second] = restOf(lead, Date.now());
    if (!orphan || !second) throw new Error('there are three');
    const history = (['received', 'queued', 'delivered'] as const).map((state) => ({
      state,
      at: Date.now(),
    }));
    const table = createMemoryTable();
    for (const task of [{ ...lead, state: states.delivered, history }, second, orphan])
      table.rows.set(task.id, task);
    const { bench } = await setUp(lead, { table });
    bench.runner.resume();
    expect((await bench.over(orphan.id)).state).toMatchObject({ failure: { reason: 'interrupted' } });
    await make(bench, second.id);
    expect((await bench.over(second.id)).state.name).toBe('delivered');
  });

  it('has a clip of the result that was picked, by its own task', async () => {
    const order = anImageRequest({ thenAnimate, set: { count: 3, pick: 2 } });
    const lead = aLead(order);
    const { bench, record, part } = await begun(lead);
    expect(orderOf(lead)).toEqual(order);
    await until('all are on their way', () => bench.creating.length === 3);
    const clip = nextId(part(2));
    expect(record(clip)).toMatchObject({
      state: { name: 'held' },
      after: part(2),
      cost: { unit: 'second', amount: 5 },
    });
    expect(record(part(1)).request).not.toHaveProperty('thenAnimate');
    for (const number of [1, 3]) await make(bench, part(number));
    expect(record(clip).state.name).toBe('held');
    await make(bench, part(2));
    await make(bench, clip);
    expect((await bench.over(clip)).request).toMatchObject({
      image: { url: `https://mps.example.com/${part(2)}.png`, made: { by: part(2) } },
    });
    expect(bench.table.rows.size).toBe(4);
  });

  it('has a clip of the third of four pictures that one Create makes', async () => {
    const compare = [{ model: 'mj-v7' }, { model: 'hunyuan-3.0' }];
    const wish = { count: 1, compare, pick: 3 };
    const lead = aLead(anImageRequest({ model: 'mj-v7', thenAnimate, set: wish }));
    const { bench, part } = await begun(lead);
    bench.act.fetch = async () => [9, 9, 7, 9].map((bytes) => ({ ...picture, bytes, path: file }));
    await until('both are on their way', () => bench.creating.length === 2);
    createOf(bench, part(1))?.answer('mps-1');
    await until('it is asked about', () => bench.waiting.length === 1);
    bench.waiting[0]?.end({ urls: [1, 2, 3, 4].map((number) => `https://mps.example.com/${number}.png`) });
    const { request } = await bench.reached(nextId(part(1)), 'submitting');
    expect(request).toMatchObject({ image: { url: 'https://mps.example.com/3.png', bytes: 7 } });
  });

  it('keeps a clip of no picked result for later, and reserves nothing for it', async () => {
    const order = anImageRequest({ thenAnimate, set: { count: 2 } });
    const lead = aLead(order);
    expect(lead.set?.thenAnimate).toEqual(thenAnimate);
    expect([lead.request, lead.nextCost]).toEqual([anImageRequest(), undefined]);
    expect(orderOf(lead)).toEqual(order);
    expect(restOf(lead, 0).map(({ id }) => id)).toEqual([partId(lead.id, 2)]);
  });
});

describe('a comparison', () => {
  const image = { url: 'https://cdn.discordapp.com/attachments/1/2/fox.png', name: 'fox.png' };
  const compared = anImageRequest({
    model: 'hunyuan-3.0',
    negative: 'rain',
    references: [image],
    set: {
      count: 1,
      compare: [
        { model: 'hunyuan-3.0', without: ['references'] },
        { model: 'kling-3.0', without: ['negative'] },
      ],
    },
  });

  it('prepares for all parts what only some of them take, and is repeated whole', async () => {
    const lead = aLead(compared);
    const { bench, record, part } = await setUp(lead);
    bench.act.take = async () => ({ path: '/spool/2', type: 'image/png', bytes: 9, converted: true });
    bench.runner.start(lead.id);
    await until('both are on their way', () => bench.creating.length === 2);
    expect(bench.calls.filter((call) => call.startsWith('take'))).toEqual(['take fox.png']);
    expect(record(part(1)).request).not.toHaveProperty('references');
    expect(record(part(2)).request).toMatchObject({
      model: 'kling-3.0',
      references: [{ url: 'http://127.0.0.1:9/hosted-0', uploaded: image.url }],
    });
    expect(record(part(2)).request).not.toHaveProperty('negative');
    expect(orderOf(record(part(1)))).toMatchObject({
      ...compared,
      references: [{ uploaded: image.url }],
    });
    for (const number of [1, 2]) await make(bench, part(number));
  });

  it('keeps hosted images until the last part that uses them is over', async () => {
    const cleared: (readonly TaskId[])[] = [];
    const hosting: Hosting = {
      needs: () => true,
      host: async (_task, images) => images.map(() => ({ url: 'https://hosted.example.com/fox.png' })),
      relink: () => undefined,
      clear: async (task, { others = [] }) => void cleared.push([task.id, ...others.map(({ id }) => id)]),
    };
    const lead = aLead(anImageRequest({ references: [image], model: 'kling-3.0', set: { count: 2 } }));
    const { bench, part } = await begun(lead, { hosting });
    await make(bench, part(1));
    await bench.over(part(1));
    await make(bench, part(2));
    await until('both are cleared', () => cleared.length === 2);
    expect(cleared).toEqual([[part(1), part(2)], [part(2)]]);
  });
});

describe('the parts of a set that its user does without', () => {
  it('are cancelled as far as they are not created, and the others are reported', async () => {
    const lead = aLead(anImageRequest({ thenAnimate, set: { count: 4, pick: 2 } }));
    const { bench, record, part } = await begun(lead, { slots: 2 });
    await until('two are on their way', () => bench.creating.length === 2);
    await until('the others wait', () =>
      [3, 4].every((number) => record(part(number)).state.name === 'queued'),
    );
    expect(bench.runner.cancelAll(lead)).toEqual({
      calledOff: [nextId(part(2)), part(3), part(4)],
      goOn: [part(1), part(2)],
    });
    for (const number of [3, 4]) expect((await bench.over(part(number))).state.name).toBe('cancelled');
    expect(bench.runner.cancelAll(record(part(3))).calledOff).toEqual([]);
    for (const number of [1, 2]) await make(bench, part(number));
    for (const number of [1, 2]) expect((await bench.over(part(number))).state.name).toBe('delivered');
    expect(record(nextId(part(2))).state.name).toBe('cancelled');
  });

  it('are cancelled one by one, too; the lead among them', async () => {
    const lead = aLead(three);
    const { bench, record, part } = await begun(lead, { slots: 1 });
    await until('one is on its way', () => bench.creating.length === 1);
    await until('the last waits', () => record(part(3)).state.name === 'queued');
    expect(bench.runner.cancel(part(3))).toBe(true);
    expect((await bench.over(part(3))).state.name).toBe('cancelled');
    for (const number of [1, 2]) await make(bench, part(number));
    expect((await bench.over(part(2))).state.name).toBe('delivered');
  });

  it('are dismissed by the process that runs them', async () => {
    const lead = aLead(three);
    const { bench, record, part } = await begun(lead, { slots: 2 });
    await until('two are on their way', () => bench.creating.length === 2);
    for (const number of [1, 2]) createOf(bench, part(number))?.answer(`mps-${number}`);
    await until('two run', () => bench.waiting.length === 2);
    expect(await bench.runner.releaseAll(lead, { wish: 'drop', by: 'asker' })).toEqual([part(1), part(2)]);
    expect(record(part(3)).release).toBeUndefined();
    for (const one of [...bench.waiting]) one.end();
    for (const number of [1, 2]) expect((await bench.over(part(number))).state.name).toBe('discarded');
    await make(bench, part(3));
    expect((await bench.over(part(3))).state.name).toBe('delivered');
  });
});

describe('the deletion of a set', () => {
  it('includes the parts that are written after that was said', () => {
    const rest = restOf(
      { ...aLead(anImageRequest({ thenAnimate, set: { count: 2, pick: 1 } })), purge: 'wanted' },
      0,
    );
    expect(rest.map(({ purge }) => purge)).toEqual(['wanted', 'wanted']);
  });

  it.each(['quota', 'ledger'] as const)(
    'includes the parts that are written once the %s can be read or written again',
    async (broken) => {
      const lead = aLead(three);
      const memory = createMemoryTable();
      let isAway = true;
      const fail = (where: typeof broken) => {
        if (isAway && broken === where) throw new StoreError('away', 'tasks', 'no answer');
      };
      const table: typeof memory = {
        ...memory,
        async add(key, value) {
          if (key !== lead.id) fail('ledger');
          return memory.add(key, value);
        },
      };
      const budget = {
        note: () => {},
        reserve: async (_task: Task, write: () => Promise<Task>) => {
          fail('quota');
          return write();
        },
      };
      const { bench, record, part } = await begun(lead, { table, budget });
      await until('it is tried again', () => bench.log.lines.length > 1);
      await bench.ledger.purge({ userId: lead.origin.userId });
      isAway = false;
      await until('all are on their way', () => bench.creating.length === 3);
      expect([1, 2, 3].map((number) => record(part(number)).purge)).toEqual(Array(3).fill('wanted'));
    },
  );

  it('is all that was typed, and not its place', () => {
    const lead = aLead(
      anImageRequest({
        prompt: 'secret',
        thenAnimate: aVideoRequest({ prompt: 'secret' }),
        set: { count: 2 },
      }),
    );
    const bare = emptied({ ...lead, state: { ...states.failed, told: true } });
    expect(JSON.stringify(bare)).not.toContain('secret');
    expect(bare.set).toEqual({ part: 1, parts: 2, before: 0, results: 2 });
    expect(readRow(lead.id, bare).task).toEqual(bare);
  });

  it('stays in the ledger as long as a part does', async () => {
    const lead = aLead(three);
    const delivered = { ...lead, state: states.delivered };
    const [second, third] = restOf(lead, Date.now());
    if (!second || !third) throw new Error('there are three');
    const table = createMemoryTable();
    for (const task of [
      delivered,
      { ...second, state: states.delivered },
      { ...third, state: states.running },
    ])
      table.rows.set(task.id, task);
    const { bench } = await setUp(lead, { table });
    expect(await bench.ledger.prune(Date.now() + 1_000)).toBe(0);
    await bench.ledger.record(third.id, { type: 'failed', failure: { reason: 'overdue' } });
    await bench.ledger.record(third.id, { type: 'dropped' });
    expect(await bench.ledger.prune(Date.now() + 1_000)).toBe(3);
  });
});
