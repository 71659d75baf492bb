import { connectRedis, settled } from '../../cluster/connection.js';
import { type Finding, ok, warn } from './finding.js';

const check = 'Redis';

/** Whether what Redis was told outlives its restart. Nothing where it is out of reach: that is said of the store. */
export async function checkRedis(url: string): Promise<readonly Finding[]> {
  const redis = connectRedis(url, { comesBack: false });
  try {
    await settled(redis);
    if (redis.status !== 'ready') return [];
    // A hired one may not let everybody ask.
    return [toFinding(await redis.info('persistence').catch(() => ''))];
  } finally {
    redis.disconnect();
  }
}

/** @param info Redis docs: INFO, section "persistence". */
function toFinding(info: string): Finding {
  const [, enabled] = /^aof_enabled:(\d)/m.exec(info) ?? [];
  if (enabled === '1') return ok(check, 'it keeps an append-only file');
  return warn(
    check,
    enabled === '0'
      ? 'it keeps no append-only file'
      : 'it does not tell whether it keeps an append-only file',
    'set appendonly yes (and appendfsync always): a restart of Redis may lose orders that people were promised',
  );
}
