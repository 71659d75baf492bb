import { type APIGuild, Routes } from 'discord.js';
import type { Settings } from '../../guilds/settings.js';
import { defaultLocale, type Locale } from '../../locales/index.js';
import { hour } from '../../util/time.js';
import { publicLocale } from '../access/languages.js';
import type { Rests } from '../rest/clients.js';

interface Deps {
  readonly rests: Pick<Rests, 'bot'>;
  readonly settings: Pick<Settings, 'lastKnown'>;
  readonly now: () => number;
}

/** The language for messages to all moderators of a guild: as it has set it, else as Discord has it. Never throws. */
export function createGuildLanguage({ rests, settings, now }: Deps): (guildId: string) => Promise<Locale> {
  const known = new Map<string, { readonly locale: string; readonly at: number }>();

  async function preferred(guildId: string): Promise<string> {
    const last = known.get(guildId);
    if (last && now() - last.at < hour) return last.locale;
    try {
      const { preferred_locale: locale } = (await rests.bot.get(Routes.guild(guildId))) as APIGuild;
      known.set(guildId, { locale, at: now() });
      return locale;
    } catch {
      return last?.locale ?? defaultLocale;
    }
  }

  return async (guildId) => {
    const rules = await settings.lastKnown(guildId);
    return publicLocale(rules, { locale: rules.language === 'follow' ? await preferred(guildId) : '' });
  };
}
