import { collectDefaultMetrics, Gauge, type Registry } from 'prom-client';
import type { ShardState } from '../../discord/gateway/shard-status.js';
import { mpsRates } from '../../mps/limits/rate-limits.js';
import type { Action } from '../../mps/wire.js';
import type { Store } from '../../store/store.js';
import type { Ledger } from '../../tasks/ledger/ledger.js';
import { expiryOfLinks } from '../../tasks/model/state-machine.js';
import type { Queue } from '../../tasks/queue/slot-queue.js';
import { hour } from '../../util/time.js';
import { holdsSlot } from '../health/live-state.js';
import type { LimiterUse } from '../instrumentation.js';

export interface Measured {
  readonly ledger: Pick<Ledger, 'unfinished' | 'unreadable'>;
  readonly queue: Pick<Queue, 'slots' | 'waiting'>;
  readonly store: Pick<Store, 'fault'>;
  readonly limiterUse: () => Readonly<Record<Action, LimiterUse>>;
  readonly shards: () => readonly ShardState[];
  readonly now: () => number;
}

const kinds = ['image', 'video'] as const;
/** Undelivered results whose links expire within this time are at risk, ms. */
export const riskMs = hour;

/** Everything measured when Prometheus scrapes, and prom-client's process metrics. */
export function addGauges(registry: Registry, parts: Measured): void {
  const { ledger, queue, store, limiterUse, shards, now } = parts;
  collectDefaultMetrics({ register: registry });

  type Set = (labels: Record<string, string | number>, value: number) => void;
  function gauge(name: string, help: string, labelNames: string[], read: (set: Set) => void): void {
    new Gauge({
      name,
      help,
      labelNames,
      registers: [registry],
      collect() {
        this.reset();
        read((labels, value) => this.inc(labels, value));
      },
    });
  }

  gauge('easel_tasks', 'Unfinished tasks', ['kind', 'state'], (add) => {
    for (const { request, state } of ledger.unfinished()) add({ kind: request.kind, state: state.name }, 1);
  });
  gauge('easel_queue_length', 'Tasks that wait for a slot at MPS', ['kind'], (set) => {
    for (const kind of kinds) set({ kind }, queue.waiting(kind));
  });
  gauge('easel_slots', 'Tasks that may be open at MPS at once', ['kind'], (set) => {
    for (const kind of kinds) set({ kind }, queue.slots[kind]);
  });
  gauge('easel_slots_busy', 'Tasks that are open at MPS', ['kind'], (add) => {
    for (const kind of kinds) add({ kind }, 0);
    for (const task of ledger.unfinished()) if (holdsSlot(task)) add({ kind: task.request.kind }, 1);
  });
  gauge('easel_mps_limiter_used', 'Requests that count against the present second', ['action'], (set) => {
    for (const [action, { used }] of Object.entries(limiterUse())) set({ action }, used);
  });
  gauge('easel_mps_limiter_waiting', 'Requests that wait for their turn', ['action'], (set) => {
    for (const [action, { waiting }] of Object.entries(limiterUse())) set({ action }, waiting);
  });
  gauge('easel_mps_limiter_rate', 'Requests a second that MPS grants', ['action'], (set) => {
    for (const [action, rate] of Object.entries(mpsRates)) set({ action }, rate);
  });
  gauge('easel_shard_connected', '1 while events come in on that shard of the gateway', ['shard'], (set) => {
    for (const { id, connected } of shards()) set({ shard: id }, Number(connected));
  });
  gauge('easel_store_works', '1 while the store takes writes', [], (set) =>
    set({}, Number(store.fault() === undefined)),
  );
  gauge('easel_unreadable_records', 'Records of tasks that could not be read at the start', [], (set) =>
    set({}, ledger.unreadable()),
  );
  gauge('easel_results_at_risk', 'Undelivered results whose links die within an hour', [], (set) =>
    set({}, ledger.unfinished().filter((task) => isAtRisk(task, now())).length),
  );
}

/**
 * True if a paid result may be lost. Not once its links have expired: it can no longer be saved, and one with local
 * files is kept for days.
 */
export function isAtRisk({ state }: ReturnType<Ledger['unfinished']>[number], now: number): boolean {
  if (!('urls' in state)) return false;
  // The moderators' message holds a copy.
  if ('asked' in state || 'copy' in state) return false;
  const left = expiryOfLinks(state) - now;
  return left > 0 && left < riskMs;
}
