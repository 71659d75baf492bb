import type { EventEmitter } from 'node:events';
import {
  type ChannelRecord,
  channelTypes,
  type GuildRecord,
  type Overwrite,
  type UserRecord,
} from '../types.js';
import { channelPermissions, type PermissionName, permissions } from './permissions.js';
import type { World, WorldEvents } from './world-types.js';

/** The state of the world, and the emitter of its changes. */
export interface Records {
  readonly botId: string;
  readonly events: EventEmitter<WorldEvents>;
  readonly guilds: Map<string, GuildRecord>;
  readonly channels: Map<string, ChannelRecord>;
  readonly users: Map<string, UserRecord>;
}

type Lookups = Pick<
  World,
  | ('guilds' | 'channels' | 'users' | 'guild' | 'channel' | 'user')
  | ('findGuild' | 'findChannel' | 'findUser' | 'permissionsIn')
>;

/** Finds by id or name. */
export function createLookups({ guilds, channels, users }: Records): Lookups {
  const guild = (reference: string): GuildRecord =>
    guilds.get(reference) ??
    [...guilds.values()].find(({ name }) => sameName(name, reference)) ??
    absent('guild', reference, [...guilds.values()]);

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
    const all = [...users.values()];
    const named = all.find(({ username, globalName }) =>
      [username, globalName].some((name) => name !== null && sameName(name, reference)),
    );
    const names = all.map(({ username: name }) => ({ name }));
    return users.get(reference) ?? named ?? absent('user', reference, names);
  }

  return {
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
  };
}

/** Refuses permissions in a channel; an empty list lifts the refusal. */
export function refuse(
  channel: ChannelRecord,
  type: Overwrite['type'],
  id: string,
  names: readonly PermissionName[],
): void {
  const others = channel.overwrites.filter((entry) => entry.id !== id);
  channel.overwrites =
    names.length === 0 ? others : [...others, { id, type, allow: 0n, deny: bitsOf(names) }];
}

export function bitsOf(names: readonly PermissionName[]): bigint {
  return names.reduce((sum, name) => sum | permissions[name], 0n);
}

export function sameName(name: string, reference: string): boolean {
  return name.toLowerCase() === reference.replace(/^[#@]/, '').toLowerCase();
}

export function absent(kind: string, reference: string, known: readonly { name: string }[]): never {
  const names = known.map(({ name }) => name).filter((name) => name !== '');
  throw new Error(`there is no ${kind} "${reference}"; there are: ${names.join(', ')}`);
}
