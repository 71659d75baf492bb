import { ComponentType, type MessageComponentInteraction, PermissionFlagsBits } from 'discord.js';
import { UserError } from '../../src/errors.js';
import type { GuildSettings } from '../../src/guilds/settings.js';
import { text } from '../../src/locales/index.js';
import { button, channelsRow, type Row, rolesRow, writableChannelRow } from './panel-rows.js';
import { type Seen, saying, summed } from './summary.js';

type Review = GuildSettings['review'];
type Change = (settings: GuildSettings) => GuildSettings;

/** Which results moderators look at first, and where. */
export function reviewRows(seen: Seen): Row[] {
  const { review } = seen.settings;
  const toggle = review.all ? 'off' : 'on';
  return [
    writableChannelRow('review_channel', 'rules.pick.review.channel', review.channel, seen),
    channelsRow('review_channels', 'rules.pick.review.channels', review.channels, seen),
    rolesRow('review_roles', 'rules.pick.review.roles', review.roles, seen),
    {
      type: ComponentType.ActionRow,
      components: [button(`review_all_${toggle}`, text(seen.locale, `button.reviewAll.${toggle}`))],
    },
  ];
}

export function reviewLines({ settings: { review }, locale }: Seen): string[] {
  const say = saying(locale);
  const some = [...review.channels.map((id) => `<#${id}>`), ...review.roles.map((id) => `<@&${id}>`)];
  const channel =
    review.channel === undefined ? text(locale, 'rules.review.channel.none') : `<#${review.channel}>`;
  return [
    say('rules.review.channel', channel),
    say(
      'rules.review',
      review.all ? text(locale, 'rules.review.all') : summed(some, 'rules.review.none', locale),
    ),
  ];
}

/** Results would have nowhere to go without a channel. @throws UserError */
function changed(change: (review: Review) => Review): Change {
  return (settings) => {
    const review = change(settings.review);
    const isAny = review.all || review.channels.length > 0 || review.roles.length > 0;
    if (isAny && review.channel === undefined) {
      const hadOne = settings.review.channel !== undefined;
      throw new UserError({ key: hadOne ? 'rules.error.review.unset' : 'rules.error.review.channel' });
    }
    return { ...settings, review };
  };
}

/** What the bot needs to ask there, and to find what it has asked. */
const needed = [
  PermissionFlagsBits.ViewChannel,
  PermissionFlagsBits.SendMessages,
  PermissionFlagsBits.AttachFiles,
  PermissionFlagsBits.ReadMessageHistory,
];

/** @throws UserError if moderators can't be asked there, or everyone could see what they are asked. */
function requireModeratorsChannel(
  { guild }: MessageComponentInteraction,
  [id = '']: readonly string[],
): void {
  const channel = guild?.channels.cache.get(id);
  if (!guild || !channel) return;
  if (guild.members.me && !channel.permissionsFor(guild.members.me).has(needed))
    throw new UserError({ key: 'rules.error.review.permission' });
  if (channel.permissionsFor(guild.roles.everyone).has(PermissionFlagsBits.ViewChannel))
    throw new UserError({ key: 'rules.error.review.public' });
}

const section = 'review' as const;

export const reviewControls = {
  review_channel: {
    section,
    check: requireModeratorsChannel,
    change: (_: unknown, [id]: readonly string[]) =>
      changed(({ channel: _before, ...review }) => (id === undefined ? review : { ...review, channel: id })),
  },
  review_channels: {
    section,
    change: (_: unknown, ids: readonly string[]) => changed((review) => ({ ...review, channels: [...ids] })),
  },
  review_roles: {
    section,
    change: (_: unknown, ids: readonly string[]) => changed((review) => ({ ...review, roles: [...ids] })),
  },
  review_all_on: { section, change: () => changed((review) => ({ ...review, all: true })) },
  review_all_off: { section, change: () => changed((review) => ({ ...review, all: false })) },
};
