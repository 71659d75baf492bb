import { localeIn } from '../../src/discord/access/guild-policy.js';
import type { Easel } from '../../src/discord/interactions/command.js';
import type { GuildSettings } from '../../src/guilds/settings.js';
import type { Seen } from './summary.js';

/** Settings as they are shown to this person: in the language the settings say, the new one once it was changed. */
export function seenBy(
  interaction: { readonly locale: string },
  easel: Easel,
  settings: GuildSettings,
): Seen {
  const { timeZone } = easel.config.quota;
  return { settings, offer: easel, timeZone, locale: localeIn(settings, interaction) };
}
