import type { ChatInputCommandInteraction } from 'discord.js';
import type { Offer } from '../../src/discord/access/guild-catalogue.js';
import { requireManager } from '../../src/discord/access/permissions.js';
import type { Uses } from '../../src/discord/services/bot.js';
import { drawPanel } from '../../src/discord/views/message.js';
import { UserError } from '../../src/errors.js';
import type { GuildSettings } from '../../src/guilds/settings.js';
import { type Locale, text } from '../../src/locales/index.js';
import type { Limits, Measure, Scope, ScopedLimits } from '../../src/quota/measures.js';
import { unpriced } from '../../src/tasks/lifecycle/admission.js';
import { measureOf, shown, toAmount, whatOf } from './amounts.js';

/** Whose limit is set. */
type Target = { readonly scope: Scope } | { readonly scope: 'role'; readonly roleId: string };

/** `/quota set`: a limit of the guild, no higher than the operator's. */
export async function setLimit(
  interaction: ChatInputCommandInteraction,
  bot: Uses<'catalogue' | 'guilds' | 'quota' | 'responder'>,
): Promise<void> {
  const guildId = requireManager(interaction);
  const { options } = interaction;
  const target = targetOf(interaction, guildId);
  const measure = measureOf(options.getString('measure', true));
  const typed = options.getNumber('amount');
  const amount = typed === null ? undefined : toAmount(typed, measure);
  const [ceiling, locale] = await Promise.all([bot.quota.ceiling(guildId), bot.guilds.locale(interaction)]);
  const currency = bot.catalogue.currency;
  const top = ceilingOn(target, measure, ceiling);
  const what = whatOf(measure, locale, currency);
  if (amount !== undefined && top !== undefined && amount > top)
    throw new UserError({ key: 'limits.tooHigh', params: { max: shown(top, measure, locale), what } });
  await bot.guilds.change(guildId, interaction.user.id, (settings) =>
    withLimit(settings, target, measure, amount),
  );
  const who = 'roleId' in target ? `<@&${target.roleId}>` : text(locale, `scope.${target.scope}`);
  const result =
    amount === undefined
      ? text(locale, 'limits.unset', { who, what })
      : text(locale, 'limits.set', { who, what, max: shown(amount, measure, locale) });
  const notes = [
    ...(amount === undefined && top !== undefined
      ? [text(locale, 'limits.ceiling', { max: shown(top, measure, locale) })]
      : []),
    ...(amount !== undefined ? unpricedNote(measure, await bot.guilds.offer(interaction), locale) : []),
  ];
  await bot.responder.whisper(interaction, drawPanel([result, ...notes]));
}

/** @throws UserError if scope and role don't match. */
function targetOf({ options }: ChatInputCommandInteraction, guildId: string): Target {
  const scope = options.getString('scope', true);
  const roleId = options.getRole('role')?.id;
  if (scope !== 'role') {
    if (roleId !== undefined) throw new UserError({ key: 'limits.role.stray' });
    return { scope: scope === 'guild' ? 'guild' : 'member' };
  }
  if (roleId === undefined) throw new UserError({ key: 'limits.role.missing' });
  // Every member has the role whose id is the guild's (@everyone).
  return roleId === guildId ? { scope: 'member' } : { scope, roleId };
}

/** The highest limit the operator lets the guild set. A member's limit can't exceed the guild's either. */
function ceilingOn({ scope }: Target, measure: Measure, ceiling: ScopedLimits): number | undefined {
  const tops = scope === 'guild' ? [ceiling.guild] : [ceiling.member, ceiling.guild];
  const there = tops.map((limits) => limits[measure]).filter((top) => top !== undefined);
  return there.length > 0 ? Math.min(...there) : undefined;
}

function withLimit(
  settings: GuildSettings,
  target: Target,
  measure: Measure,
  amount: number | undefined,
): GuildSettings {
  if (!('roleId' in target)) {
    const limits = {
      ...settings.limits,
      [target.scope]: put(settings.limits[target.scope], measure, amount),
    };
    return { ...settings, limits };
  }
  const { [target.roleId]: share = {}, ...others } = settings.shares;
  const next = put(share, measure, amount);
  return {
    ...settings,
    shares: Object.keys(next).length > 0 ? { ...others, [target.roleId]: next } : others,
  };
}

function put(limits: Limits, measure: Measure, amount: number | undefined): Limits {
  const { [measure]: _before, ...others } = limits;
  return amount === undefined ? others : { ...others, [measure]: amount };
}

/** Models named in one sentence. */
const maxNamed = 5;

/** A spending limit doesn't apply to models without a price. */
function unpricedNote(measure: Measure, { catalogue, config }: Offer, locale: Locale): string[] {
  if (!measure.startsWith('cost')) return [];
  const enabled = { image: config.image.enabled, video: config.video.enabled };
  const labels = unpriced(catalogue, enabled).map(({ kind, label }) =>
    text(locale, 'list.ofKind', { model: label, kind: text(locale, `kind.${kind}`) }),
  );
  const more = labels.length - maxNamed;
  const named = [
    ...labels.slice(0, maxNamed),
    ...(more > 0 ? [text(locale, 'rules.more', { count: more })] : []),
  ];
  return labels.length > 0
    ? [text(locale, 'limits.unpriced', { models: named.join(text(locale, 'list.comma')) })]
    : [];
}
