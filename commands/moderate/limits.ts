import type { ChatInputCommandInteraction } from 'discord.js';
import { requireModeration } from '../../src/discord/access/permissions.js';
import type { Uses } from '../../src/discord/services/bot.js';
import { drawLines } from '../../src/discord/views/message.js';
import type { GuildSettings } from '../../src/guilds/settings.js';
import { type Locale, type TextKey, text } from '../../src/locales/index.js';
import type { ModerationRules } from '../../src/moderation/rules.js';
import { type Limits, measures } from '../../src/quota/measures.js';
import { second } from '../../src/util/time.js';
import { shown, whatOf } from '../quota/amounts.js';

/** `/moderate limits`: limits and extra amounts in force. */
export async function showLimits(
  interaction: ChatInputCommandInteraction,
  bot: Uses<'moderation' | 'guilds' | 'catalogue' | 'responder' | 'now'>,
): Promise<void> {
  const guildId = requireModeration(interaction);
  const [settings, rules, locale] = await Promise.all([
    bot.guilds.get(guildId),
    bot.moderation.rules.get(guildId),
    bot.guilds.locale(interaction),
  ]);
  const say: Say = { locale, currency: bot.catalogue.currency };
  const lines = [
    ...limitLines(settings, say),
    ...grantLines(settings, bot.now(), say),
    ...ruleLines(rules, say),
  ];
  await bot.responder.whisper(
    interaction,
    drawLines(lines.length > 0 ? lines : [text(locale, 'moderate.limits.none')]),
  );
}

interface Say {
  readonly locale: Locale;
  readonly currency: string | undefined;
}

function limitLines({ limits, shares }: GuildSettings, say: Say): readonly string[] {
  const { locale } = say;
  const under = (heading: string, of: Limits) => {
    const lines = measures.flatMap((measure) => {
      const most = of[measure];
      if (most === undefined) return [];
      const what = whatOf(measure, locale, say.currency);
      return [text(locale, 'moderate.limits.line', { what, amount: shown(most, measure, locale) })];
    });
    return lines.length > 0 ? [`**${heading}**`, ...lines] : [];
  };
  return [
    ...under(text(locale, 'moderate.limits.server'), limits.guild),
    ...under(text(locale, 'moderate.limits.member'), limits.member),
    ...Object.entries(shares).flatMap(([role, share]) =>
      under(text(locale, 'moderate.limits.role', { role: `<@&${role}>` }), share),
    ),
  ];
}

function grantLines({ grants }: GuildSettings, now: number, { locale, currency }: Say): readonly string[] {
  const lines = grants
    .filter(({ expiresAt }) => expiresAt > now)
    .map(({ to, measure, extra, expiresAt }) =>
      text(locale, 'moderate.limits.grant', {
        to: 'userId' in to ? `<@${to.userId}>` : `<@&${to.roleId}>`,
        amount: shown(extra, measure, locale),
        what: whatOf(measure, locale, currency),
        until: Math.round(expiresAt / second),
      }),
    );
  return lines.length > 0 ? [`**${text(locale, 'moderate.limits.grants')}**`, ...lines] : [];
}

function ruleLines({ channels, cooldown, deniedRoles }: ModerationRules, { locale }: Say): readonly string[] {
  const off = Object.keys(channels).filter((id) => channels[id] === 0);
  const places = Object.entries(channels).flatMap(([id, most]) =>
    most === 0 ? [] : [text(locale, 'moderate.limits.line', { what: `<#${id}>`, amount: most })],
  );
  const listed = (label: TextKey, names: readonly string[]) =>
    names.length === 0
      ? []
      : [
          text(locale, 'rules.line', {
            label: text(locale, label),
            value: names.join(text(locale, 'list.comma')),
          }),
        ];
  return [
    ...(places.length > 0 ? [`**${text(locale, 'moderate.limits.channels')}**`, ...places] : []),
    ...(cooldown > 0
      ? [
          text(locale, 'rules.line', {
            label: text(locale, 'rules.cooldown'),
            value: text(locale, 'card.seconds', { seconds: cooldown }),
          }),
        ]
      : []),
    ...listed(
      'rules.deniedChannels',
      off.map((id) => `<#${id}>`),
    ),
    ...listed(
      'rules.deniedRoles',
      deniedRoles.map((id) => `<@&${id}>`),
    ),
  ];
}
