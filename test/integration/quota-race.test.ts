import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.js';
import { createSettings } from '../../src/guilds/settings.js';
import { silentLog } from '../../src/log.js';
import { createCatalogue } from '../../src/mps/catalogue/catalogue.js';
import { createAccounts } from '../../src/quota/account.js';
import { createStore, type Store } from '../../src/store/store.js';
import { createBudget, QuotaError } from '../../src/tasks/accounting/budget.js';
import { createLedger } from '../../src/tasks/ledger/ledger.js';
import { createAdmission } from '../../src/tasks/lifecycle/admission.js';
import type { Task, TaskEvent } from '../../src/tasks/model/task.js';
import { quickFolder } from '../support/quick-folder.js';
import { anImageRequest, anOrigin, noon } from '../support/tasks.js';

const limit = 137;
const guilds = ['1100000000000000011', '1100000000000000012', '1100000000000000013'];
const posted = { channelId: '1100000000000000003', messageId: '1146000000000000099' };
const finished = { urls: ['https://results.example.com/1.png'], linksExpireAt: noon + 1 };

let folder: string;
let life: Life;
/** Discord's ids, which no two events share. */
let serial = 0;
beforeEach(async () => {
  folder = await quickFolder('easel-race-');
  life = await begin();
});
afterEach(async () => {
  await life.end();
  await rm(folder, { recursive: true });
});

type Life = Awaited<ReturnType<typeof begin>>;

/** Everything between a request and its reservation, on a file that outlives it. */
async function begin() {
  const store: Store = await createStore(`sqlite://${join(folder, 'easel.sqlite')}`, { log: silentLog });
  const now = () => noon;
  const accounts = createAccounts({ table: store.table('accounts') });
  const settings = createSettings({ table: store.table('settings'), log: silentLog, now });
  const ceiling = { guild: { 'image.day': limit }, member: {} };
  const budget = createBudget({ accounts, settings, ceiling, timeZone: 'UTC', now });
  const ledger = createLedger({
    table: store.table('tasks'),
    log: silentLog,
    now,
    note: budget.note,
    retryMs: 1,
  });
  const enabled = { image: true, video: true };
  const catalogue = createCatalogue();
  const admission = createAdmission({ ledger, budget, catalogue, enabled, log: silentLog, now });
  await accounts.load();
  await ledger.load();

  return {
    ledger,
    /** One request, up to its reservation; undefined if the limit refuses it. */
    async ask(index: number): Promise<Task | undefined> {
      const eventId = String(1_146_000_000_000_000_000n + BigInt(++serial));
      const userId = String(1_100_000_000_000_001_000n + BigInt(index % 50));
      const origin = anOrigin({ eventId, userId, guildId: guilds[index % 3] ?? '' });
      try {
        const task = await admission.admit(anImageRequest(), origin);
        if (!task) throw new Error('each event is asked once');
        return await budget.reserve(task, () => ledger.record(task.id, { type: 'queued' }));
      } catch (error) {
        if (error instanceof UserError || error instanceof QuotaError) return undefined;
        throw error;
      }
    },
    /** A guild's usage and reservations, and the remaining quota. */
    async counts(guildId: string) {
      const all = await budget.standings(anOrigin({ guildId }));
      const one = all.find((each) => each.limit.scope === 'guild' && each.limit.measure === 'image.day');
      return { reserved: one?.reserved, spent: one?.spent, left: one?.left };
    },
    async end(): Promise<void> {
      ledger.close();
      await store.close();
    },
  };
}

/** The process dies and another opens its file. Requests in flight at that instant get no answer. */
async function restart(): Promise<void> {
  await life.end();
  life = await begin();
}

async function pass({ id }: Task, ...events: readonly TaskEvent[]): Promise<void> {
  for (const event of events) await life.ledger.record(id, event);
}

const succeed: readonly TaskEvent[] = [
  { type: 'submitting' },
  { type: 'created', mpsTaskId: 'mps', createdAt: noon },
  { type: 'finished', ...finished },
  { type: 'fetched', made: { billed: 1 } },
  { type: 'handed', posted },
];

/** The tasks in the ledger that hold quota, by guild. */
async function held(): Promise<number[]> {
  const tasks = await life.ledger.list((task) => task.history.some(({ state }) => state === 'queued'));
  return guilds.map((guild) => tasks.filter(({ account }) => account.guildId === guild).length);
}

describe('500 requests at once, from 50 members of three guilds', () => {
  const all = Array.from({ length: 500 }, (_, index) => index);

  it('are granted exactly as often as the limit allows, and no more after a restart', async () => {
    const granted = (await Promise.all(all.map(life.ask))).filter((task) => task !== undefined);
    expect(granted).toHaveLength(3 * limit);
    await restart();
    expect(await held()).toEqual([limit, limit, limit]);
    expect((await Promise.all(all.slice(0, 90).map(life.ask))).filter(Boolean)).toEqual([]);
    for (const guild of guilds)
      expect(await life.counts(guild)).toEqual({ reserved: limit, spent: 0, left: 0 });
  });

  it('are never granted more often, whenever the process dies in between', async () => {
    for (const part of [all.slice(0, 150), all.slice(150, 300), all.slice(300)]) {
      const asked = part.map((index) => life.ask(index).catch(() => undefined));
      // Dies while most of them wait for their turn: some were persisted without anyone hearing of it.
      await Promise.race(asked.slice(40));
      await restart();
      await Promise.all(asked);
      for (const count of await held()) expect(count).toBeLessThanOrEqual(limit);
    }
    await Promise.all(all.map(life.ask));
    expect(await held()).toEqual([limit, limit, limit]);
  });

  it('refund exactly what failed, was refused or cancelled', async () => {
    const granted = (await Promise.all(all.map(life.ask))).filter((task) => task !== undefined);
    const inFirst = granted.filter(({ account }) => account.guildId === guilds[0]);
    const [done, broken, called] = [inFirst.slice(0, 10), inFirst.slice(10, 17), inFirst.slice(17, 21)];
    for (const task of done) await pass(task, ...succeed);
    for (const task of broken) await pass(task, { type: 'failed', failure: { reason: 'unsuccessful' } });
    for (const task of called) await pass(task, { type: 'cancelled' });
    const [first = '', second = ''] = guilds;
    const expected = { reserved: limit - 21, spent: 10, left: 11 };
    expect(await life.counts(first)).toEqual(expected);
    expect(await life.counts(second)).toEqual({ reserved: limit, spent: 0, left: 0 });
    await restart();
    expect(await life.counts(first)).toEqual(expected);
    const again = await Promise.all(Array.from({ length: 40 }, (_, index) => life.ask(index * 3)));
    expect(again.filter(Boolean)).toHaveLength(11);
    expect(await life.counts(first)).toEqual({ reserved: limit - 10, spent: 10, left: 0 });
  });
});
