import type { GuildSettings } from '../../src/guilds/settings.js';
import { channelsRow, type Row, rolesRow } from './panel-rows.js';
import { type Seen, saying, summed } from './summary.js';

type Change = (settings: GuildSettings) => GuildSettings;

/** Age limit and spoilers by channel and role. */
export function contentRows(seen: Seen): Row[] {
  const { ageLimit, spoilerFor } = seen.settings;
  return [
    rolesRow('age_roles', 'rules.pick.age.roles', ageLimit.roles, seen),
    channelsRow('age_except', 'rules.pick.age.except', ageLimit.except, seen),
    channelsRow('spoiler_channels', 'rules.pick.spoiler.channels', spoilerFor.channels, seen),
    rolesRow('spoiler_roles', 'rules.pick.spoiler.roles', spoilerFor.roles, seen),
  ];
}

export function contentLines({ settings: { ageLimit, spoilerFor }, locale }: Seen): string[] {
  const say = saying(locale);
  const channels = (ids: readonly string[]) => ids.map((id) => `<#${id}>`);
  const roles = (ids: readonly string[]) => ids.map((id) => `<@&${id}>`);
  const list = (items: readonly string[]) => summed(items, 'rules.review.channel.none', locale);
  return [
    say('rules.ageFor', list(roles(ageLimit.roles))),
    say('rules.ageExcept', list(channels(ageLimit.except))),
    say('rules.spoilerFor', list([...channels(spoilerFor.channels), ...roles(spoilerFor.roles)])),
  ];
}

const section = 'content' as const;

function ageLimit(list: 'roles' | 'except') {
  return {
    section,
    change: (_: unknown, ids: readonly string[]): Change => {
      return (settings) => ({ ...settings, ageLimit: { ...settings.ageLimit, [list]: [...ids] } });
    },
  };
}

function spoilers(list: 'channels' | 'roles') {
  return {
    section,
    change: (_: unknown, ids: readonly string[]): Change => {
      return (settings) => ({ ...settings, spoilerFor: { ...settings.spoilerFor, [list]: [...ids] } });
    },
  };
}

export const contentControls = {
  age_roles: ageLimit('roles'),
  age_except: ageLimit('except'),
  spoiler_channels: spoilers('channels'),
  spoiler_roles: spoilers('roles'),
};
