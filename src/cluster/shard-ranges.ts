import type { Shards } from '../config/config.js';

/** The shard of a guild; the first one for everything outside guilds. Discord docs: Gateway, "Sharding". */
export function shardOf(guildId: string | undefined, count: number): number {
  return guildId === undefined ? 0 : Number((BigInt(guildId) >> 22n) % BigInt(count));
}

/** True if a process with these shards receives a guild's events; undefined: events outside guilds. */
export function holds(shards: Shards, guildId: string | undefined): boolean {
  return isWhole(shards) || shards.ids.includes(shardOf(guildId, shards.count));
}

/** All shards, so that no other process can have any. */
export function isWhole(shards: Shards): shards is 'auto' | { ids: readonly number[]; count: number } {
  return shards === 'auto' || shards.ids.length === shards.count;
}
