import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type ChatInputCommandInteraction, InteractionContextType } from 'discord.js';
import { history } from '../../commands/quota/history.js';
import {
  createQuotaService,
  type History,
  type QuotaService,
} from '../../src/discord/services/quota-service.js';
import { createSettings } from '../../src/guilds/settings.js';
import { silentLog } from '../../src/log.js';
import { createCatalogue } from '../../src/mps/catalogue/catalogue.js';
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

/** How long commands that read the ledger block the event loop. */
export const reading: readonly Measurement[] = [{ name: 'reading the ledger', run }];

const records = 100_000;
const rounds = 20;
/** Each takes half a second. */
const historyRounds = 5;
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
    collectGarbage();
    const origin = anOrigin();
    const owner = { userId: origin.userId };
    const page = (number: number) => () => ledger.page(owner, { page: number, perPage: 10 });
    const figures = [
      await measure('/tasks, the first page', page(0)),
      await measure('/tasks, the last page', page(records)),
      await measure('/gallery', async () => recent.results(origin, now - 86_400_000)),
      await measure('/quota show', () => budget.standings(origin)),
      ...(await measureHistory(
        createQuotaService({ settings, budget, ledger, ceiling, timeZone: 'UTC', now: () => now }),
      )),
    ];
    ledger.close();
    await store.close();
    return { figures };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What writing and reading 100,000 records left, 600 MB, is no part of what a command costs. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

/**
 * `/quota history` of a guild with all of these records. It takes longer, but in slices: what counts is the longest of
 * them. Other programs on the machine lengthen it; CPU is what Easel's own thread takes of that.
 */
async function measureHistory(quota: QuotaService): Promise<Figure[]> {
  const { guildId, userId } = anOrigin();
  const interaction = {
    guildId,
    user: { id: userId },
    attachmentSizeLimit: 10_000_000,
    context: InteractionContextType.Guild,
    authorizingIntegrationOwners: { 0: guildId },
  } as unknown as ChatInputCommandInteraction;
  let slices = 0;
  const bot = {
    config: { operators: [userId] },
    catalogue: createCatalogue(),
    quota: { history: async (id: string) => sliced(await quota.history(id), () => (slices += 1)) },
    guilds: { locale: async () => 'en-US' },
    deferred: { whisper: (_: unknown, make: () => Promise<unknown>) => make() },
  } as unknown as Parameters<typeof history>[1];
  let longest = 0;
  let busiest: number | undefined;
  const before = process.cpuUsage();
  for (let n = 0; n < historyRounds; n++) {
    const delays = monitorEventLoopDelay({ resolution: 1 });
    delays.enable();
    const busiestTurn = watchTurns();
    await history(interaction, bot);
    const busy = busiestTurn();
    if (busy !== undefined) busiest = Math.max(busiest ?? 0, busy);
    // A block that ends just now is noticed in the next turn.
    await new Promise((resolve) => setTimeout(resolve, 5));
    delays.disable();
    longest = Math.max(longest, delays.max / 1e6);
  }
  const { user, system } = process.cpuUsage(before);
  const row = `/quota history at ${records.toLocaleString('en-US')} records of one server`;
  return [
    { row: `${row}: event loop, longest slice`, measured: longest, unit: 'ms', target },
    { row: `${row}: CPU of the longest slice`, measured: busiest, unit: 'ms', target },
    {
      row: `${row}: CPU of a slice`,
      measured: (user + system) / 1_000 / slices,
      unit: 'ms',
      target: { atMost: 5 },
    },
  ];
}

/**
 * Measures each turn of the event loop from now on.
 *
 * @returns ends that, and says how much CPU this thread took in the busiest one, ms; undefined if the system has no /proc.
 */
function watchTurns(): () => number | undefined {
  let busiest: number | undefined;
  let before = threadCpuMs();
  const look = () => {
    const now = threadCpuMs();
    if (now !== undefined && before !== undefined) busiest = Math.max(busiest ?? 0, now - before);
    before = now;
    next = setImmediate(look);
  };
  let next = setImmediate(look);
  return () => {
    clearImmediate(next);
    look();
    clearImmediate(next);
    return busiest;
  };
}

/** Linux: time on a CPU, ns, is the first number (Documentation/scheduler/sched-stats). */
function threadCpuMs(): number | undefined {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[0]) / 1e6;
  } catch {
    return undefined;
  }
}

/** @param note called for each slice. */
function sliced(history: History, note: () => void): History {
  async function* uses() {
    for await (const some of history.uses) {
      note();
      yield some;
    }
  }
  return { ...history, uses: uses() };
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
