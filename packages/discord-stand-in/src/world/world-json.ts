import {
  type ChannelRecord,
  channelTypes,
  type GuildRecord,
  type JsonObject,
  type MemberRecord,
  type RoleRecord,
  type UserRecord,
} from '../types.js';
import type { World } from './world.js';

/** Records in the form in which Discord's API shows them. */

export function userJson({ id, username, globalName, bot }: UserRecord): JsonObject {
  return {
    id,
    username,
    global_name: globalName,
    discriminator: bot ? '0001' : '0',
    avatar: null,
    bot: bot || undefined,
    public_flags: 0,
    flags: 0,
    accent_color: null,
    banner: null,
    avatar_decoration_data: null,
    primary_guild: null,
  };
}

export function memberJson({ roles, nick, joinedAt }: MemberRecord, user?: UserRecord): JsonObject {
  return {
    user: user && userJson(user),
    nick,
    avatar: null,
    banner: null,
    roles: [...roles],
    joined_at: new Date(joinedAt).toISOString(),
    premium_since: null,
    deaf: false,
    mute: false,
    flags: 0,
    pending: false,
    communication_disabled_until: null,
  };
}

export function roleJson({ id, name, permissions, position, mentionable, managed }: RoleRecord): JsonObject {
  return {
    id,
    name,
    color: 0,
    colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
    hoist: false,
    icon: null,
    unicode_emoji: null,
    position,
    permissions: permissions.toString(),
    managed,
    mentionable,
    flags: 0,
  };
}

/** A channel; for a DM, `viewer` is not listed among its recipients. */
export function channelJson(world: World, channel: ChannelRecord, viewer: string = world.botId): JsonObject {
  const { id, type, guildId, parentId, name, nsfw, overwrites, recipients, lastMessageId } = channel;
  if (guildId === undefined) {
    const others = recipients.filter((each) => each !== viewer).flatMap((each) => world.findUser(each) ?? []);
    return { id, type, last_message_id: lastMessageId, recipients: others.map(userJson), flags: 0 };
  }
  const common = {
    id,
    type,
    guild_id: guildId,
    name,
    nsfw,
    parent_id: parentId ?? null,
    last_message_id: lastMessageId,
    rate_limit_per_user: 0,
    flags: 0,
  };
  if (type === channelTypes.publicThread) {
    const metadata = {
      archived: channel.archived ?? false,
      auto_archive_duration: 1440,
      archive_timestamp: new Date(0).toISOString(),
      locked: channel.locked ?? false,
    };
    return {
      ...common,
      owner_id: channel.ownerId ?? world.botId,
      message_count: 0,
      member_count: 1,
      thread_metadata: metadata,
    };
  }
  return {
    ...common,
    topic: null,
    position: 0,
    permission_overwrites: overwrites.map((entry) => ({
      id: entry.id,
      type: entry.type === 'role' ? 0 : 1,
      allow: entry.allow.toString(),
      deny: entry.deny.toString(),
    })),
  };
}

/** The channel as an interaction carries it, with the user's permissions. */
export function partialChannelJson(world: World, channel: ChannelRecord, held: bigint): JsonObject {
  const full = channelJson(world, channel);
  return channel.guildId === undefined ? full : { ...full, permissions: held.toString() };
}

export function guildJson(guild: GuildRecord): JsonObject {
  const { id, name, ownerId, preferredLocale, premiumTier, roles, systemChannelId } = guild;
  return {
    id,
    name,
    icon: null,
    splash: null,
    discovery_splash: null,
    banner: null,
    description: null,
    vanity_url_code: null,
    owner_id: ownerId,
    region: 'deprecated',
    afk_channel_id: null,
    afk_timeout: 300,
    verification_level: 0,
    default_message_notifications: 0,
    explicit_content_filter: 0,
    roles: [...roles.values()].map(roleJson),
    emojis: [],
    stickers: [],
    features: [],
    mfa_level: 0,
    application_id: null,
    system_channel_id: systemChannelId,
    system_channel_flags: 0,
    rules_channel_id: null,
    public_updates_channel_id: null,
    safety_alerts_channel_id: null,
    premium_tier: premiumTier,
    premium_subscription_count: [0, 2, 7, 14][premiumTier] ?? 0,
    premium_progress_bar_enabled: false,
    preferred_locale: preferredLocale,
    nsfw_level: 0,
    nsfw: false,
    max_members: 500_000,
    incidents_data: null,
  };
}

/** GUILD_CREATE's payload: the guild with its channels and members. */
export function guildCreateJson(world: World, guild: GuildRecord): JsonObject {
  const { id, members } = guild;
  const channels = world.channels().filter(({ guildId }) => guildId === id);
  const isThread = ({ type }: ChannelRecord): boolean => type === channelTypes.publicThread;
  const bot = members.get(world.botId);
  return {
    ...guildJson(guild),
    joined_at: new Date(bot?.joinedAt ?? 0).toISOString(),
    large: false,
    unavailable: false,
    member_count: members.size,
    members: [...members.values()].map((member) => memberJson(member, world.findUser(member.userId))),
    channels: channels.filter((channel) => !isThread(channel)).map((channel) => channelJson(world, channel)),
    threads: channels.filter(isThread).map((channel) => channelJson(world, channel)),
    presences: [],
    voice_states: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
  };
}

/** Everything that the world holds, as the control port shows it. */
export function worldJson(world: World) {
  return {
    users: world.users(),
    guilds: world.guilds().map((guild) => ({
      ...guildJson(guild),
      installed: guild.installed,
      members: [...guild.members.values()].map((member) => memberJson(member, world.findUser(member.userId))),
    })),
    channels: world.channels().map((channel) => channelJson(world, channel)),
  };
}
