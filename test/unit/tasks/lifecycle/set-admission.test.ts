import { beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../../../src/errors.js';
import { createSettings } from '../../../../src/guilds/settings.js';
import { silentLog } from '../../../../src/log.js';
import { createCatalogue } from '../../../../src/mps/catalogue/catalogue.js';
import type { GenerationRequest, SetWish } from '../../../../src/mps/generation-request.js';
import { createAccounts } from '../../../../src/quota/account.js';
import type { Limits } from '../../../../src/quota/measures.js';
import { StoreError } from '../../../../src/store/store.js';
import { createBudget, QuotaError } from '../../../../src/tasks/accounting/budget.js';
import { createReservation } from '../../../../src/tasks/accounting/order-reservation.js';
import { createUserUsage } from '../../../../src/tasks/accounting/user-usage.js';
import { nextId } from '../../../../src/tasks/ledger/follow-up.js';
import { createLedger } from '../../../../src/tasks/ledger/ledger.js';
import { restOf } from '../../../../src/tasks/ledger/order-parts.js';
import { createAdmission } from '../../../../src/tasks/lifecycle/admission.js';
import type { Origin, TaskEvent, TaskId } from '../../../../src/tasks/model/task.js';
import { orderOf, partId, partIds } from '../../../../src/tasks/model/task-set.js';
import { createMemoryPeople } from '../../../support/people.js';
import { createMemoryTable } from '../../../support/table.js';
import { anImageRequest, anOrigin, aVideoRequest, noon } from '../../../support/tasks.js';
import { until } from '../../../support/until.js';

let serial = 0;
const nextEvent = () => String(1_146_000_000_000_000_000n + BigInt(++serial));
const image = { url: 'https://cdn.discordapp.com/attachments/1/2/fox.png', name: 'fox.png' };
const thenAnimate = aVideoRequest({ prompt: 'the camera circles' });
const several = (set: SetWish, more = {}) => anImageRequest({ ...more, set });

/** All between a request and its reservation; of a user's own account, for which the records of all processes count. */
async function open(limits: Limits, isShared = false) {
  const table = createMemoryTable();
  const now = () => noon;
  const accounts = createAccounts({ table: createMemoryTable() });
  await accounts.load();
  const settings = createSettings({ table: createMemoryTable(), log: silentLog, now });
  const people = createMemoryPeople(table.rows);
  const purse = createUserUsage({ people, now });
  const budget = createBudget({
    accounts,
    settings,
    ceiling: { guild: {}, member: limits },
    timeZone: 'UTC',
    now,
    ...(isShared && { purse }),
  });
  const ledger = createLedger({
    table,
    log: silentLog,
    now,
    retryMs: 1,
    note: budget.note,
    index: purse.index,
  });
  await ledger.load();
  const common = { ledger, budget, log: silentLog, now };
  const admission = createAdmission({
    ...common,
    catalogue: createCatalogue({ extra: ['mj-v7'] }),
    enabled: { image: true, video: true },
  });
  const reserve = createReservation({ ...common, signal: new AbortController().signal, retryMs: 1 });
  const originOf = (): Origin =>
    anOrigin({ eventId: nextEvent(), ...(isShared && { guildInstalled: false }) });
  return {
    table,
    people,
    ledger,
    admit: (request: GenerationRequest, mostResults = 9) =>
      admission.admit(request, originOf(), { mostResults }),
    admitted: (request: GenerationRequest) => admission.admit(request, originOf()),
    async reserve(id: TaskId) {
      const task = ledger.get(id);
      if (!task) throw new Error('it is not there');
      await reserve(task);
    },
    async pass(id: TaskId, ...events: readonly TaskEvent[]) {
      for (const event of events) await ledger.record(id, event);
    },
    async used(measure: string) {
      const all = await budget.standings(originOf());
      return all.find(({ limit }) => limit.scope === 'member' && limit.measure === measure)?.used;
    },
  };
}

type Bench = Awaited<ReturnType<typeof open>>;
let bench: Bench;
beforeEach(async () => {
  bench = await open({});
});

const refusal = async (asked: Promise<unknown>): Promise<UserError> => {
  const error = await asked.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof UserError)) throw new Error('it was not refused');
  return error;
};
const keysOf = ({ sentences }: UserError) => sentences.map(({ key }) => key);

