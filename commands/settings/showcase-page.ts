import { ChannelType, ComponentType, PermissionFlagsBits } from 'discord.js';
import type { AnswerableInteraction } from '../../src/discord/access/request-origin.js';
import { UserError } from '../../src/errors.js';
import { type GuildSettings, mostThreshold } from '../../src/guilds/settings.js';
import { text } from '../../src/locales/index.js';
import { button, channelRow, type Row, select } from './panel-rows.js';
import { optionLabel, type Seen, saying } from './summary.js';

type Change = (settings: GuildSettings) => GuildSettings;

/** Stars that a result needs unless the guild says otherwise. */
export const usualThreshold = 3;
const thresholds = [1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 50];

/** Channels that can show results. Discord takes no media channels in lists of types, so it is asked for any. */
const showcaseChannels: ReadonlySet<ChannelType> = new Set([
  ChannelType.GuildText,
  ChannelType.GuildAnnouncement,
  ChannelType.GuildForum,
  ChannelType.GuildMedia,
]);

const needed = [
  PermissionFlagsBits.ViewChannel,
  PermissionFlagsBits.SendMessages,
  PermissionFlagsBits.AttachFiles,
];

/** The channel that shows starred results; undefined: none. */
export function showcaseIn(channelId: string | undefined, threshold?: number): Change {
  return ({ showcase: before, ...others }) => {
    if (channelId === undefined) return others;
    return {
      ...others,
      showcase: { channelId, threshold: threshold ?? before?.threshold ?? usualThreshold },
    };
  };
}

/** How many stars a result needs; no effect without a showcase. */
function showcaseFrom(threshold: number): Change {
  return (settings) =>
    settings.showcase ? { ...settings, showcase: { ...settings.showcase, threshold } } : settings;
}

/** @throws UserError if Easel can't show results in that channel. */
export function requireShowcase({ guild }: AnswerableInteraction, channelId: string | undefined): void {
  const me = guild?.members.me;
  const channel = channelId === undefined ? undefined : guild?.channels.cache.get(channelId);
  if (!me || !channel) return;
  const params = { channel: `<#${channel.id}>` };
  if (!showcaseChannels.has(channel.type)) throw new UserError({ key: 'rules.error.showcaseType', params });
  if (!channel.permissionsFor(me).has(needed)) throw new UserError({ key: 'rules.error.showcase', params });
}

export function showcaseLines({ settings: { showcase }, locale }: Seen): string[] {
  const say = saying(locale);
  if (!showcase) return [say('rules.showcase', text(locale, 'rules.showcase.none'))];
  const stars = text(locale, 'star.stars', { count: showcase.threshold });
  const channel = `<#${showcase.channelId}>`;
  return [say('rules.showcase', text(locale, 'rules.showcase.on', { channel, stars }))];
}

/** The channel that shows starred results, and how many stars it asks for. */
export function showcaseRows(seen: Seen): Row[] {
  const { showcase } = seen.settings;
  if (!showcase) return [shownIn([], seen)];
  return [
    shownIn([showcase.channelId], seen),
    starsRow(showcase.threshold, seen),
    {
      type: ComponentType.ActionRow,
      components: [button('showcase_off', text(seen.locale, 'button.showcase.off'))],
    },
  ];
}

/** The channel itself says if it can't show results. */
function shownIn(ids: readonly string[], seen: Seen): Row {
  const control = 'showcase_channel';
  return channelRow({ control, placeholder: 'rules.pick.showcase', ids, most: 1 }, seen);
}

function starsRow(threshold: number, seen: Seen): Row {
  const { locale } = seen;
  const values = [...new Set([...thresholds, threshold])].sort((one, other) => one - other);
  return select('showcase_stars', 'rules.showcase.threshold', seen, {
    options: values.map((count) => ({
      value: String(count),
      label: optionLabel('rules.showcase.threshold', text(locale, 'star.stars', { count }), locale),
      default: count === threshold,
    })),
  });
}

const section = 'showcase' as const;

export const showcaseControls = {
  showcase_channel: {
    section,
    check: (interaction: AnswerableInteraction, [id]: readonly string[]) => requireShowcase(interaction, id),
    change: (_: unknown, [id]: readonly string[]) => showcaseIn(id),
  },
  showcase_stars: {
    section,
    change: (_: unknown, [stars]: readonly string[]) => showcaseFrom(starsIn(stars)),
  },
  showcase_off: { section, change: () => showcaseIn(undefined) },
};

/** @throws UserError for a value that the select doesn't have. */
function starsIn(value: string | undefined): number {
  const stars = Number(value);
  if (Number.isInteger(stars) && stars >= 1 && stars <= mostThreshold) return stars;
  throw new UserError({ key: 'error.button.unknown' });
}
