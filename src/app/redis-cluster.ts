import { createIdentifyTurns } from '../cluster/identify-throttler.js';
import { createPeerRequests } from '../cluster/peer-requests.js';
import { connectRedis } from '../cluster/redis-connection.js';
import { createRangeLease } from '../cluster/shard-lease.js';
import { isWhole } from '../cluster/shard-ranges.js';
import { createSlots } from '../cluster/shared-slots.js';
import { createSharedTotals } from '../cluster/shared-totals.js';
import { createSharedOwners } from '../cluster/user-task-index.js';
import { createUserUsageIndex } from '../cluster/user-usage-index.js';
import { textsDigest } from '../locales/index.js';
import { createSharedLimits } from '../mps/limits/cluster-rate-limits.js';
import { StoreError } from '../store/store.js';
import { ledgerTable } from '../tasks/ledger/ledger.js';
import { retry } from '../util/retry.js';
import { type ClusterDeps, type ClusterParts, giveUp } from './cluster-parts.js';
import { LeaseLostError } from './fatal-errors.js';

/** Longest delay between two attempts to reach Redis at the start, ms. */
const longestWaitMs = 5_000;

/** Any number of processes on one Redis, each with its own shards. */
export function together({ config, store, log, onLost }: ClusterDeps, share: number): ClusterParts {
  const { storeUrl, image, video } = config;
  const { shards } = config.discord;
  const connect = () => connectRedis(storeUrl);
  const redis = connect();
  let number = '';
  const lose = giveUp(store, () => onLost(new LeaseLostError()));
  const lease = createRangeLease({
    redis,
    shards,
    texts: textsDigest(),
    log,
    onTaken(given) {
      number = given;
      store.fence(given, lose);
    },
    onLost: lose,
  });
  const max = { image: image.maxTasks, video: video.maxTasks };
  const slots = createSlots({ redis, lease: () => number, max, log });
  const errands = isWhole(shards)
    ? undefined
    : createPeerRequests({ redis, connect, shards, lease: () => number, log });
  let held = false;
  return {
    waits: true,
    confirm: lease.confirm,
    limits: createSharedLimits({ connect: () => connectRedis(storeUrl, { comesBack: false }), share, log }),
    slots,
    people: createUserUsageIndex({ redis, lease: () => number, table: ledgerTable }),
    owners: createSharedOwners({ redis, lease: () => number }),
    totals: createSharedTotals({ redis, lease: () => number }),
    ...(errands && { errands }),
    identify: createIdentifyTurns({ redis }),
    async admit(signal) {
      if (held) return;
      held = await takeShards(lease, log, signal);
    },
    async close() {
      slots.close();
      errands?.close();
      await lease.release();
      redis.disconnect();
    },
  };
}

/** Takes the shards, and waits for Redis while it is unreachable. @throws the signal's reason */
function takeShards(
  lease: ReturnType<typeof createRangeLease>,
  log: ClusterDeps['log'],
  signal: Parameters<ClusterParts['admit']>[0],
): Promise<boolean> {
  return retry(() => lease.take(signal), {
    firstMs: 250,
    maxMs: longestWaitMs,
    jitter: false,
    signal,
    onFailure(error, { againInMs }) {
      if (!(error instanceof StoreError)) throw error;
      log.error({ err: error, againInMs }, 'no shards can be claimed: Redis is unreachable');
    },
  });
}
