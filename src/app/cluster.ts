import { holds } from '../cluster/shard-ranges.js';
import { createLease } from '../cluster/store-lease.js';
import { createLimits } from '../mps/limits/rate-limits.js';
import { leaseTable } from '../store/fencing.js';
import type { Origin, Task } from '../tasks/model/task.js';
import { homeOf } from '../tasks/model/task-record.js';
import { type ClusterDeps, type ClusterParts, giveUp } from './cluster-parts.js';
import { StoreTakenError } from './fatal-errors.js';

/** A process among others, or alone. */
export interface Cluster extends ClusterParts {
  /** Whether a task is this process's to run. */
  owns(task: Pick<Task, 'origin'>): boolean;
  /** The origin of a task that was ordered here, with what tells the next owner of these shards whose it is. */
  place(origin: Origin): Origin;
  /** Whether it does what one process does for all of them. */
  readonly isFirst: boolean;
  /** Its part of what all processes may do together, of 1. */
  readonly share: number;
}

export async function createCluster(deps: ClusterDeps): Promise<Cluster> {
  const { shards } = deps.config.discord;
  const share = shards === 'auto' ? 1 : shards.ids.length / shards.count;
  const parts = deps.store.canShare ? await shared(deps, share) : alone(deps);
  return {
    ...parts,
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

/** One process on one file. */
function alone({ store, log, now, leaseMs, onLost }: ClusterDeps): ClusterParts {
  const lose = giveUp(store, () => onLost(new StoreTakenError('Another process has taken over.')));
  const lease = createLease({
    ...{ table: store.table(leaseTable), log, now },
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

/** Redis's client is read only here: whoever keeps a file starts without it. */
async function shared(deps: ClusterDeps, share: number): Promise<ClusterParts> {
  const { together } = await import('./redis-cluster.js');
  return together(deps, share);
}
