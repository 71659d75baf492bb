import { createMpsStandIn } from '@easel/mps-stand-in';
import { hasRedis, startRedis } from '../../support/redis.js';
import { startSender } from '../bot.js';
import { createsOf } from '../bursts.js';
import type { Report } from '../figures.js';
import type { BenchOptions, Measurement } from '../measurement.js';

/** How much of MPS's rate several processes on one Redis reach together, beside what one reaches. */
export const fleetShare: readonly Measurement[] = [{ name: 'fleet share', run }];

const several = 3;

async function run({ quick, seed }: BenchOptions): Promise<Report> {
  if (!hasRedis) return {};
  const count = quick ? 120 : 300;
  const [one, all] = [await reach(1, count, seed), await reach(several, count, seed)];
  const row = `${several} processes on one Redis, ${count} creates`;
  return {
    figures: [
      {
        row: `${row}: of what one process reaches`,
        measured: (100 * all.share) / one.share,
        unit: '%',
        target: { atLeast: 95 },
        bound: 100,
      },
      { row: `${row}: creates, of 20/s`, measured: all.share, unit: '%' },
      { row: `${row}: creates, of 20/s, one process`, measured: one.share, unit: '%' },
      {
        row: `${row}: rejected by MPS`,
        measured: one.rejected + all.rejected,
        unit: '',
        target: { atMost: 0 },
        bound: 0,
      },
    ],
  };
}

/** What so many processes reach; MPS rejects a request as soon as a sliding second holds more than 20. */
async function reach(processes: number, count: number, seed: number) {
  const redis = await startRedis();
  const mps = await createMpsStandIn({ seed });
  const env = {
    REDIS_URL: redis.url(),
    MPS_ENDPOINT: mps.url,
    TENCENTCLOUD_SECRET_ID: mps.secretId,
    TENCENTCLOUD_SECRET_KEY: mps.secretKey,
  };
  try {
    const each = [count / processes, processes].map(String);
    await Promise.all(Array.from({ length: processes }, () => startSender(env, each).ended));
    return { share: createsOf('', mps).measured ?? 0, rejected: mps.rejected };
  } finally {
    await Promise.all([mps.close(), redis.close()]);
  }
}
