import type { Shards } from '../config/config.js';

/** The shard that tells of a guild; of what happens outside guilds the first one does. Discord docs: Gateway, "Sharding". */
export function shardOf(guildId: string | undefined, count: number): number {
  return guildId === undefined ? 0 : Number((BigInt(guildId) >> 22n) % BigInt(count));
}

/** Whether a process with these shards is told of a guild; undefined: of what happens outside guilds. */
export function holds(shards: Shards, guildId: string | undefined): boolean {
  return isWhole(shards) || shards.ids.includes(shardOf(guildId, shards.count));
}

/** All of Discord's shards, so that no other process can have any. */
export function isWhole(shards: Shards): shards is 'auto' | { ids: readonly number[]; count: number } {
  return shards === 'auto' || shards.ids.length === shards.count;
}
