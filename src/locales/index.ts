import { createInstance } from 'i18next';
import { enUS, type TextKey } from './en-US.js';
import { zhCN } from './zh-CN.js';

/** Languages Easel speaks. Discord locales that are not among them read en-US. */
export const locales = ['en-US', 'zh-CN'] as const;
export type Locale = (typeof locales)[number];

export type { TextKey };
/**
 * What is filled into a text's `{{places}}`; a list becomes "5 or 10". Values go in as they are: escape what a person
 * typed beforehand.
 */
export type TextParams = Readonly<Record<string, string | number | readonly string[]>>;

const i18n = createInstance({
  lng: 'en-US',
  fallbackLng: 'en-US',
  supportedLngs: [...locales],
  keySeparator: false,
  nsSeparator: false,
  initAsync: false,
  // Discord is no HTML page: `&` must stay `&`. Markdown is escaped where a person's words are put in.
  interpolation: { escapeValue: false },
  resources: { 'en-US': { translation: enUS }, 'zh-CN': { translation: zhCN } },
});
void i18n.init();

/** The text `key` in `locale`, with `params` filled in. */
export function text(locale: Locale, key: TextKey, params: TextParams = {}): string {
  const words = Object.entries(params).map(([name, value]) => [
    name,
    typeof value === 'object' ? new Intl.ListFormat(locale, { type: 'disjunction' }).format(value) : value,
  ]);
  return i18n.t(key, { lng: locale, replace: Object.fromEntries(words) });
}

/** Easel's language nearest to one of Discord's locales: every Chinese reads zh-CN, all others en-US. */
export function nearestLocale(discordLocale: string | undefined): Locale {
  return discordLocale?.startsWith('zh') ? 'zh-CN' : 'en-US';
}
