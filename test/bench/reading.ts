import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createSettings } from '../../src/guilds/settings.js';
import { silentLog } from '../../src/log.js';
import { createAccounts } from '../../src/quota/account.js';
import { createStore } from '../../src/store/store.js';
import { createBudget } from '../../src/tasks/accounting/budget.js';
import { createLedger } from '../../src/tasks/ledger/ledger.js';
import { createRecent } from '../../src/tasks/ledger/recent-results.js';
import type { Task } from '../../src/tasks/model/task.js';
import { fillLedger } from '../support/full-ledger.js';
import { anOrigin } from '../support/tasks.js';
import type { Figure, Report } from './figures.js';
import type { Measurement } from './measurement.js';

/** What commands that read the ledger take of the event loop, in which nobody else is answered. */
export const reading: readonly Measurement[] = [{ name: 'reading the ledger', run }];

const records = 100_000;
const rounds = 20;
const target = { atMost: 20 } as const;

/** All of them one user's: the most that one command can have to do with. */
async function run(): Promise<Report> {
  const folder = await mkdtemp(join(tmpdir(), 'easel-bench-'));
  try {
    const url = `sqlite://${join(folder, 'easel.sqlite')}`;
    const now = Date.now();
    await fillLedger(url, { over: records - 100, images: 50, videos: 50, queued: 0 }, now);
    const store = await createStore(url, { log: silentLog });
    const accounts = createAccounts({ table: store.table('accounts') });
    const settings = createSettings({ table: store.table('settings'), log: silentLog, now: () => now });
    const ceiling = {
      guild: {},
      member: { 'image.month': 1_000_000 },
      user: { 'image.month': 1_000_000 },
      total: {},
    };
    const budget = createBudget({ accounts, settings, ceiling, timeZone: 'UTC', now: () => now });
    const recent = createRecent();
    const note = (task: Task) => {
      budget.note(task);
      recent.note(task);
    };
    const ledger = createLedger({ table: store.table('tasks'), log: silentLog, now: () => now, note });
    await accounts.load();
    await ledger.load();
    const origin = anOrigin();
    const owner = { userId: origin.userId };
    const page = (number: number) => () => ledger.page(owner, { page: number, perPage: 10 });
    const figures = [
      await measure('/tasks, the first page', page(0)),
      await measure('/tasks, the last page', page(records)),
      await measure('/gallery', async () => recent.results(origin, now - 86_400_000)),
      await measure('/quota show', () => budget.standings(origin)),
    ];
    ledger.close();
    await store.close();
    return { figures };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The longest of several: time in which the event loop did something. */
async function measure(command: string, work: () => Promise<unknown>): Promise<Figure> {
  let longest = 0;
  await work();
  for (let n = 0; n < rounds; n++) {
    const began = performance.eventLoopUtilization();
    await work();
    longest = Math.max(longest, performance.eventLoopUtilization(began).active);
  }
  const row = `${command} at ${records.toLocaleString('en-US')} records of one user: event loop, longest`;
  return { row, measured: longest, unit: 'ms', target };
}
