import { createInstance } from 'i18next';
import type { TextKey } from './keys.js';
import { languages as all } from './languages.js';
import { readTexts } from './texts.js';

export type { TextKey };

/** The tag of a language that Easel speaks, such as `en-US`. */
export type Locale = string;

/** Languages Easel speaks. */
export const locales: readonly Locale[] = all.map(({ tag }) => tag);

/** The language of everyone whose own language Easel does not speak; a text that another language lacks is read in it. */
export const defaultLocale = 'en-US';

/**
 * Values for a text's `{{placeholders}}`; a list becomes "5 or 10". Values go in as they are: escape user input first.
 * `count` also chooses the plural form.
 */
export type TextParams = Readonly<Record<string, string | number | readonly string[]>>;

const i18n = createInstance({
  lng: defaultLocale,
  fallbackLng: defaultLocale,
  supportedLngs: [...locales],
  keySeparator: false,
  nsSeparator: false,
  initAsync: false,
  // Texts go into Discord messages, not into HTML: `&` must stay `&`. User input is escaped before it is filled in.
  interpolation: { escapeValue: false },
  resources: Object.fromEntries(locales.map((tag) => [tag, { translation: readTexts(tag) }])),
});
void i18n.init();

/** The text `key` in `locale`, with `params` filled in. */
export function text(locale: Locale, key: TextKey, params: TextParams = {}): string {
  const values = Object.entries(params).map(([name, value]) => [
    name,
    typeof value === 'object' ? inList(value, locale) : value,
  ]);
  const count = typeof params.count === 'number' ? { count: params.count } : {};
  // Without a count the second key finds a plural's general form.
  // A text that is named in another one, `$t(measure.open)`, is looked up with these values alone.
  const replace = { ...Object.fromEntries(values), lng: locale };
  return i18n.t([key, `${key}_other`], { lng: locale, replace, ...count });
}

/** "3, 5, or 10", and in Chinese "3、5 或 10", with the spaces that it has between its own signs and others. */
function inList(values: readonly string[], locale: Locale): string {
  const parts = new Intl.ListFormat(locale, { type: 'disjunction' }).formatToParts(values);
  return parts.map(({ value }) => (/^\p{Script=Han}$/u.test(value) ? ` ${value} ` : value)).join('');
}

/** True if `key` names a text. */
export function isTextKey(key: string): key is TextKey {
  return i18n.exists(key) || i18n.exists(`${key}_other`);
}

/** The language's own name, as menus list it: `简体中文`. */
export function languageName(locale: Locale): string {
  return all.find(({ tag }) => tag === locale)?.name ?? locale;
}

/** A text in Discord's locales other than the default one, for the `…_localizations` of a command. */
export function localizations(key: TextKey): Record<string, string> {
  const others = all.filter(({ tag }) => tag !== defaultLocale);
  return Object.fromEntries(
    others.flatMap(({ tag, discordLocales }) => discordLocales.map((one) => [one, text(tag, key)])),
  );
}

/** The language a message is certainly written in, judged by its script; undefined if that does not tell. */
export function languageByScript(words: string): Locale | undefined {
  return all.find(({ script }) => script?.test(words))?.tag;
}

/** The language that best serves a Discord locale: the same one, else one that differs only by region, else English. */
export function nearestLocale(discordLocale: string | undefined): Locale {
  const primary = discordLocale?.split('-')[0];
  const nearest =
    all.find(({ discordLocales }) => discordLocales.some((one) => one === discordLocale)) ??
    all.find(({ tag }) => tag.split('-')[0] === primary);
  return nearest?.tag ?? defaultLocale;
}
