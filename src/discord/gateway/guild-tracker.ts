import { type Client, Events, GatewayDispatchEvents, ShardClientUtil } from 'discord.js';

/** The guilds of this process's shards, as Discord has named them. */
export interface NamedGuilds {
  readonly applicationId: string;
  /**
   * Whether Easel is a member there no more. False for guilds of other processes' shards: of them nothing is known.
   * One that is unreachable for a while is named all the same.
   */
  isGone(guildId: string): boolean;
  /** Their ids. */
  readonly ids: readonly string[];
}

/** The part of a dispatch that names a guild (Discord docs: "Gateway Events", Ready, Guild Create, Guild Delete). */
interface Named {
  readonly id: string;
  readonly unavailable?: boolean;
}

/**
 * Follows which guilds Discord names, and calls `onNamed` each time all shards of the client are there: at the start,
 * and when one had to begin again. Followed as Discord sends it: discord.js never forgets a guild that a new READY
 * leaves out.
 */
export function followGuilds(client: Client, onNamed: (guilds: NamedGuilds) => void): void {
  const named = new Map<number, Set<string>>();
  const { ws } = client;

  ws.on(GatewayDispatchEvents.Ready, ({ guilds }: { guilds: readonly Named[] }, shard: number) => {
    named.set(shard, new Set(guilds.map(({ id }) => id)));
  });
  ws.on(GatewayDispatchEvents.GuildCreate, ({ id }: Named, shard: number) => {
    named.get(shard)?.add(id);
  });
  ws.on(GatewayDispatchEvents.GuildDelete, ({ id, unavailable = false }: Named, shard: number) => {
    if (!unavailable) named.get(shard)?.delete(id);
  });

  function isGone(guildId: string): boolean {
    const { shardCount = 1 } = client.options;
    const ofShard = named.get(ShardClientUtil.shardIdForGuildId(guildId, shardCount));
    return ofShard !== undefined && !ofShard.has(guildId);
  }

  client.on(Events.ShardReady, () => {
    const applicationId = client.application?.id;
    if (applicationId && ws.shards.every(({ id }) => named.has(id)))
      onNamed({ applicationId, isGone, ids: [...named.values()].flatMap((ids) => [...ids]) });
  });
}
