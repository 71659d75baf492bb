import type { Config } from '../config/config.js';
import type { ShardState } from '../discord/gateway/shard-status.js';
import type { ServiceStatus } from '../discord/services/bot.js';
import type { OperatorChannel } from '../discord/services/operator-channel.js';
import type { Log } from '../log.js';
import type { MpsClient } from '../mps/api/client.js';
import type { Action } from '../mps/wire.js';
import { createEventLog } from '../ops/event-log.js';
import { createEndedTasks } from '../ops/health/ended-tasks.js';
import { type Health, startHealth } from '../ops/health/health-server.js';
import { readState } from '../ops/health/live-state.js';
import { createMpsProbe } from '../ops/health/mps-probe.js';
import { createReadiness } from '../ops/health/readiness.js';
import { createServiceStatus, type StatusParts } from '../ops/health/service-status.js';
import type { LimiterUse } from '../ops/instrumentation.js';
import { createLogContext } from '../ops/log-context.js';
import { createMetrics } from '../ops/metrics/metrics.js';
import { toAll } from '../ops/observer.js';
import { createNotices } from '../ops/operator-alerts.js';
import type { Store } from '../store/store.js';
import type { Budget } from '../tasks/accounting/budget.js';
import type { Ledger } from '../tasks/ledger/ledger.js';
import type { Queue } from '../tasks/queue/slot-queue.js';

interface Deps {
  readonly config: Config;
  readonly log: Log;
  readonly now: () => number;
}

/** What can be observed once it is built. */
interface Parts {
  readonly ledger: Ledger;
  readonly queue: Queue;
  readonly budget: Budget;
  readonly store: Store;
  readonly mps: MpsClient;
  readonly limiterUse: () => Readonly<Record<Action, LimiterUse>>;
  readonly shards: () => readonly ShardState[];
  /** The operator's channel, if any. */
  readonly operatorChannel?: OperatorChannel;
}

/** Logs, metrics, health and alerts. The other parts report to `observer`. */
export function createOps({ config, now, ...deps }: Deps) {
  const recent = createEndedTasks();
  const reach = createMpsProbe(now);
  const metrics = createMetrics();
  const serviceStatus = createServiceStatus(reach, now);
  const whereabouts = createLogContext({ shardCount });
  const log = whereabouts.locate(deps.log);
  const journal = createEventLog({ log, now, logPrompts: config.logPrompts });
  const notices = createNotices({ log, now });
  let shards: Parts['shards'] = () => [];
  let health: Health | undefined;

  function shardCount(): number {
    const chosen = config.discord.shards;
    return chosen === 'auto' ? shards().length : chosen.count;
  }

  return {
    observer: toAll(
      [
        ...[whereabouts, journal, reach, metrics.observer, notices, serviceStatus],
        ...(config.playground ? [recent] : []),
      ],
      deps.log,
    ),
    /** Every log line about a task names its guild and shard. */
    log,
    /** @throws HealthError if HEALTH_PORT can't be bound. */
    async start(parts: Parts): Promise<void> {
      shards = parts.shards;
      const { operatorChannel, store } = parts;
      if (operatorChannel) notices.start({ ...parts, operatorChannel, given: store.table('notices') });
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
    /** For members; works without HEALTH_PORT. */
    status: (parts: StatusParts): Promise<ServiceStatus> => serviceStatus.read(parts),
    url: () => health?.url,
    async stop(): Promise<void> {
      await notices.stop();
      await health?.close();
    },
  };
}
