import { Redis } from 'ioredis';

/** ms a command waits for its answer. */
const patienceMs = 2_000;
/** ms without a word while a command waits, after which the connection counts as dead: TCP alone takes a quarter of an hour. */
const silenceMs = 4_000;
const longestRetryMs = 1_000;

/**
 * A connection for coordination between processes. Commands fail immediately while Redis is unavailable, and are
 * never resent: the caller retries. It reconnects by itself unless told otherwise.
 */
export function connectRedis(url: string, { comesBack = true } = {}): Redis {
  const redis = new Redis(url, {
    commandTimeout: patienceMs,
    socketTimeout: silenceMs,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    // The listener subscribes again: ioredis would report its failure to no one.
    autoResubscribe: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempts) => (comesBack ? Math.min(50 * 2 ** attempts, longestRetryMs) : null),
  });
  redis.on('error', () => {}); // Said by whatever is asked meanwhile.
  return redis;
}

/** Resolves when a new connection works, or its first attempt has failed. */
export function settled(redis: Redis): Promise<void> {
  if (redis.status === 'ready') return Promise.resolve();
  return new Promise((resolve) => {
    redis.once('ready', () => resolve()).once('close', () => resolve());
  });
}
