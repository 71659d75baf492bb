import type { Translations } from '../src/page/wire.js';

interface Named {
  readonly name: string;
  readonly name_localizations?: Translations;
}

interface Described {
  readonly description: string;
  readonly description_localizations?: Translations;
}

/** A name in the user's language, if the bot has one. */
export function localName({ name, name_localizations: others }: Named, locale: string): string {
  return others?.[locale] ?? name;
}

export function localDescription(
  { description, description_localizations: others }: Described,
  locale: string,
): string {
  return others?.[locale] ?? description;
}
