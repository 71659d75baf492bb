import type { ChatInputCommandInteraction } from 'discord.js';
import { requireManager } from '../../src/discord/access/permissions.js';
import type { Uses } from '../../src/discord/services/bot.js';
import { drawPanel } from '../../src/discord/views/message.js';
import { UserError } from '../../src/errors.js';
import type { GuildSettings } from '../../src/guilds/settings.js';
import { text } from '../../src/locales/index.js';
import type { Grant } from '../../src/quota/limits.js';
import type { Measure } from '../../src/quota/measures.js';
import { day } from '../../src/util/time.js';
import { measureOf, shown, toAmount, whatOf } from './amounts.js';

/** Most grants in a guild's record (guilds/settings-schema.ts). */
const maxGrants = 50;

/** `/quota grant`: extra quota for some days; a new grant replaces the previous one. */
export async function grantExtra(
  interaction: ChatInputCommandInteraction,
  bot: Uses<'catalogue' | 'guilds' | 'quota' | 'responder' | 'now'>,
): Promise<void> {
  const guildId = requireManager(interaction);
  const { options } = interaction;
  const to = recipientOf(interaction);
  const measure = measureOf(options.getString('measure', true));
  const extra = toAmount(options.getNumber('extra', true), measure);
  const expiresAt = bot.now() + options.getInteger('days', true) * day;
  const [ceiling, locale] = await Promise.all([bot.quota.ceiling(guildId), bot.guilds.locale(interaction)]);
  const settings = await bot.guilds.change(guildId, interaction.user.id, (before) =>
    withGrant(before, { to, measure, extra, expiresAt }),
  );
  const who = 'userId' in to ? `<@${to.userId}>` : `<@&${to.roleId}>`;
  const what = whatOf(measure, locale, bot.catalogue.currency);
  if (extra === 0)
    return bot.responder.whisper(interaction, drawPanel([text(locale, 'limits.ungranted', { who, what })]));
  const until = Math.round(expiresAt / 1000);
  const top = ceiling.member[measure];
  await bot.responder.whisper(
    interaction,
    drawPanel([
      text(locale, 'limits.granted', { who, what, extra: shown(extra, measure, locale), until }),
      ...(hasShares(settings, measure) ? [] : [text(locale, 'limits.granted.free')]),
      ...(top === undefined
        ? []
        : [text(locale, 'limits.granted.ceiling', { max: shown(top, measure, locale) })]),
    ]),
  );
}

/** @throws UserError unless exactly one is given. */
function recipientOf({ options }: ChatInputCommandInteraction): Grant['to'] {
  const userId = options.getUser('member')?.id;
  const roleId = options.getRole('role')?.id;
  if (userId !== undefined && roleId === undefined) return { userId };
  if (roleId !== undefined && userId === undefined) return { roleId };
  throw new UserError({ key: 'limits.grant.whom' });
}

function withGrant(settings: GuildSettings, grant: Grant): GuildSettings {
  const others = settings.grants.filter(
    ({ to, measure }) => measure !== grant.measure || !same(to, grant.to),
  );
  if (grant.extra === 0) return { ...settings, grants: others };
  if (others.length >= maxGrants)
    throw new UserError({ key: 'limits.grant.full', params: { max: maxGrants } });
  return { ...settings, grants: [...others, grant] };
}

function same(one: Grant['to'], other: Grant['to']): boolean {
  if ('userId' in one) return 'userId' in other && one.userId === other.userId;
  return 'roleId' in other && one.roleId === other.roleId;
}

/** True if any member has a limit of this kind to raise. */
function hasShares({ limits, shares }: GuildSettings, measure: Measure): boolean {
  return (
    limits.member[measure] !== undefined ||
    Object.values(shares).some((share) => share[measure] !== undefined)
  );
}
