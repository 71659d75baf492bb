import type { ChatInputCommandInteraction } from 'discord.js';
import { requireOperator } from '../../src/discord/access/permissions.js';
import type { Uses } from '../../src/discord/services/bot.js';
import { drawPanel } from '../../src/discord/views/message.js';
import { UserError } from '../../src/errors.js';
import { text } from '../../src/locales/index.js';
import type { Override } from '../../src/quota/limits.js';
import type { Measure } from '../../src/quota/measures.js';
import { measureOf, shown, toAmount, whatOf } from './amounts.js';

/** `/quota ceiling`: operators set the highest limits of a guild, from anywhere. */
export async function setCeiling(
  interaction: ChatInputCommandInteraction,
  bot: Uses<'config' | 'catalogue' | 'guilds' | 'responder'>,
): Promise<void> {
  requireOperator(interaction, bot.config.operators);
  const { options } = interaction;
  const guild = guildIdOf(options.getString('guild', true));
  const scope = options.getString('scope', true) === 'guild' ? 'guild' : 'member';
  const measure = measureOf(options.getString('measure', true));
  const max = maxOf(interaction, measure);
  await bot.guilds.change(guild, interaction.user.id, (settings) => ({
    ...settings,
    override: { ...settings.override, [scope]: put(settings.override[scope], measure, max) },
  }));
  const locale = await bot.guilds.locale(interaction);
  const params = {
    guild,
    who: text(locale, `scope.ceiling.${scope}`),
    what: whatOf(measure, locale, bot.catalogue.currency),
  };
  const line =
    max === undefined
      ? text(locale, 'ceiling.usual', params)
      : max === null
        ? text(locale, 'ceiling.lifted', params)
        : text(locale, 'ceiling.set', { ...params, max: shown(max, measure, locale) });
  await bot.responder.whisper(interaction, drawPanel([line]));
}

/** @throws UserError if it isn't an id. */
function guildIdOf(typed: string): string {
  const id = typed.trim();
  if (!/^\d{17,20}$/.test(id)) throw new UserError({ key: 'ceiling.guild', params: { asked: typed } });
  return id;
}

/**
 * Null: no limit; undefined: the limit in the environment.
 * @throws UserError if both were given.
 */
function maxOf({ options }: ChatInputCommandInteraction, measure: Measure): number | null | undefined {
  const typed = options.getNumber('amount');
  const unlimited = options.getBoolean('unlimited') ?? false;
  if (typed !== null && unlimited) throw new UserError({ key: 'ceiling.both' });
  if (unlimited) return null;
  return typed === null ? undefined : toAmount(typed, measure);
}

function put(override: Override, measure: Measure, max: number | null | undefined): Override {
  const { [measure]: _before, ...others } = override;
  return max === undefined ? others : { ...others, [measure]: max };
}
