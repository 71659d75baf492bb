import type { JsonObject } from '../types.js';
import type { World } from '../world/world.js';
import { guildCreateJson, memberJson, userJson } from '../world/world-json.js';
import type { MembersRequest } from './connection.js';
import type { Dispatch, Session } from './gateway-session.js';
import { intents } from './intents.js';

/** Discord docs: Application Flags, GATEWAY_MESSAGE_CONTENT_LIMITED. */
export function applicationFlags(messageContent: boolean): number {
  return messageContent ? 1 << 19 : 0;
}

/** READY's payload. Discord docs: Gateway Events, "Ready". */
export function readyJson(
  world: World,
  flags: number,
  gatewayUrl: string,
  { id, shard, wants }: Session,
): JsonObject {
  const mine = world
    .guilds()
    .filter(
      (guild) => guild.installed && wants({ name: '', guildId: guild.id, intents: 0, data: () => ({}) }),
    );
  return {
    v: 10,
    user: { ...userJson(world.user(world.botId)), verified: true, mfa_enabled: true, email: null },
    user_settings: {},
    guilds: mine.map((guild) => ({ id: guild.id, unavailable: true })),
    session_id: id,
    session_type: 'normal',
    resume_gateway_url: gatewayUrl,
    shard: [...shard],
    application: { id: world.botId, flags },
    private_channels: [],
    presences: [],
    relationships: [],
    _trace: ['stand-in'],
  };
}

/** The guilds of a session, one event each; those in an outage stay away. */
export function welcome(world: World): Dispatch[] {
  return world
    .guilds()
    .filter(({ installed, unavailable }) => installed && !unavailable)
    .map((guild) => ({
      name: 'GUILD_CREATE',
      guildId: guild.id,
      intents: intents.guilds,
      data: () => guildCreateJson(world, guild),
    }));
}

export function membersChunk(world: World, request: MembersRequest): JsonObject {
  const asked = [request.user_ids ?? []].flat();
  const members = [...(world.findGuild(request.guild_id)?.members.values() ?? [])];
  const found = members.filter(({ userId }) => asked.length === 0 || asked.includes(userId));
  return {
    guild_id: request.guild_id,
    members: found.map((member) => memberJson(member, world.findUser(member.userId))),
    chunk_index: 0,
    chunk_count: 1,
    not_found: asked.filter((id) => !found.some(({ userId }) => userId === id)),
    nonce: request.nonce,
  };
}

/** The application as `GET /applications/@me` answers it. */
export function applicationJson(
  world: World,
  id: string,
  { flags, isPublic }: { readonly flags: number; readonly isPublic: boolean },
): JsonObject {
  const bot = world.user(world.botId);
  return {
    id,
    name: bot.username,
    icon: null,
    description: '',
    bot_public: isPublic,
    bot_require_code_grant: false,
    verify_key: '0'.repeat(64),
    flags,
    bot: userJson(bot),
    owner: world
      .users()
      .filter((user) => !user.bot)
      .map(userJson)[0],
    team: null,
    tags: [],
    integration_types_config: { '0': {}, '1': {} },
    interactions_endpoint_url: null,
    approximate_guild_count: world.guilds().filter(({ installed }) => installed).length,
  };
}
