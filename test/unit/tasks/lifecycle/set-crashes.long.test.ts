import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createSettings } from '../../../../src/guilds/settings.js';
import { silentLog } from '../../../../src/log.js';
import { createAccounts } from '../../../../src/quota/account.js';
import { createStore } from '../../../../src/store/store.js';
import { type Budget, createBudget } from '../../../../src/tasks/accounting/budget.js';
import { createUserUsage } from '../../../../src/tasks/accounting/user-usage.js';
import { nextId } from '../../../../src/tasks/ledger/follow-up.js';
import { isOver } from '../../../../src/tasks/model/state-machine.js';
import type { Origin, Task, TaskId } from '../../../../src/tasks/model/task.js';
import { partId } from '../../../../src/tasks/model/task-set.js';
import { arrived } from '../../../support/delivery.js';
import { createMortality, type Mortality, mortal } from '../../../support/mortal-table.js';
import { createMemoryPeople, type MemoryPeople } from '../../../support/people.js';
import { createMemoryTable, type MemoryTable } from '../../../support/table.js';
import { anImageRequest, anOrigin, aVideoRequest } from '../../../support/tasks.js';
import { until } from '../../../support/until.js';
import { type Bench, createBench, picture } from '../kit.js';
import { aLead } from './set-kit.js';

/** Any file: a clip's header is looked for in it. */
const file = fileURLToPath(import.meta.url);
const thenAnimate = aVideoRequest({ prompt: 'the camera circles' });
/** Three pictures, and a clip of the second. */
const order = anImageRequest({ thenAnimate, set: { count: 3, pick: 2 } });
const immortal = createMortality(Number.POSITIVE_INFINITY, 'after');

/** The parts that outlive a process: both services' records, and the store. */
interface Outside {
  /** Creates that were sent, by task. */
  readonly creates: TaskId[];
  readonly posts: Map<TaskId, number>;
  readonly table: MemoryTable;
  readonly accounts: MemoryTable;
  readonly people: MemoryPeople;
  readonly origin: Partial<Origin>;
}

interface Way {
  readonly name: string;
  readonly origin: Partial<Origin>;
  /** Usage of the user is read from records that other processes write, too. */
  readonly isShared: boolean;
  open(): Promise<MemoryTable>;
}

/** Rows in a file, and a copy of them that a test can read. */
async function onDisk(): Promise<MemoryTable> {
  const folder = await mkdtemp(join(tmpdir(), 'easel-sets-'));
  const store = await createStore(`sqlite://${join(folder, 'easel.sqlite')}`, { log: silentLog });
  onTestFinished(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });
  const [kept, copy] = [store.table<unknown>('tasks'), createMemoryTable()];
  return {
    ...copy,
    get: kept.get,
    getMany: kept.getMany,
    entries: kept.entries,
    async set(key, value) {
      await kept.set(key, value);
      await copy.set(key, value);
    },
    async add(key, value) {
      return (await kept.add(key, value)) && copy.add(key, value);
    },
  };
}

const alone: Partial<Origin> = { guildInstalled: false };
const inMemory = async () => createMemoryTable();
const ways: readonly Way[] = [
  { name: 'a guild, in memory', origin: {}, isShared: false, open: inMemory },
  { name: 'a guild, on SQLite', origin: {}, isShared: false, open: onDisk },
  { name: 'a user whom several processes serve', origin: alone, isShared: true, open: inMemory },
];

/** A process, with limits that the order fits into exactly. */
async function begin(outside: Outside, isShared: boolean, mortality: Mortality) {
  const now = Date.now;
  const { people } = outside;
  const index = {
    ...people,
    claim: (person: string, claim: Parameters<MemoryPeople['claim']>[1]) =>
      mortality.write(() => people.claim(person, claim)),
  };
  const purse = isShared ? createUserUsage({ people: index, now }) : undefined;
  const accounts = createAccounts({ table: outside.accounts });
  await accounts.load();
  const settings = createSettings({ table: createMemoryTable(), log: silentLog, now });
  const ceiling = { guild: {}, member: { 'image.day': 3, 'second.day': 5, open: 1 } };
  const budget = createBudget({ accounts, settings, ceiling, timeZone: 'UTC', purse, now });
  const bench = await createBench({
    table: mortal(outside.table, mortality),
    slots: 9,
    budget,
    ...(purse && { index: purse.index }),
  });
  bench.act.fetch = async () => [{ ...picture, path: file }];
  bench.delivery.onPost = async ({ id }) => {
    outside.posts.set(id, (outside.posts.get(id) ?? 0) + 1);
    return arrived;
  };
  bench.delivery.onSeek = async ({ id }) => (outside.posts.has(id) ? arrived : undefined);
  return { bench, budget };
}

