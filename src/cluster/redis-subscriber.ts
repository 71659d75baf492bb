import type { Redis } from 'ioredis';
import type { Log } from '../log.js';

interface Deps {
  /** A connection of its own: one that listens is good for nothing else. */
  readonly connect: () => Redis;
  readonly channels: readonly string[];
  readonly onMessage: (channel: string, text: string) => void;
  readonly log: Log;
  /** ms between two checks whether the connection is alive. */
  readonly lookMs: number;
}

/** Listens on channels of a Redis, and again whenever it is there again. */
export function listenOn({ connect, channels, onMessage, log, lookMs }: Deps): { close(): void } {
  const redis = connect();
  /** A question is open, or the connection was given up. */
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
  // Who only listens does not notice by itself that the other end is gone.
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
