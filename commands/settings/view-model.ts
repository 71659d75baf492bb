import { publicLocale } from '../../src/discord/access/languages.js';
import type { Uses } from '../../src/discord/services/bot.js';
import type { GuildSettings } from '../../src/guilds/settings.js';
import type { Seen } from './summary.js';

/** What showing and changing settings needs. */
export type SettingsContext = Uses<'config' | 'catalogue' | 'now'>;

/** Settings as shown to this user, in the language set for the guild (the new one after a change). */
export function seenBy(
  interaction: { readonly locale: string },
  bot: SettingsContext,
  settings: GuildSettings,
): Seen {
  const { timeZone } = bot.config.quota;
  return { settings, offer: bot, timeZone, locale: publicLocale(settings, interaction) };
}
