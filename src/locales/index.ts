import { fileURLToPath } from 'node:url';
import { createInstance } from 'i18next';
import type { TextKey } from './keys.js';
import { readLanguages } from './language-folder.js';
import { inAllForms } from './plural-forms.js';

export type { TextKey };

/** The tag of a language, such as `en-US`. One that Easel does not speak (any more) is read in the nearest. */
export type Locale = string;

/** Languages Easel speaks. docs/development.md tells how to add one. */
const all = readLanguages(fileURLToPath(new URL('.', import.meta.url)));

/** Their tags, in the order of menus. */
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
  resources: Object.fromEntries(
    all.map(({ tag, texts }) => [tag, { translation: { ...inAllForms(texts, tag) } }]),
  ),
});
void i18n.init();

/** The text `key` in `locale`, with `params` filled in. */
export function text(locale: Locale, key: TextKey, params: TextParams = {}): string {
  const lng = isSpoken(locale) ? locale : nearestLocale(locale);
  const values = Object.entries(params).map(([name, value]) => [
    name,
    typeof value === 'object' ? inList(value, lng) : value,
  ]);
  const count = typeof params.count === 'number' ? { count: params.count } : {};
  // Without a count the second key finds a plural's general form.
  // A text that is named in another one, `$t(measure.open)`, is looked up with these values alone.
  const replace = { ...Object.fromEntries(values), lng };
  return i18n.t([key, `${key}_other`], { lng, replace, ...count });
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

/** True if Easel speaks this language. */
export function isSpoken(locale: Locale): boolean {
  return locales.includes(locale);
}

/** The language's own name, as menus list it: `简体中文`. */
export function languageName(locale: Locale): string {
  return all.find(({ tag }) => tag === locale)?.name ?? locale;
}

/**
 * A text in Discord's locales other than the default one, for the `…_localizations` of a command. Languages without
 * the text, such as those that leave the names of commands in English, are left out: Discord shows the default one.
 */
export function localizations(key: TextKey): Record<string, string> {
  const others = all.filter(({ tag, texts }) => tag !== defaultLocale && key in texts);
  return Object.fromEntries(
    others.flatMap(({ tag, discordLocales }) => discordLocales.map((one) => [one, text(tag, key)])),
  );
}

/** The language a message is certainly written in, judged by its script; undefined if that does not tell. */
export function languageByScript(words: string): Locale | undefined {
  // The last one: the letters of zh-TW are also in zh-CN's script, and those that tell it apart are not.
  return all.findLast(({ script }) => script?.test(words))?.tag;
}

const own = all.map(({ tag, discordLocales }) => ({ tag, discordLocales, ...localeOf(tag) }));

/** True if a message in this language would show it, by its script. */
export function hasOwnScript(locale: Locale): boolean {
  return all.some(({ tag, script }) => tag === locale && script !== undefined);
}

/**
 * The language that best serves a Discord locale, or a tag that Easel no longer speaks: the same one, else one of the
 * same language and script (Hong Kong's Chinese is written as in Taiwan), else of the same language, else English.
 */
export function nearestLocale(locale: string | undefined): Locale {
  const wanted = localeOf(locale);
  const alike = own.filter(({ language }) => language === wanted.language);
  const nearest =
    own.find(({ tag, discordLocales }) => tag === locale || discordLocales.some((one) => one === locale)) ??
    alike.find(({ script }) => script === wanted.script) ??
    alike[0];
  return nearest?.tag ?? defaultLocale;
}

/** A tag's language and the script it is written in; empty if it is no tag. */
function localeOf(tag: string | undefined): {
  readonly language?: string;
  readonly script?: string | undefined;
} {
  try {
    const { language, script } = new Intl.Locale(tag ?? '').maximize();
    return { language, script };
  } catch {
    return {};
  }
}
