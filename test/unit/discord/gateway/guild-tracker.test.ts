import { Client, Collection, Events } from 'discord.js';
import { afterEach, expect, it } from 'vitest';
import { followGuilds, type NamedGuilds } from '../../../../src/discord/gateway/guild-tracker.js';

const clients: Client[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) await client.destroy();
});

/** A guild's id on one of `count` shards. */
const guildOn = (shard: number, n = 0) => String((BigInt(1_000_000 * 12 + shard + 12 * n) << 22n) + 5n);

/** A client of some of Discord's shards that receives what a test sends, and the guilds it judged. */
function follow(shards: readonly number[], shardCount: number) {
  const client = new Client({ intents: [], shardCount });
  clients.push(client);
  client.ws.shards = new Collection(shards.map((id) => [id, { id }])) as typeof client.ws.shards;
  Object.assign(client, { application: { id: 'easel' } });
  const judged: NamedGuilds[] = [];
  followGuilds(client, (guilds) => judged.push(guilds));
  return {
    judged,
    tell: (event: string, data: object, shard: number) => client.ws.emit(event, data, shard),
    ready(shard: number, ...ids: string[]) {
      client.ws.emit('READY', { guilds: ids.map((id) => ({ id, unavailable: true })) }, shard);
      client.emit(Events.ShardReady, shard, undefined);
    },
  };
}

it('guilds are judged once all shards of this process are ready, each by its own', () => {
  const { judged, ready } = follow([0, 1], 3);
  const [here, there] = [guildOn(0), guildOn(1)];
  ready(0, here);
  expect(judged).toEqual([]);
  ready(1, there);
  expect(judged).toHaveLength(1);
  const isGone = (id: string) => judged[0]?.isGone(id);
  expect([here, there].map(isGone)).toEqual([false, false]);
  expect([guildOn(0, 1), guildOn(1, 1)].map(isGone)).toEqual([true, true]);
  // Nothing is known of the third shard, which another process has.
  expect(isGone(guildOn(2))).toBe(false);
});

it('a guild that appears is present, one in an outage stays, one that leaves is gone', () => {
  const { judged, ready, tell } = follow([0], 1);
  const [came, away, left] = [1, 2, 3].map((n) => guildOn(0, n)) as [string, string, string];
  ready(0, away, left);
  tell('GUILD_CREATE', { id: came }, 0);
  tell('GUILD_DELETE', { id: away, unavailable: true }, 0);
  tell('GUILD_DELETE', { id: left }, 0);
  expect([came, away, left].map((id) => judged[0]?.isGone(id))).toEqual([false, false, true]);
});

it('a shard that starts over is judged by the guilds that it names then', () => {
  const { judged, ready } = follow([0], 1);
  const [stays, left] = [guildOn(0, 1), guildOn(0, 2)];
  ready(0, stays, left);
  ready(0, stays);
  expect(judged).toHaveLength(2);
  expect([stays, left].map((id) => judged[1]?.isGone(id))).toEqual([false, true]);
});
