import type { AnswerableInteraction } from '../../src/discord/access/request-origin.js';
import type { Uses } from '../../src/discord/services/bot.js';
import type { GuildSettings } from '../../src/guilds/settings.js';
import type { Seen } from './summary.js';

/** What showing and changing settings needs. */
export type SettingsContext = Uses<'config' | 'catalogue' | 'now'>;

/** Settings as shown to this user, in their language (the guild's new one after a change, if they follow it). */
export async function seenBy(
  interaction: AnswerableInteraction,
  bot: SettingsContext & Uses<'guilds'>,
  settings: GuildSettings,
): Promise<Seen> {
  const { timeZone } = bot.config.quota;
  return { settings, offer: bot, timeZone, locale: await bot.guilds.locale(interaction) };
}
