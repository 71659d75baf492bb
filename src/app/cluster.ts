import { holds } from '../cluster/shard-ranges.js';
import { createLease } from '../cluster/store-lease.js';
import { createLimits } from '../mps/limits/rate-limits.js';
import { leaseTable } from '../store/fencing.js';
import type { Origin, Task } from '../tasks/model/task.js';
import { homeOf } from '../tasks/model/task-record.js';
import { type ClusterDeps, type ClusterParts, giveUp } from './cluster-parts.js';
import { StoreTakenError } from './fatal-errors.js';

/** One process of a cluster, or a single process. */
export interface Cluster extends ClusterParts {
  /** True if this process should run the task. */
  owns(task: Pick<Task, 'origin'>): boolean;
  /** True if this process has the guild's shard, or, without a guild, the first one. */
  serves(guildId: string | undefined): boolean;
  /** The origin of a task ordered here, marked so that the next owner of these shards recognises it. */
  place(origin: Origin): Origin;
  /** True for the process that does the work needed only once per cluster. */
  readonly isFirst: boolean;
  /** Its share of the cluster-wide limits, up to 1. */
  readonly share: number;
}

export async function createCluster(deps: ClusterDeps): Promise<Cluster> {
  const { shards } = deps.config.discord;
  const share = shards === 'auto' ? 1 : shards.ids.length / shards.count;
  const parts = deps.store.canShare ? await shared(deps, share) : alone(deps);
  return {
    ...parts,
    serves: (guildId) => holds(shards, guildId),
    owns: ({ origin }) => holds(shards, homeOf(origin)),
    place(origin) {
      const { guildId, guildInstalled } = origin;
      const viaGuild = !guildInstalled && guildId && !holds(shards, undefined) && holds(shards, guildId);
      return viaGuild ? { ...origin, viaGuild: true } : origin;
    },
    isFirst: holds(shards, undefined),
    share,
  };
}

/** A single process on an SQLite file. */
function alone({ store, log, now, leaseMs, onLost }: ClusterDeps): ClusterParts {
  const lose = giveUp(store, () => onLost(new StoreTakenError('Another process has taken over.')));
  const lease = createLease({
    table: store.table(leaseTable),
    log,
    now,
    ...(leaseMs !== undefined && { lifeMs: leaseMs }),
    onTaken: (number) => store.fence(number, lose),
    onLost: lose,
  });
  let held = false;
  return {
    limits: createLimits(),
    waits: false,
    confirm: lease.confirm,
    async admit(signal) {
      if (held) return;
      held = await lease.take(signal);
      if (!held) throw new StoreTakenError('Another process uses this store.');
    },
    async close() {
      if (held) await lease.release();
    },
  };
}

/** Loaded on demand: a process on a file starts without the Redis client. */
async function shared(deps: ClusterDeps, share: number): Promise<ClusterParts> {
  const { together } = await import('./redis-cluster.js');
  return together(deps, share);
}
