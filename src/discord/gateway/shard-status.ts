import { type Client, Events, Status } from 'discord.js';
import type { Log } from '../../log.js';

/** One shard of Discord's gateway. */
export interface ShardState {
  readonly id: number;
  /** Events arrive. Unlike `client.isReady()`, which stays true after the gateway has closed permanently. */
  readonly connected: boolean;
  /** In discord.js's words: `ready`, `connecting`, `resuming`, `disconnected` …; `silent` where heartbeats get no answer. */
  readonly status: string;
}

interface Deps {
  readonly log: Log;
  readonly now: () => number;
  /** Easel is shutting down, which looks like a lost connection. */
  readonly closing: AbortSignal;
}

/** Discord's heartbeat interval for years, ms; Discord sends the real one. */
const usualBeatMs = 41_250;

/**
 * Tracks the shards of a client: logs connects and disconnects, and reports their status. A connection that no longer
 * answers counts as lost after two heartbeats; discord.js itself may wait another 30 s for the close handshake.
 */
export function followShards(client: Client, { log, now, closing }: Deps): () => readonly ShardState[] {
  const heardAt = new Map<number, number>();
  const awaySince = new Map<number, number>();
  let beatMs = usualBeatMs;

  function cameBack(shard: number, replayed?: number): void {
    heardAt.set(shard, now());
    const since = awaySince.get(shard);
    awaySince.delete(shard);
    const awayMs = since === undefined ? undefined : now() - since;
    log.info({ shard, replayed, awayMs }, 'gateway connected');
  }

  client.on(Events.ShardReady, (shard) => cameBack(shard));
  client.on(Events.ShardResume, cameBack);
  client.on(Events.ShardReconnecting, (shard) => {
    if (closing.aborted) return;
    // Where Discord is unavailable this comes twice a second.
    log[awaySince.has(shard) ? 'debug' : 'warn']({ shard }, 'the gateway is reconnecting');
    awaySince.set(shard, awaySince.get(shard) ?? now());
  });
  client.on(Events.ShardError, (error, shard) => log.debug({ shard, err: error }, 'gateway unreachable'));
  client.on(Events.Debug, (message) => {
    // The only place where discord.js reveals the interval; without it the default applies.
    const beat = /starting to beat every (\d+)ms/.exec(message)?.[1];
    if (beat !== undefined) beatMs = Number(beat);
  });

  return () =>
    client.ws.shards.map(({ id, status, lastPingTimestamp }) => {
      const heard = Math.max(lastPingTimestamp, heardAt.get(id) ?? 0);
      const isSilent = status === Status.Ready && now() - heard > 2 * beatMs;
      return {
        id,
        connected: status === Status.Ready && !isSilent,
        status: isSilent ? 'silent' : Status[status].toLowerCase(),
      };
    });
}