describe('an order of several', () => {
  it('is persisted as its lead alone, which knows the whole', async () => {
    const request = several({ count: 4 });
    const lead = await bench.admit(request);
    expect([...bench.table.rows.keys()]).toEqual([lead?.id]);
    expect(lead?.set).toMatchObject({ part: 1, parts: 4, before: 0, results: 4, wish: { count: 4 } });
    expect(lead?.set?.costs).toEqual(Array(3).fill({ unit: 'image', amount: 1 }));
    expect(lead && orderOf(lead)).toEqual(request);
    expect(lead && partIds(lead)).toHaveLength(4);
  });

  it.each([false, true])(
    'is taken back if the answer to its record was lost (shared: %s)',
    async (isShared) => {
      const { table, ledger, admit } = await open({}, isShared);
      const { add } = table;
      table.add = async (key, value) => {
        await add(key, value);
        throw new StoreError('away', 'tasks', 'no answer');
      };
      expect(keysOf(await refusal(admit(several({ count: 2 }))))).toEqual(['error.store']);
      await until('its record is gone', () => table.rows.size === 0);
      expect(ledger.unfinished()).toEqual([]);
    },
  );

  it("is taken back if a user's account fails once it is saved, and the store with it", async () => {
    const { table, ledger, admit, people } = await open({}, true);
    const away = () => Promise.reject(new StoreError('away', 'tasks', 'no answer'));
    const { delete: remove } = table;
    people.claim = away;
    table.delete = away;
    expect(keysOf(await refusal(admit(several({ count: 2 }))))).toEqual(['error.store']);
    expect(ledger.unfinished()).toEqual([]);
    expect(table.rows.size).toBe(1);
    table.delete = remove;
    await until('its record is gone', () => table.rows.size === 0);
  });

  it('is a plain order where it comes to one result', async () => {
    const lead = await bench.admit(several({ count: 1 }, { thenAnimate }));
    expect(lead?.set).toBeUndefined();
    expect(lead).toMatchObject({ request: anImageRequest({ thenAnimate }), nextCost: { unit: 'second' } });
    expect(lead?.request).not.toHaveProperty('set');
  });

  it('says of each compared model what it does not take', async () => {
    const compare = [
      { model: 'hunyuan-3.0' },
      { model: 'vidu-q2', without: ['negative'] as const },
      { model: 'kling-3.0' },
    ];
    const asked = several({ count: 2, compare }, { negative: 'rain', size: '1024x1024' });
    const { sentences } = await refusal(bench.admit(asked));
    const named = sentences.flatMap(({ key, params }) => (key === 'problem.compared' ? [params?.model] : []));
    expect(named).not.toContain('Hunyuan 3.0');
    expect(named).toContain('Kling 3.0');
    expect(new Set(named).size).toBe(named.length);
    expect(bench.table.rows.size).toBe(0);
  });

  it('has as many results as the place allows, and never more than 9 pictures or 3 clips', async () => {
    for (const [count, most, limit] of [
      [5, 4, 4],
      [3, 2, 2],
      [10, 99, 9],
      [1e9, 99, 9],
    ] as const) {
      const error = await refusal(bench.admit(several({ count }), most));
      expect(error.sentences).toEqual([
        { key: 'problem.set.most.image', params: { results: count, most: limit } },
      ]);
    }
    expect(keysOf(await refusal(bench.admitted(several({ count: 5 }))))).toEqual(['problem.set.most.image']);
    expect((await bench.admit(several({ count: 9 })))?.set?.parts).toBe(9);
    const clips = (count: number) => aVideoRequest({ set: { count } });
    expect(keysOf(await refusal(bench.admit(clips(4))))).toEqual(['problem.set.most.video']);
    expect((await bench.admit(clips(3)))?.set).toMatchObject({ parts: 3, results: 3 });
  });

  it('counts all pictures of a model that always makes four, in the order of its results', async () => {
    const compare = [{ model: 'mj-v7' }, { model: 'hunyuan-3.0' }];
    const request = several({ count: 1, compare, pick: 5 }, { model: 'mj-v7', thenAnimate });
    const { sentences } = await refusal(bench.admitted(request));
    expect(sentences).toEqual([
      { key: 'problem.set.most.image', params: { results: 5, most: 4 } },
      { key: 'problem.set.compared' },
    ]);
    const lead = await bench.admit(request);
    if (!lead) throw new Error('it was not admitted');
    expect(lead).toMatchObject({ cost: { amount: 4 }, set: { results: 5, costs: [{ amount: 1 }] } });
    const [second, clip] = restOf(lead, noon);
    expect(second).toMatchObject({ set: { part: 2, before: 4, results: 5 }, request: { thenAnimate } });
    expect(clip).toMatchObject({ id: nextId(partId(lead.id, 2)), after: second?.id });
    const third = await bench.admit({ ...request, set: { count: 1, compare, pick: 3 } });
    expect(third).toMatchObject({ request: { thenAnimate }, set: { frame: 2 } });
    // By itself it is no set, and no place says how many a model makes.
    expect(await bench.admit(anImageRequest({ model: 'mj-v7' }), 1)).toBeDefined();
  });

  it('names the clip that follows in its problems, and the picture that is not there', async () => {
    const wrong = several({ count: 2 }, { thenAnimate: aVideoRequest({ duration: 99 }) });
    expect(keysOf(await refusal(bench.admit(wrong)))[0]).toBe('problem.thenAnimate');
    const error = await refusal(bench.admit(several({ count: 2, pick: 3 }, { thenAnimate })));
    expect(error.sentences).toEqual([{ key: 'problem.set.pick', params: { pick: 3, results: 2 } }]);
  });

  it('keeps what the first compared model leaves out', async () => {
    const compare = [{ model: 'hunyuan-3.0', without: ['references'] as const }, { model: 'kling-3.0' }];
    const request = several({ count: 1, compare }, { references: [image] });
    const lead = await bench.admit(request);
    expect(lead?.request).not.toHaveProperty('references');
    expect(lead && orderOf(lead)).toEqual(request);
  });
});

