import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { createInstance, type i18n as Translator } from 'i18next';
import type { TextKey } from './keys.js';
import type { Language } from './language.js';
import { inMenus, readLanguages } from './language-folder.js';
import { readLocalesDir } from './locales-dir.js';
import { inAllForms } from './plural-forms.js';

export type { TextKey };

/** The tag of a language, such as `en-US`. One that Easel does not speak (any more) is read in the nearest. */
export type Locale = string;

/** Those that come with Easel. docs/development.md tells how to add one. */
const ownLanguages = readLanguages(fileURLToPath(new URL('.', import.meta.url)));
let all = ownLanguages;

/** Tags of the languages Easel speaks, in the order of menus. */
export const locales: readonly Locale[] = all.map(({ tag }) => tag);

/** The language of everyone whose own language Easel does not speak; a text that another language lacks is read in it. */
export const defaultLocale = 'en-US';

/**
 * Values for a text's `{{placeholders}}`; a list becomes "5 or 10". Values go in as they are: escape user input first.
 * `count` also chooses the plural form.
 */
export type TextParams = Readonly<Record<string, string | number | readonly string[] | Money>>;

/** An amount in the operator's currency, which a text shows as `1,200.35 USD`. */
export interface Money {
  readonly money: number;
  readonly currency?: string | undefined;
}

let i18n = translatorOf(all);
let nearTo = placesOf(all);
let written = textsOf(all);
/** What `localizations` gave: the same texts are in many options of many commands. */
const localized = new Map<TextKey, Readonly<Record<string, string>>>();

/**
 * Adds or corrects languages, before anything speaks. Nothing changes if something is wrong with them.
 * @param path LOCALES_DIR; without it, Easel's own languages count.
 */
export function openLocales(path: string | undefined): Omit<ReturnType<typeof readLocalesDir>, 'languages'> {
  if (path === undefined) {
    if (all !== ownLanguages) speak(ownLanguages);
    return { problems: [], warnings: [] };
  }
  const { languages, problems, warnings } = readLocalesDir(path, ownLanguages);
  if (problems.length === 0) {
    const kept = ownLanguages.filter(({ tag }) => languages.every((one) => one.tag !== tag));
    speak([...kept, ...languages].sort(inMenus));
  }
  return { problems, warnings };
}

function speak(languages: readonly Language[]): void {
  all = languages;
  (locales as Locale[]).splice(0, locales.length, ...all.map(({ tag }) => tag));
  i18n = translatorOf(all);
  nearTo = placesOf(all);
  written = textsOf(all);
  localized.clear();
}

/** The texts of each language, as they are written. */
function textsOf(languages: readonly Language[]): ReadonlyMap<Locale, Language['texts']> {
  return new Map(languages.map(({ tag, texts }) => [tag, texts]));
}

/** Equal in two processes that speak alike: all languages with their texts. */
export function textsDigest(): string {
  const parts = all.map(({ tag, name, discordLocales, script, texts }) => {
    const sorted = Object.entries(texts).sort(([one], [other]) => (one < other ? -1 : 1));
    return [tag, name, discordLocales, script?.source, sorted];
  });
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}

function translatorOf(languages: readonly Language[]): Translator {
  const made = createInstance({
    lng: defaultLocale,
    fallbackLng: defaultLocale,
    supportedLngs: languages.map(({ tag }) => tag),
    keySeparator: false,
    nsSeparator: false,
    initAsync: false,
    // Texts go into Discord messages, not into HTML: `&` must stay `&`. User input is escaped before it is filled in.
    interpolation: { escapeValue: false },
    resources: Object.fromEntries(
      languages.map(({ tag, texts }) => [tag, { translation: { ...inAllForms(texts, tag) } }]),
    ),
  });
  void made.init();
  return made;
}

