import type { GuildSettings } from '../../guilds/settings.js';
import { isSpoken, type Locale, nearestLocale } from '../../locales/index.js';

/** What the user who asks reads. */
export interface Reader {
  /** As Discord, or their words, have it. */
  readonly locale: string;
  /** Their own choice, if they made one. */
  readonly chosen?: string | undefined;
}

type Rules = Pick<GuildSettings, 'language'>;

/** The language of what everyone in the channel sees: the guild's, if it has chosen one, else that of who asks. */
export function publicLocale({ language }: Rules, reader: Reader): Locale {
  return language === 'follow' ? spoken(reader.chosen ?? reader.locale) : spoken(language);
}

/** The language of what only the user who asks sees: their choice, else the guild's, else as Discord has it. */
export function privateLocale(rules: Rules, reader: Reader): Locale {
  return reader.chosen === undefined ? publicLocale(rules, reader) : spoken(reader.chosen);
}

/** A stored choice may name a language that this Easel doesn't speak (any more). */
function spoken(locale: string): Locale {
  return isSpoken(locale) ? locale : nearestLocale(locale);
}
