import type { Config } from '../config.js';
import type { ShardState } from '../discord/shards.js';
import type { Log } from '../log.js';
import type { MpsClient } from '../mps/client.js';
import type { Action } from '../mps/wire.js';
import { type Health, startHealth } from '../ops/health.js';
import { createMetrics } from '../ops/metrics.js';
import { toAll } from '../ops/observer.js';
import { createReach } from '../ops/reach.js';
import { createReadiness } from '../ops/readiness.js';
import { createRecent, readState } from '../ops/state.js';
import type { LimiterUse } from '../ops/watch.js';
import type { Store } from '../store.js';
import type { Budget } from '../tasks/budget.js';
import type { Ledger } from '../tasks/ledger.js';
import type { Queue } from '../tasks/queue.js';

interface Deps {
  readonly config: Config;
  readonly log: Log;
  readonly now: () => number;
}

/** What there is to look at, once it is built. */
interface Parts {
  readonly ledger: Ledger;
  readonly queue: Queue;
  readonly budget: Budget;
  readonly store: Store;
  readonly mps: MpsClient;
  readonly limiterUse: () => Readonly<Record<Action, LimiterUse>>;
  readonly shards: () => readonly ShardState[];
}

/** How Easel is looked at from outside. Its parts tell `observer` what happens. */
export function createOps({ config, log, now }: Deps) {
  const recent = createRecent();
  const reach = createReach(now);
  const metrics = createMetrics();
  let health: Health | undefined;
  return {
    observer: toAll([reach, metrics.observer, ...(config.playground ? [recent] : [])]),
    /** @throws HealthError where HEALTH_PORT cannot be had. */
    async start(parts: Parts): Promise<void> {
      if (!config.health) return;
      metrics.measure({ ...parts, now });
      health = await startHealth({
        ...config.health,
        readiness: createReadiness({ ...parts, reach }),
        metrics: metrics.read,
        ...(config.playground && { state: () => readState({ ...parts, recent: recent.list, now }) }),
        log,
      });
    },
    url: () => health?.url,
    async stop(): Promise<void> {
      await health?.close();
    },
  };
}