/** The text `key` in `locale`, with `params` filled in. */
export function text(locale: Locale, key: TextKey, params: TextParams = {}): string {
  const lng = isSpoken(locale) ? locale : nearestLocale(locale);
  const asWritten = plainText(lng, key, params);
  if (asWritten !== undefined) return asWritten;
  const moments = momentsIn(key);
  const values = Object.entries(params).map(([name, value]) => [
    name,
    moments.has(name) ? value : shown(value, lng),
  ]);
  const count = typeof params.count === 'number' ? { count: params.count } : {};
  // Without a count the second key finds a plural's general form.
  // A text that is named in another one, `$t(measure.open)`, is looked up with these values alone.
  const replace = { ...Object.fromEntries(values), lng };
  return i18n.t([key, `${key}_other`], { lng, replace, ...count });
}

/** Most texts are read as they are written: nothing is filled in, and they have no plural forms. */
function plainText(lng: Locale, key: TextKey, { count }: TextParams): string | undefined {
  if (typeof count === 'number') return undefined;
  const words = written.get(lng)?.[key];
  return words === undefined || /\{\{|\$t\(/.test(words) ? undefined : words;
}

/** A value as the language writes it. */
function shown(value: TextParams[string], locale: Locale): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return inNumbers(value, locale);
  if (!('money' in value)) return inList(value, locale);
  const amount = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }).format(value.money);
  return value.currency ? `${amount} ${value.currency}` : amount;
}

const numberFormats = new Map<Locale, Intl.NumberFormat>();

/** A number as the language writes it: 0.5 as `0,5` in German. Groups only from 10,000: sizes in pixels stay as they are. */
function inNumbers(value: number, locale: Locale): string {
  const made =
    numberFormats.get(locale) ??
    new Intl.NumberFormat(locale, { useGrouping: 'min2', maximumFractionDigits: 4 });
  numberFormats.set(locale, made);
  return made.format(value);
}

const knownMoments = new Map<TextKey, ReadonlySet<string>>();

/** Placeholders for points in time, `<t:{{resets}}:R>`: Discord takes plain seconds there. */
function momentsIn(key: TextKey): ReadonlySet<string> {
  const known = knownMoments.get(key);
  if (known) return known;
  const english = written.get(defaultLocale);
  const words = english?.[key] ?? english?.[`${key}_other`] ?? '';
  const found = new Set([...words.matchAll(/<t:\{\{(\w+)\}\}/g)].map(([, name = '']) => name));
  knownMoments.set(key, found);
  return found;
}

/** "3, 5, or 10", and in Chinese "3、5 或 10", with the spaces that it has between its own signs and others. */
function inList(values: readonly string[], locale: Locale): string {
  const parts = new Intl.ListFormat(locale, { type: 'disjunction' }).formatToParts(values);
  return parts.map(({ value }) => (/^\p{Script=Han}$/u.test(value) ? ` ${value} ` : value)).join('');
}

/** True if `key` names a text. */
export function isTextKey(key: string): key is TextKey {
  const english = written.get(defaultLocale) ?? {};
  return key in english || `${key}_other` in english;
}

/** The key of a text of any language, as it is written. */
export function keyOfText(words: string): string | undefined {
  const entries = all.flatMap(({ texts }) => Object.entries(texts));
  return entries.find(([, each]) => each === words)?.[0];
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
export function localizations(key: TextKey): Readonly<Record<string, string>> {
  const known = localized.get(key);
  if (known) return known;
  const others = all.filter(({ tag, texts }) => tag !== defaultLocale && key in texts);
  const made = Object.fromEntries(
    others.flatMap(({ tag, discordLocales }) => discordLocales.map((one) => [one, text(tag, key)])),
  );
  localized.set(key, made);
  return made;
}

/** The language a message is certainly written in, judged by its script; undefined if that does not tell. */
export function languageByScript(words: string): Locale | undefined {
  // The last one: the letters of zh-TW are also in zh-CN's script, and those that tell it apart are not.
  return all.findLast(({ script }) => script?.test(words))?.tag;
}

function placesOf(languages: readonly Language[]) {
  return languages.map(({ tag, discordLocales }) => ({ tag, discordLocales, ...localeOf(tag) }));
}

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
  const alike = nearTo.filter(({ language }) => language === wanted.language);
  const nearest =
    nearTo.find(
      ({ tag, discordLocales }) => tag === locale || discordLocales.some((one) => one === locale),
    ) ??
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
