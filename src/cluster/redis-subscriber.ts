import type { Redis } from 'ioredis';
import type { Log } from '../log.js';

interface Deps {
  /** A separate connection: a subscribed one can't do anything else. */
  readonly connect: () => Redis;
  readonly channels: readonly string[];
  readonly onMessage: (channel: string, text: string) => void;
  readonly log: Log;
  /** ms between two checks whether the connection is alive. */
  readonly lookMs: number;
}

/** Subscribes to Redis channels, and again after each reconnect. */
export function listenOn({ connect, channels, onMessage, log, lookMs }: Deps): { close(): void } {
  const redis = connect();
  /** A ping is pending, or the connection was given up. */
  let isAsking = false;

  async function assure(ask: () => Promise<unknown>): Promise<void> {
    isAsking = true;
    try {
      await ask();
      isAsking = false;
    } catch (error) {
      if (redis.status !== 'ready') return;
      log.warn({ err: error }, 'lost the connection to other processes; reconnecting');
      redis.disconnect(true);
    }
  }

  redis.on('ready', () => void assure(() => redis.subscribe(...channels)));
  redis.on('message', onMessage);
  // A subscriber doesn't notice by itself that the other end is gone.
  const looking = setInterval(() => {
    if (redis.status === 'ready' && !isAsking) void assure(() => redis.ping());
  }, lookMs).unref();

  return {
    close() {
      clearInterval(looking);
      redis.disconnect();
    },
  };
}
