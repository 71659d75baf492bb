import { localeIn } from '../../src/discord/access/guild-policy.js';
import type { Uses } from '../../src/discord/services/bot.js';
import type { GuildSettings } from '../../src/guilds/settings.js';
import type { Seen } from './summary.js';

/** What settings are shown and changed with. */
export type SettingsContext = Uses<'config' | 'catalogue' | 'now'>;

/** Settings as they are shown to this person: in the language the settings say, the new one once it was changed. */
export function seenBy(
  interaction: { readonly locale: string },
  bot: SettingsContext,
  settings: GuildSettings,
): Seen {
  const { timeZone } = bot.config.quota;
  return { settings, offer: bot, timeZone, locale: localeIn(settings, interaction) };
}
