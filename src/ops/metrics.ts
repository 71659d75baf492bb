import { Gauge, Registry } from 'prom-client';
import type { Ledger } from '../tasks/ledger.js';
import type { Queue } from '../tasks/queue.js';

/** What can be counted at the moment it is asked for. */
export interface Measured {
  readonly ledger: Pick<Ledger, 'unfinished'>;
  readonly queue: Pick<Queue, 'slots' | 'waiting'>;
}

export interface Metrics {
  /** Prometheus' text format, and its content type. */
  read(): Promise<{ readonly type: string; readonly text: string }>;
}

/** Easel's numbers for Prometheus; README says what each means. */
export function createMetrics({ ledger, queue }: Measured): Metrics {
  const registry = new Registry();
  new Gauge({
    name: 'easel_tasks',
    help: 'Unfinished tasks, by kind and state',
    labelNames: ['kind', 'state'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { request, state } of ledger.unfinished())
        this.inc({ kind: request.kind, state: state.name });
    },
  });
  new Gauge({
    name: 'easel_queue_length',
    help: 'Tasks that wait for a slot at MPS, by kind',
    labelNames: ['kind'],
    registers: [registry],
    collect() {
      for (const kind of ['image', 'video'] as const) this.set({ kind }, queue.waiting(kind));
    },
  });
  return {
    read: async () => ({ type: registry.contentType, text: await registry.metrics() }),
  };
}