/** Lets MPS answer, until the process has died or all is over. */
async function live(outside: Outside, { isDead }: Mortality, bench: Bench): Promise<void> {
  const tasks = () => [...outside.table.rows.values()] as Task[];
  const sent = new Set<object>();
  const see = () => {
    for (const one of bench.creating) {
      if (sent.has(one)) continue;
      sent.add(one);
      outside.creates.push((one.parameters.body.Prompt ?? '').split(' ').at(-1) as TaskId);
    }
  };
  await until('the life is over', async () => {
    see();
    if (!isDead())
      for (const one of [...bench.creating]) one.answer(`mps-${outside.creates.length}-${sent.size}`);
    for (const one of [...bench.waiting]) one.end({ urls: ['https://mps.example.com/fox.png'] });
    return isDead() || tasks().every(({ state }) => isOver(state));
  });
  see();
}

async function used(budget: Budget, measure: string, origin: Origin) {
  const all = await budget.standings(origin);
  const one = all.find(({ limit }) => limit.scope === 'member' && limit.measure === measure);
  return { reserved: one?.reserved, spent: one?.spent };
}

/** One life that dies, and one that finishes its work. @returns the number of writes in a life without a death */
async function run(way: Way, mortality: Mortality): Promise<number> {
  const table = await way.open();
  const people = createMemoryPeople(table.rows);
  const accounts = createMemoryTable();
  const outside: Outside = { creates: [], posts: new Map(), table, people, accounts, origin: way.origin };
  const origin = anOrigin(way.origin);
  const payer = createAccounts({ table: accounts });
  await payer.load();
  const { guildId, userId, guildInstalled } = origin;
  const account = payer.of({ userId, guildInstalled, ...(guildId && { guildId }) });
  const lead = { ...aLead(order, way.origin), account };
  await table.set(lead.id, lead);

  const first = await begin(outside, way.isShared, mortality);
  first.bench.runner.start(lead.id);
  await live(outside, mortality, first.bench);
  const second = await begin(outside, way.isShared, immortal);
  second.bench.runner.resume();
  await live(outside, immortal, second.bench);
  judge(outside, lead.id);

  const rows = [...table.rows.values()] as Task[];
  const delivered = (kind: string) =>
    rows.filter(({ request, state }) => request.kind === kind && state.name === 'delivered').length;
  const third = await begin(outside, way.isShared, immortal);
  for (const { budget } of [second, third]) {
    expect(await used(budget, 'image.day', origin)).toEqual({ reserved: 0, spent: delivered('image') });
    expect(await used(budget, 'second.day', origin)).toEqual({ reserved: 0, spent: 5 * delivered('video') });
    expect((await used(budget, 'open', origin)).reserved).toBe(0);
  }
  await second.bench.runner.stop();
  return mortality.writes();
}

/** Each task exists, was created once at most, and was reported once; one without a result was lost in its Create. */
function judge({ creates, posts, table }: Outside, lead: TaskId): void {
  const parts = [1, 2, 3].map((part) => partId(lead, part));
  const clip = nextId(partId(lead, 2));
  expect([...table.rows.keys()].sort()).toEqual([...parts, clip].sort());
  for (const id of [...parts, clip]) {
    const { state } = table.rows.get(id) as Task;
    expect(creates.filter((one) => one === id).length).toBeLessThanOrEqual(1);
    if (state.name === 'cancelled') expect(id).toBe(clip);
    else if (state.name === 'failed') expect(state.failure.reason).toBe('interrupted');
    else expect([state.name, creates.includes(id)]).toEqual(['delivered', true]);
    expect(posts.get(id)).toBe(state.name === 'cancelled' ? undefined : 1);
  }
  const stateOf = (id: TaskId) => (table.rows.get(id) as Task).state.name;
  expect(stateOf(clip) === 'cancelled').toBe(stateOf(partId(lead, 2)) === 'failed');
}

describe.each(ways)('a set of $name, killed around any of its writes', (way) => {
  /** More than a life without a death has. */
  const writes = 48;
  const instants = Array.from({ length: writes }, (_, at) => at + 1).flatMap((n) => [
    [n, 'before'] as const,
    [n, 'after'] as const,
  ]);

  it('has no more writes than are looked at', async () => {
    expect(await run(way, createMortality(1_000, 'after'))).toBeLessThanOrEqual(writes);
  });

  it.each(instants)('write %i, %s', async (nth, instant) => {
    await run(way, createMortality(nth, instant));
  });
});
