import { setTimeout as sleep } from 'node:timers/promises';
import type { SharedTotals, Spend, Used, WideLimit } from '../../cluster/shared-totals.js';
import type { Log } from '../../log.js';
import { type Ask, meterNeed } from '../../quota/check.js';
import { type Limits, meters, type WideScope, wideScopes } from '../../quota/measures.js';
import { periodIn, type Zone } from '../../quota/time-zone.js';
import { longestMs, type UsageView } from '../../quota/usage.js';
import { StoreError } from '../../store/store.js';
import { restOf } from '../ledger/order-parts.js';
import type { TaskIndex } from '../ledger/task-index.js';
import { isAlive } from '../model/state-machine.js';
import type { Task, TaskId } from '../model/task.js';
import { receivedAt } from '../model/task-record.js';
import { toUsage } from './billing.js';

/** What is reserved and spent across all guilds and processes. */
export interface Totals {
  /**
   * Usage of a user and in total, excluding some tasks.
   * @throws StoreError
   */
  look(person: string, without: readonly TaskId[]): Promise<Pick<UsageView, 'tally'>>;
  /**
   * Counts tasks of one user as reserved if that stays within `limits`, atomically across processes. Idempotent.
   * @returns false if it doesn't fit; nothing is counted then.
   * @throws StoreError
   */
  claim(tasks: readonly Task[], asks: readonly Ask[], limits: WideLimits): Promise<boolean>;
  /** Records the current state of one of this process's tasks. */
  note(task: Task): void;
  /** Counts everything from the records at the start. */
  readonly index: TaskIndex;
  /** Writes pending changes as far as the store accepts them; the rest is counted at the next start. */
  close(): Promise<void>;
}

export interface WideLimits {
  readonly limits: Readonly<Record<WideScope, Limits>>;
  readonly zone: Zone;
  /** ms since the epoch. */
  readonly now: number;
}

interface Deps {
  readonly shared: SharedTotals;
  /** True if this process runs the task. */
  readonly owns: (task: Task) => boolean;
  readonly log: Log;
  readonly now: () => number;
  /** ms before a failed write is retried. */
  readonly retryMs?: number;
}

export function createTotals({ shared, owns, log, now, retryMs = 1_000 }: Deps): Totals {
  let isReady = false;
  const { put, close } = createPuts({ shared, log, retryMs });
  /** The last written state of unfinished tasks. */
  const last = new Map<string, string>();
  /** Claims that may have been counted, by their first task, until the records confirm them. */
  const claimed = new Map<string, readonly Task[]>();

  function requireReady(): void {
    if (!isReady) throw new StoreError('unopenable', 'totals', 'usage has not been loaded yet');
  }

  return {
    async look(person, without) {
      requireReady();
      return viewOf(await shared.look(person, without));
    },
    async claim(tasks, asks, wide) {
      requireReady();
      const [first] = tasks;
      if (first) claimed.set(first.id, tasks);
      return shared.claim(
        tasks.flatMap((task) => spendOf(task) ?? []),
        limitsOn(asks, wide),
      );
    },
    note(task) {
      const spend = isReady ? spendOf(task) : undefined;
      // It ended without using its claim, which may or may not have been counted.
      if (!spend && !isAlive(task.state)) claimed.get(task.id)?.map(nothingOf).forEach(put);
      if (spend || !isAlive(task.state)) claimed.delete(task.id);
      if (!spend) return;
      const text = JSON.stringify(spend);
      if (last.get(task.id) !== text) put(spend);
      if (isAlive(task.state)) last.set(task.id, text);
      else last.delete(task.id);
    },
    index: createTotalsIndex({ shared, owns, now, onReady: () => (isReady = true) }),
    close,
  };
}

function viewOf(used: Awaited<ReturnType<SharedTotals['look']>>): Pick<UsageView, 'tally'> {
  return {
    tally(holder, unit, { start, end }) {
      const sum = { reserved: 0, spent: 0 };
      for (const one of holder === 'total' ? used.total : used.user)
        if (one.unit === unit && isWithin(one, start, end)) sum[one.state] += one.amount;
      return sum;
    },
  };
}

