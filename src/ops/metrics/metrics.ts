import { Registry } from 'prom-client';
import { createCounters } from './counters.js';
import { addGauges, type Measured } from './gauges.js';

/** Easel's metrics for Prometheus, in a registry of their own; docs/operations.md#health-and-metrics explains each. */
export interface Metrics {
  /** Counts what happens. */
  readonly observer: ReturnType<typeof createCounters>;
  /** Adds gauges measured on scrape. */
  measure(parts: Measured): void;
  /** Prometheus' text format, and its content type. */
  read(): Promise<{ readonly type: string; readonly text: string }>;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  return {
    observer: createCounters(registry),
    measure: (parts) => addGauges(registry, parts),
    read: async () => ({ type: registry.contentType, text: await registry.metrics() }),
  };
}
