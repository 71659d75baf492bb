import type { Config } from '../config.js';
import type { ShardState } from '../discord/shards.js';
import type { Log } from '../log.js';
import type { MpsClient } from '../mps/client.js';
import type { Limits } from '../mps/limits.js';
import { type Health, startHealth } from '../ops/health.js';
import { createMetrics } from '../ops/metrics.js';
import { toAll } from '../ops/observer.js';
import { createReach } from '../ops/reach.js';
import { createReadiness } from '../ops/readiness.js';
import { createRecent, readState } from '../ops/state.js';
import { watchLedger, watchLimits } from '../ops/watch.js';
import type { Store } from '../store.js';
import type { Budget } from '../tasks/budget.js';
import type { Ledger } from '../tasks/ledger.js';
import type { Queue } from '../tasks/queue.js';

interface Deps {
  readonly config: Config;
  readonly ledger: Ledger;
  readonly limits: Limits;
  /** Is built upon the limits. */
  readonly mps: () => MpsClient;
  readonly log: Log;
  readonly now: () => number;
}

/** What is known only once the rest is built. */
interface Parts {
  readonly queue: Queue;
  readonly budget: Budget;
  readonly store: Store;
  readonly shards: () => readonly ShardState[];
}

/** How Easel is looked at from outside: health, metrics, and the parts of it that are being watched. */
export function createOps({ config, log, now, ...deps }: Deps) {
  const recent = createRecent();
  const reach = createReach({ mps: deps.mps, now });
  const observer = toAll([reach, ...(config.playground ? [recent] : [])]);
  const ledger = watchLedger(deps.ledger, observer);
  const { limits, use: limiterUse } = watchLimits(deps.limits, observer, now);
  let health: Health | undefined;
  return {
    ledger,
    limits,
    /** @throws where HEALTH_PORT cannot be had. */
    async start(parts: Parts): Promise<void> {
      if (!config.health) return;
      const state = () => readState({ ...parts, ledger, limiterUse, recent: recent.list, now });
      health = await startHealth({
        ...config.health,
        readiness: createReadiness({ ...parts, reach }),
        metrics: createMetrics({ ...parts, ledger }).read,
        ...(config.playground && { state }),
        log,
      });
    },
    url: () => health?.url,
    async stop(): Promise<void> {
      await health?.close();
    },
  };
}