/** Puts what tasks use into the shared totals; in memory while the store doesn't take it. */
function createPuts({ shared, log, retryMs }: Pick<Deps, 'shared' | 'log'> & { readonly retryMs: number }) {
  const closing = new AbortController();
  const pending = new Map<string, Spend>();
  let flushing: Promise<void> | undefined;

  async function flush(): Promise<void> {
    while (pending.size > 0) {
      const some = [...pending.values()];
      pending.clear();
      try {
        await shared.put(some, 'all');
      } catch (error) {
        // What came in the meantime is newer.
        for (const spend of some) if (!pending.has(spend.id)) pending.set(spend.id, spend);
        if (closing.signal.aborted) return;
        log.warn({ err: error, tasks: pending.size }, 'usage could not be added to the shared totals yet');
        await sleep(retryMs, undefined, { ref: false });
      }
    }
  }

  function put(spend: Spend): void {
    pending.set(spend.id, spend);
    flushing ??= Promise.resolve()
      .then(flush)
      .finally(() => (flushing = undefined));
  }

  async function close(): Promise<void> {
    closing.abort();
    await flushing;
  }

  return { put, close };
}

interface IndexDeps extends Pick<Deps, 'shared' | 'owns' | 'now'> {
  readonly onReady: () => void;
}

/** Counts everything at the start as the records say. */
function createTotalsIndex({ shared, owns, now, onReady }: IndexDeps): TaskIndex {
  /** As read at the start: of this process and of others. */
  const seen = { own: new Map<string, Spend>(), others: new Map<string, Spend>() };
  return {
    see(task) {
      // A claim from before a crash that wasn't persisted is made again.
      const isOwn = owns(task);
      const spend = spendOf(task);
      const ofWhom = seen[isOwn ? 'own' : 'others'];
      const add = (one: Spend) => one.at >= now() - longestMs && ofWhom.set(one.id, one);
      if (spend) add(spend);
      else if (isOwn)
        for (const one of [task, ...restOf(task, now())]) if (!ofWhom.has(one.id)) add(nothingOf(one));
    },
    async ready() {
      const own = await shared.differing([...seen.own.values()]);
      await shared.put(own, 'all');
      // Their own processes know better, unless they have never counted.
      await shared.put([...seen.others.values()], 'absent');
      seen.own.clear();
      seen.others.clear();
      onReady();
    },
    drop: () => shared.prune(now() - longestMs),
  };
}

function isWithin({ at }: Used, start: number, end: number): boolean {
  return start <= at && at < end;
}

/** What a task uses; undefined while it has reserved nothing. */
function spendOf(task: Task): Spend | undefined {
  const usage = toUsage(task);
  if (!usage) return undefined;
  const { unit, at, state, amount, cost = 0 } = usage;
  const used =
    state === 'refunded' ? { amount: 0, cost: 0, state: 'reserved' as const } : { amount, cost, state };
  return { id: task.id, person: task.account.person, at, unit, ...used };
}

function nothingOf(task: Task): Spend {
  const { id, account, cost } = task;
  return {
    id,
    person: account.person,
    at: receivedAt(task),
    unit: cost.unit,
    amount: 0,
    cost: 0,
    state: 'reserved',
  };
}

function limitsOn(asks: readonly Ask[], { limits, zone, now }: WideLimits): WideLimit[] {
  return wideScopes.flatMap((scope) =>
    meters.flatMap((meter): WideLimit[] => {
      const max = limits[scope][meter.measure];
      if (max === undefined || meter.measure === 'open') return [];
      const need = meterNeed(meter.unit, asks);
      const { start, end } = periodIn(meter.period, now, zone);
      return need > 0 ? [{ scope, unit: meter.unit, start, end, max, need }] : [];
    }),
  );
}
