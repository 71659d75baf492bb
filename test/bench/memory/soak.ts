// Takes tasks through their lives in a hundred simulated days, with old ones removed as Easel removes them:
// `soak.js COUNT`. Prints its memory after every ten days, in bytes: [[heap, resident], …].
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { silentLog } from '../../../src/log.js';
import { createAccounts } from '../../../src/quota/account.js';
import { createStore } from '../../../src/store/store.js';
import { createBudget } from '../../../src/tasks/accounting/budget.js';
import { createLedger } from '../../../src/tasks/ledger/ledger.js';
import { createRecent } from '../../../src/tasks/ledger/recent-results.js';
import type { Task, TaskEvent } from '../../../src/tasks/model/task.js';
import { createDurations } from '../../../src/tasks/polling/duration-model.js';
import { day } from '../../../src/util/time.js';
import { anImageRequest, anOrigin, aTask, aTaskId, states } from '../../support/tasks.js';

const count = Number(process.argv[2] ?? 100_000);
/** Tasks a simulated day, and how many of them run at the same time. */
const aDay = count / 100;
const atOnce = Math.min(100, aDay);
/** Days for which records are kept. */
const keptDays = 3;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
let now = Date.UTC(2026, 0, 1);
const clock = () => now;
const store = await createStore('sqlite::memory:', { log: silentLog });
const accounts = createAccounts({ table: store.table('accounts') });
await accounts.load();
const settings = { get: async () => ({}) } as unknown as Parameters<typeof createBudget>[0]['settings'];
const ceiling = { guild: {}, member: { 'image.day': 1_000_000 } };
const budget = createBudget({ accounts, settings, ceiling, timeZone: 'UTC', now: clock });
const recent = createRecent();
const durations = createDurations({ table: store.table('durations'), log: silentLog });
const ledger = createLedger({
  table: store.table('tasks'),
  log: silentLog,
  now: clock,
  note(task: Task) {
    budget.note(task);
    recent.note(task);
  },
});
await ledger.load();

/** From `received` to `delivered`. */
async function live(n: number): Promise<void> {
  const id = aTaskId();
  const [eventId = ''] = id.split(':');
  const request = anImageRequest({ prompt: `a red fox in deep snow, number ${n}` });
  const origin = anOrigin({ eventId, userId: String(100_000_000_000_000_000n + BigInt(n % 500)) });
  const history = [{ state: 'received' as const, at: now }];
  await ledger.add(aTask({ id, request, origin, state: states.received, history }));
  const events: readonly TaskEvent[] = [
    { type: 'queued' },
    { type: 'submitting' },
    { type: 'created', mpsTaskId: `4-AigcImage-${n}`, createdAt: now },
    { type: 'finished', urls: ['https://example.com/1.png'], linksExpireAt: now + day / 2 },
    { type: 'fetched', made: { billed: 1 }, files: [] },
    { type: 'handing', route: 'answer' },
    { type: 'handed', posted: { channelId: '1', messageId: '2' } },
  ];
  for (const event of events) await ledger.record(id, event);
  const took = 60_000 + (n % 100) * 1_000;
  durations.note(request, { after: took - 1_000, by: took, ended: true });
}

const told: [number, number][] = [];
for (let n = 0; n < count; n += atOnce) {
  await Promise.all(Array.from({ length: atOnce }, (_, at) => live(n + at)));
  now += (day * atOnce) / aDay;
  if ((n + atOnce) % aDay === 0) {
    await ledger.prune(now - keptDays * day);
    budget.prune();
    recent.prune(now - keptDays * day);
  }
  if ((n + atOnce) % (count / 10) === 0) {
    collect();
    const { heapUsed, rss } = process.memoryUsage();
    told.push([heapUsed, rss]);
  }
}
process.stdout.write(`${JSON.stringify(told)}\n`);
process.exit();
