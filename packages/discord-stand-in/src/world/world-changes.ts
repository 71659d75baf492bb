import { absent, bitsOf, type Records, refuse, sameName } from './world-records.js';
import type { World } from './world-types.js';

type Lookups = Pick<World, 'guild' | 'channel' | 'user'>;
type ChannelChanges = Pick<World, 'setOverwrite' | 'denyBot' | 'allowBot' | 'setThread' | 'removeChannel'>;
type GuildChanges = Pick<World, 'setBoostTier' | 'setDms' | 'removeRole' | 'removeGuild'>;

/** Changes the world, and emits events. */
export function createChanges(records: Records, lookups: Lookups): ChannelChanges & GuildChanges {
  return { ...createChannelChanges(records, lookups), ...createGuildChanges(records, lookups) };
}

function createChannelChanges({ botId, events, channels }: Records, { channel }: Lookups): ChannelChanges {
  return {
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
      const others = changed.overwrites.filter(({ id }) => id !== botId);
      changed.overwrites = [...others, { id: botId, type: 'member', allow: bitsOf(names), deny: 0n }];
      events.emit('channelChanged', changed);
    },
    setThread(reference, is) {
      const changed = channel(reference);
      Object.assign(changed, is);
      events.emit('channelChanged', changed);
    },
    removeChannel(reference) {
      const removed = channel(reference);
      channels.delete(removed.id);
      events.emit('channelRemoved', removed);
    },
  };
}

function createGuildChanges({ botId, events }: Records, { guild, user }: Lookups): GuildChanges {
  return {
    setBoostTier(reference, tier) {
      const changed = guild(reference);
      changed.premiumTier = tier;
      events.emit('guildChanged', changed);
    },
    setDms(reference, accepts) {
      user(reference).acceptsDms = accepts;
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
  };
}
