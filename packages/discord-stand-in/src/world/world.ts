import { EventEmitter } from 'node:events';
import type { NextId } from '../snowflakes.js';
import type { Clock } from '../timer-clock.js';
import {
  type ChannelRecord,
  channelTypes,
  type GuildRecord,
  type MemberRecord,
  type Overwrite,
  type RoleRecord,
  type UserRecord,
} from '../types.js';
import { createFilters } from './content-filters.js';
import {
  botPermissions,
  channelPermissions,
  memberPermissions,
  type PermissionName,
  permissions,
} from './permissions.js';
import type { NewChannel, NewGuild, World, WorldEvents } from './world-types.js';

export type { NewChannel, NewGuild, World, WorldEvents };

export interface WorldOptions {
  clock: Clock;
  nextId: NextId;
  botId: string;
  botName: string;
}

export function createWorld({ clock, nextId, botId, botName }: WorldOptions): World {
  const events = new EventEmitter<WorldEvents>();
  const guilds = new Map<string, GuildRecord>();
  const channels = new Map<string, ChannelRecord>();
  const users = new Map<string, UserRecord>();
  users.set(botId, {
    id: botId,
    username: botName,
    globalName: null,
    bot: true,
    locale: 'en-US',
    uploadLimit: 0,
    acceptsDms: true,
  });

  function guild(reference: string): GuildRecord {
    const found = guilds.get(reference) ?? [...guilds.values()].find(({ name }) => sameName(name, reference));
    return found ?? absent('guild', reference, [...guilds.values()]);
  }

  function channel(reference: string): ChannelRecord {
    const byId = channels.get(reference);
    if (byId) return byId;
    const [last = '', guildName] = reference.split('/').reverse();
    const within = guildName === undefined ? undefined : guild(guildName).id;
    const found = [...channels.values()].find(
      ({ name, guildId }) =>
        sameName(name, last) && guildId !== undefined && (within === undefined || guildId === within),
    );
    return found ?? absent('channel', reference, [...channels.values()]);
  }

  function user(reference: string): UserRecord {
    const found =
      users.get(reference) ??
      [...users.values()].find(({ username, globalName }) =>
        [username, globalName].some((name) => name !== null && sameName(name, reference)),
      );
    return (
      found ??
      absent(
        'user',
        reference,
        [...users.values()].map(({ username: name }) => ({ name })),
      )
    );
  }

  function newRole(guildId: string, name: string, held: bigint, more: Partial<RoleRecord> = {}): RoleRecord {
    const owner = guild(guildId);
    const role = {
      id: nextId(),
      guildId,
      name,
      permissions: held,
      position: owner.roles.size,
      mentionable: false,
      managed: false,
      ...more,
    };
    owner.roles.set(role.id, role);
    return role;
  }

  function join(owner: GuildRecord, userId: string, roles: readonly string[]): MemberRecord {
    const member = { userId, roles: [...roles], nick: null, joinedAt: clock.now() };
    owner.members.set(userId, member);
    return member;
  }

  function addGuild(given: NewGuild): GuildRecord {
    const id = given.id ?? nextId();
    const people = [...users.values()].filter(({ bot }) => !bot);
    const ownerId = given.owner === undefined ? (people[0]?.id ?? botId) : user(given.owner).id;
    const added: GuildRecord = {
      id,
      name: given.name,
      ownerId,
      preferredLocale: given.preferredLocale ?? 'en-US',
      premiumTier: given.premiumTier ?? 0,
      installed: given.installed ?? true,
      unavailable: given.unavailable ?? false,
      roles: new Map(),
      members: new Map(),
    };
    guilds.set(id, added);
    newRole(id, '@everyone', memberPermissions, { id });
    join(added, ownerId, []);
    if (added.installed) {
      const role = newRole(id, botName, botPermissions, { managed: true });
      join(added, botId, [role.id]);
    }
    events.emit('guildAdded', added);
    return added;
  }

  function addChannel(reference: string, given: NewChannel): ChannelRecord {
    const owner = guild(reference);
    const added: ChannelRecord = {
      id: nextId(),
      type: given.type ?? channelTypes.text,
      guildId: owner.id,
      parentId: given.parentId,
      name: given.name,
      nsfw: given.nsfw ?? false,
      overwrites: [],
      recipients: [],
      lastMessageId: null,
    };
    if (given.denyBot) refuse(added, 'member', botId, given.denyBot);
    if (given.denyEveryone) refuse(added, 'role', owner.id, given.denyEveryone);
    channels.set(added.id, added);
    events.emit('channelAdded', added);
    return added;
  }

  function dm(one: string, other: string = botId): ChannelRecord {
    const recipients = [user(one).id, user(other).id];
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

  return {
    events,
    botId,
    filters: createFilters(),
    guilds: () => [...guilds.values()],
    channels: () => [...channels.values()],
    users: () => [...users.values()],
    guild,
    channel,
    user,
    findGuild: (id) => (id === undefined ? undefined : guilds.get(id)),
    findChannel: (id) => channels.get(id),
    findUser: (id) => users.get(id),
    permissionsIn: (target, userId) =>
      channelPermissions(
        guilds.get(target.guildId ?? ''),
        target,
        userId,
        channels.get(target.type === channelTypes.publicThread ? (target.parentId ?? '') : target.id),
      ),
    addUser({ username, globalName = null, locale = 'en-US', uploadLimit = 0, bot = false }) {
      const added = { id: nextId(), username, globalName, bot, locale, uploadLimit, acceptsDms: true };
      users.set(added.id, added);
      return added;
    },
    addGuild,
    addChannel,
    addRole(reference, { name, permissions: names = [], mentionable = false }) {
      const held = names.reduce((sum, each) => sum | permissions[each], 0n);
      const role = newRole(guild(reference).id, name, held, { mentionable });
      events.emit('roleAdded', role);
      return role;
    },
    addMember(reference, person, roles = []) {
      const owner = guild(reference);
      const member = join(owner, user(person).id, roles);
      events.emit('memberAdded', owner, member);
      return member;
    },
    setBoostTier(reference, tier) {
      const changed = guild(reference);
      changed.premiumTier = tier;
      events.emit('guildChanged', changed);
    },
    setOverwrite(reference, overwrite) {
      const changed = channel(reference);
      changed.overwrites = [...changed.overwrites.filter(({ id }) => id !== overwrite.id), overwrite];
      events.emit('channelChanged', changed);
    },
    denyBot(reference, names) {
      const changed = channel(reference);
      refuse(changed, 'member', botId, names);
      events.emit('channelChanged', changed);
    },
    allowBot(reference, names) {
      const changed = channel(reference);
      const allow = names.reduce((sum, name) => sum | permissions[name], 0n);
      const others = changed.overwrites.filter(({ id }) => id !== botId);
      changed.overwrites = [...others, { id: botId, type: 'member', allow, deny: 0n }];
      events.emit('channelChanged', changed);
    },
    setThread(reference, is) {
      const changed = channel(reference);
      Object.assign(changed, is);
      events.emit('channelChanged', changed);
    },
    setDms(reference, accepts) {
      user(reference).acceptsDms = accepts;
    },
    removeChannel(reference) {
      const removed = channel(reference);
      channels.delete(removed.id);
      events.emit('channelRemoved', removed);
    },
    removeRole(reference, name) {
      const { roles, members } = guild(reference);
      const removed = [...roles.values()].find((role) => role.id === name || sameName(role.name, name));
      if (!removed) absent('role', name, [...roles.values()]);
      roles.delete(removed.id);
      for (const member of members.values()) member.roles = member.roles.filter((id) => id !== removed.id);
      events.emit('roleRemoved', removed);
    },
    removeGuild(reference) {
      const left = guild(reference);
      left.installed = false;
      left.members.delete(botId);
      events.emit('guildRemoved', left);
    },
    dm,
  };
}

function refuse(
  channel: ChannelRecord,
  type: Overwrite['type'],
  id: string,
  names: readonly PermissionName[],
): void {
  const deny = names.reduce((sum, name) => sum | permissions[name], 0n);
  const others = channel.overwrites.filter((entry) => entry.id !== id);
  channel.overwrites = names.length === 0 ? others : [...others, { id, type, allow: 0n, deny }];
}

function sameName(name: string, reference: string): boolean {
  return name.toLowerCase() === reference.replace(/^[#@]/, '').toLowerCase();
}

function absent(kind: string, reference: string, known: readonly { name: string }[]): never {
  const names = known.map(({ name }) => name).filter((name) => name !== '');
  throw new Error(`there is no ${kind} "${reference}"; there are: ${names.join(', ')}`);
}
