import { connectRedis, settled } from '../../src/cluster/redis-connection.js';
import { createUserUsageIndex, type UserUsageIndex } from '../../src/cluster/user-usage-index.js';
import { UserError } from '../../src/errors.js';
import { createSettings } from '../../src/guilds/settings.js';
import { silentLog } from '../../src/log.js';
import { createCatalogue } from '../../src/mps/catalogue/catalogue.js';
import type { GenerationRequest } from '../../src/mps/generation-request.js';
import { createAccounts } from '../../src/quota/account.js';
import type { Limits, Measure } from '../../src/quota/measures.js';
import { createStore } from '../../src/store/store.js';
import { createBudget, QuotaError } from '../../src/tasks/accounting/budget.js';
import { createReservation } from '../../src/tasks/accounting/order-reservation.js';
import { createUserUsage } from '../../src/tasks/accounting/user-usage.js';
import { createLedger, type Ledger } from '../../src/tasks/ledger/ledger.js';
import { createAdmission } from '../../src/tasks/lifecycle/admission.js';
import type { Task, TaskEvent, TaskId } from '../../src/tasks/model/task.js';
import type { RedisServer } from '../support/redis.js';
import { anImageRequest, anOrigin, noon } from '../support/tasks.js';

/** Everything of a process between a request and its reservation, for one user outside guilds. */
export interface Process {
  readonly ledger: Ledger;
  readonly people: UserUsageIndex;
  /** One request, persisted; undefined if the limit refuses it. */
  admit(request?: GenerationRequest): Promise<Task | undefined>;
  /** Its reservation, as the runner makes it; undefined if the limit refuses it, and then it has failed. */
  reserve(id: TaskId): Promise<Task | undefined>;
  /** Both. */
  ask(request?: GenerationRequest): Promise<Task | undefined>;
  pass(task: Pick<Task, 'id'>, ...events: readonly TaskEvent[]): Promise<void>;
  /** The user's usage of a measure, as `/quota` shows it. */
  used(measure?: Measure): Promise<{ readonly reserved?: number; readonly spent?: number }>;
  end(): Promise<void>;
}

export interface ProcessOptions {
  readonly wrap?: (people: UserUsageIndex) => UserUsageIndex;
  /** The address of its Redis. */
  readonly url?: string;
}

interface Plan extends ProcessOptions {
  readonly redis: RedisServer;
  /** 0 has direct messages, 1 a guild that users bring Easel to. */
  readonly number: 0 | 1;
  /** Of each user. */
  readonly limits: Limits;
}

const guildId = '1100000000000000011';
const now = () => noon;
/** Discord's ids, which no two events share. */
let serial = 0;

export async function beginProcess(plan: Plan): Promise<Process> {
  const { redis, number, limits, wrap = (people) => people, url = redis.url() } = plan;
  const lease = String(number + 1);
  const store = await createStore(url, { log: silentLog });
  const connection = connectRedis(url);
  await settled(connection);
  await connection.hset('easel:leases', lease, '{}');
  store.fence(lease);
  const people = wrap(createUserUsageIndex({ redis: connection, lease: () => lease, table: 'tasks' }));
  const purse = createUserUsage({ people, now });
  const accounts = createAccounts({ table: store.table('accounts') });
  const settings = createSettings({ table: store.table('settings'), log: silentLog, now });
  const ceiling = { guild: {}, member: limits };
  const budget = createBudget({ accounts, settings, ceiling, timeZone: 'UTC', purse, now });
  const ledger = createLedger({
    table: store.table('tasks'),
    log: silentLog,
    now,
    retryMs: 1,
    note: budget.note,
    index: purse.index,
    owns: ({ origin }) => (origin.viaGuild ? number === 1 : number === 0),
  });
  const common = { ledger, budget, log: silentLog, now };
  const enabled = { image: true, video: true };
  const admission = createAdmission({ ...common, catalogue: createCatalogue(), enabled });
  const stopping = new AbortController();
  const reserve = createReservation({ ...common, signal: stopping.signal, retryMs: 1 });
  await accounts.load();
  await ledger.load();

  const life: Process = {
    ledger,
    people,
    async admit(request = anImageRequest()) {
      const eventId = String(1_146_000_000_000_000_000n + BigInt(++serial));
      return admission.admit(request, originOf(eventId, number)).catch(noIfRefused);
    },
    async reserve(id) {
      const task = ledger.get(id);
      if (!task) throw new Error('it was not written down');
      try {
        await reserve(task);
        return ledger.get(id);
      } catch (error) {
        if (!(error instanceof QuotaError)) throw error;
        await ledger.record(id, { type: 'failed', failure: { reason: 'quota.member.image.day' } });
        return undefined;
      }
    },
    async ask(request) {
      const task = await life.admit(request);
      return task && life.reserve(task.id);
    },
    async pass({ id }, ...events) {
      for (const event of events) await ledger.record(id, event);
    },
    async used(measure = 'image.day') {
      const all = await budget.standings(originOf('0', number));
      const one = all.find(({ limit }) => limit.measure === measure);
      return one ? { reserved: one.reserved, spent: one.spent } : {};
    },
    async end() {
      stopping.abort();
      await ledger.close();
      connection.disconnect();
      await store.close();
    },
  };
  return life;
}

/** The same user, in a direct message or in a guild without the bot. */
function originOf(eventId: string, number: 0 | 1) {
  const { guildId: _, ...origin } = anOrigin({ eventId, guildInstalled: false });
  return number === 0 ? origin : { ...origin, guildId, viaGuild: true as const };
}

/** A limit's no, as undefined. */
function noIfRefused(error: unknown): undefined {
  const isLimit = error instanceof UserError && error.sentences[0]?.key.startsWith('failure.quota.');
  if (!isLimit) throw error;
  return undefined;
}
