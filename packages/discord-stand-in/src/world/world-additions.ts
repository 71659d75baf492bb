import type { NextId } from '../snowflakes.js';
import type { Clock } from '../timer-clock.js';
import {
  type ChannelRecord,
  channelTypes,
  type GuildRecord,
  type MemberRecord,
  type RoleRecord,
} from '../types.js';
import { botPermissions, memberPermissions } from './permissions.js';
import { bitsOf, type Records, refuse } from './world-records.js';
import type { NewChannel, NewGuild, World } from './world-types.js';

export interface AdditionOptions {
  clock: Clock;
  nextId: NextId;
  /** Also the name of the role that the bot comes with. */
  botName: string;
}

type Lookups = Pick<World, 'guild' | 'user'>;
type Additions = Pick<World, 'addUser' | 'addGuild' | 'addChannel' | 'addRole' | 'addMember' | 'dm'>;

/** Adds to the world, and emits events. */
export function createAdditions(
  records: Records,
  { guild, user }: Lookups,
  options: AdditionOptions,
): Additions {
  const { events, users, guilds, channels, botId } = records;
  const { clock, nextId } = options;

  function open(given: NewChannel, guildId: string): ChannelRecord {
    const added = newChannel(given, guildId, nextId());
    if (given.denyBot) refuse(added, 'member', botId, given.denyBot);
    if (given.denyEveryone) refuse(added, 'role', guildId, given.denyEveryone);
    channels.set(added.id, added);
    return added;
  }

  return {
    addUser({ username, globalName = null, locale = 'en-US', uploadLimit = 0, bot = false }) {
      const added = { id: nextId(), username, globalName, bot, locale, uploadLimit, acceptsDms: true };
      users.set(added.id, added);
      return added;
    },
    addGuild(given) {
      const owner = given.owner === undefined ? firstUser(records) : user(given.owner).id;
      const added = newGuild(given, given.id ?? nextId(), owner);
      guilds.set(added.id, added);
      furnishGuild(added, botId, options);
      // The bot that joins finds it there.
      if (given.systemChannel) added.systemChannelId = open(given.systemChannel, added.id).id;
      events.emit('guildAdded', added);
      return added;
    },
    addChannel(reference, given) {
      const added = open(given, guild(reference).id);
      events.emit('channelAdded', added);
      return added;
    },
    addRole(reference, { name, permissions: names = [], mentionable = false }) {
      const role = newRole(guild(reference), nextId(), name, { permissions: bitsOf(names), mentionable });
      events.emit('roleAdded', role);
      return role;
    },
    addMember(reference, newcomer, roles = []) {
      const owner = guild(reference);
      const member = join(owner, user(newcomer).id, roles, clock);
      events.emit('memberAdded', owner, member);
      return member;
    },
    dm: (one, other = botId) => openDm(records, [user(one).id, user(other).id], nextId),
  };
}

function firstUser({ users, botId }: Records): string {
  return [...users.values()].find(({ bot }) => !bot)?.id ?? botId;
}

function newGuild(given: NewGuild, id: string, ownerId: string): GuildRecord {
  return {
    id,
    name: given.name,
    ownerId,
    preferredLocale: given.preferredLocale ?? 'en-US',
    premiumTier: given.premiumTier ?? 0,
    installed: given.installed ?? true,
    unavailable: given.unavailable ?? false,
    systemChannelId: null,
    roles: new Map(),
    members: new Map(),
  };
}

/** Each guild's initial content: @everyone, its owner, and the bot with its role. */
function furnishGuild(guild: GuildRecord, botId: string, { clock, nextId, botName }: AdditionOptions): void {
  newRole(guild, guild.id, '@everyone', { permissions: memberPermissions });
  join(guild, guild.ownerId, [], clock);
  if (!guild.installed) return;
  const role = newRole(guild, nextId(), botName, { permissions: botPermissions, managed: true });
  join(guild, botId, [role.id], clock);
}

function newRole(
  guild: GuildRecord,
  id: string,
  name: string,
  {
    permissions,
    mentionable = false,
    managed = false,
  }: Pick<RoleRecord, 'permissions'> & Partial<RoleRecord>,
): RoleRecord {
  const role = { id, guildId: guild.id, name, permissions, position: guild.roles.size, mentionable, managed };
  guild.roles.set(id, role);
  return role;
}

function join(guild: GuildRecord, userId: string, roles: readonly string[], clock: Clock): MemberRecord {
  const member = { userId, roles: [...roles], nick: null, joinedAt: clock.now() };
  guild.members.set(userId, member);
  return member;
}

function newChannel(given: NewChannel, guildId: string, id: string): ChannelRecord {
  return {
    id,
    type: given.type ?? channelTypes.text,
    guildId,
    parentId: given.parentId,
    name: given.name,
    nsfw: given.nsfw ?? false,
    overwrites: [],
    recipients: [],
    lastMessageId: null,
    ...(given.ownerId !== undefined && { ownerId: given.ownerId }),
  };
}

/** The DM of two users: the one there is, or a new one. */
function openDm({ channels }: Records, recipients: string[], nextId: NextId): ChannelRecord {
  const known = [...channels.values()].find(
    ({ type, recipients: present }) =>
      type === channelTypes.dm && recipients.every((id) => present.includes(id)),
  );
  if (known) return known;
  const opened: ChannelRecord = {
    id: nextId(),
    type: channelTypes.dm,
    guildId: undefined,
    parentId: undefined,
    name: '',
    nsfw: false,
    overwrites: [],
    recipients,
    lastMessageId: null,
  };
  channels.set(opened.id, opened);
  return opened;
}
