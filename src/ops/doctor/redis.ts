import { z } from 'zod';
import { connectRedis, settled } from '../../cluster/redis-connection.js';
import { lossOf } from '../../store/redis-loss.js';
import { type Finding, ok, warn } from './finding.js';

const check = 'Redis';

/** Checks whether Redis data survives a restart. No finding if it is unreachable: the store check reports that. */
export async function checkRedis(url: string): Promise<readonly Finding[]> {
  const redis = connectRedis(url, { comesBack: false });
  try {
    await settled(redis);
    if (redis.status !== 'ready') return [];
    // A managed Redis may not allow this query.
    const info = await redis.info('persistence').catch(() => '');
    const answer = await redis.config('GET', 'appendfsync').catch(() => undefined);
    return [toFinding(info, pair.safeParse(answer).data?.[1])];
  } finally {
    redis.disconnect();
  }
}

/** The response to CONFIG GET: name and value. */
const pair = z.tuple([z.literal('appendfsync'), z.string()]);
const fix = 'set appendonly yes and appendfsync always';

/** @param info Redis docs: INFO, section "persistence". @param fsync appendfsync, if it tells. */
function toFinding(info: string, fsync: string | undefined): Finding {
  const [, enabled] = /^aof_enabled:(\d)/m.exec(info) ?? [];
  if (enabled === undefined)
    return warn(
      check,
      'it does not say whether it keeps an append-only file',
      `${fix}: else orders may be lost`,
    );
  const loss = lossOf(enabled === '1' ? 'yes' : 'no', fsync);
  if (loss !== undefined) return warn(check, `a power cut costs it ${loss}`, fix);
  if (fsync === undefined)
    return warn(check, 'it does not say how often it syncs its append-only file', `make sure it is always`);
  return ok(check, 'it keeps an append-only file and syncs every write');
}