describe.each([
  ['a guild', false],
  ['a user whom several processes serve', true],
])('the quota of %s', (_of, isShared) => {
  it('is refused with how many would fit', async () => {
    bench = await open({ 'image.day': 3 }, isShared);
    const error = await refusal(bench.admit(several({ count: 4 })));
    expect(error.cause).toBeInstanceOf(QuotaError);
    expect((error.cause as QuotaError).fits).toBe(3);
    expect(error.sentences.at(-1)).toEqual({ key: 'quota.fits.set.image', params: { count: 3 } });
    expect(bench.table.rows.size).toBe(0);
    const withClip = await open({ 'image.day': 3, 'second.day': 4 }, isShared);
    const both = await refusal(withClip.admit(several({ count: 2, pick: 1 }, { thenAnimate })));
    expect(keysOf(both).at(-1)).toBe('quota.fits.set.alone');
    const [spent, none] = [await open({ 'image.day': 0 }, isShared), undefined];
    expect(((await refusal(spent.admit(several({ count: 2 })))).cause as QuotaError).fits).toBe(none);
  });

  it('is reserved for all or none, whichever is first', async () => {
    bench = await open({ 'image.day': 5 }, isShared);
    const leads = await Promise.all([3, 3, 2].map((count) => bench.admit(several({ count }))));
    const ids = leads.flatMap((lead) => lead?.id ?? []);
    const outcomes = await Promise.allSettled(ids.map((id) => bench.reserve(id)));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(outcomes[1]).toMatchObject({ reason: { name: 'QuotaError', fits: 2 } });
    expect(await bench.used('image.day')).toBe(5);
    expect(bench.table.rows.size).toBe(3 + 2 + 1);
  });

  it('is given back part by part, as far as nothing was billed', async () => {
    bench = await open({ 'image.day': 3 }, isShared);
    const lead = await bench.admit(several({ count: 3 }));
    if (!lead) throw new Error('it was not admitted');
    await bench.reserve(lead.id);
    const [second, third] = [2, 3].map((part) => partId(lead.id, part)) as [TaskId, TaskId];
    for (const id of [second, third]) await bench.pass(id, { type: 'queued' });
    await bench.pass(third, { type: 'cancelled' }, { type: 'dropped' });
    expect(await bench.used('image.day')).toBe(2);
    const made: TaskEvent[] = [
      { type: 'submitting' },
      { type: 'created', mpsTaskId: 'mps', createdAt: noon },
      { type: 'finished', urls: ['https://results.example.com/1.png'] },
      { type: 'fetched', made: { billed: 1 } },
      { type: 'handed', posted: { channelId: '3', messageId: '4' } },
    ];
    await bench.pass(second, ...made);
    expect(await bench.used('image.day')).toBe(2);
    await bench.pass(lead.id, { type: 'failed', failure: { reason: 'moderation' } }, { type: 'dropped' });
    expect(await bench.used('image.day')).toBe(1);
  });

  it('counts a set as one open order until its last part is over', async () => {
    bench = await open({ open: 2 }, isShared);
    const lead = await bench.admit(several({ count: 3 }));
    if (!lead) throw new Error('it was not admitted');
    expect(await bench.used('open')).toBe(1);
    await bench.reserve(lead.id);
    const parts = [1, 2, 3].map((part) => partId(lead.id, part));
    for (const id of parts.slice(1)) await bench.pass(id, { type: 'queued' });
    expect(await bench.used('open')).toBe(1);
    expect(await bench.admit(anImageRequest())).toBeDefined();
    expect(keysOf(await refusal(bench.admit(several({ count: 2 }))))[0]).toBe('failure.quota.member.open');
    for (const id of parts) {
      expect(await bench.used('open')).toBe(2);
      await bench.pass(id, { type: 'cancelled' }, { type: 'dropped' });
    }
    expect(await bench.used('open')).toBe(1);
  });
});
