import { escapeWords } from '../../src/discord/views/markdown.js';
import { type Locale, text } from '../../src/locales/index.js';
import { builtInIds, builtInName, nameIn } from '../../src/presets/built-in.js';
import type { GuildStyles } from '../../src/presets/guild-styles.js';
import { mostPresets, type PresetWords } from '../../src/presets/preset.js';
import type { Style } from '../../src/presets/style-book.js';
import { optionsLine } from './style-options.js';

/** Most letters of each text in a list of styles. */
const maxInList = 40;

/** Everything about a server's styles, a line each. */
export function listLines(styles: GuildStyles, locale: Locale): string[] {
  const { presets, builtIn, house, usual, usualIn } = styles;
  const title = text(locale, 'style.list.server', { count: presets.length, max: mostPresets });
  const named = (name: string | null) =>
    name === null ? text(locale, 'style.none') : escapeWords(shownName(name, styles, locale));
  return [
    `**${title}**`,
    ...presetLines(presets, locale),
    `**${text(locale, 'style.list.builtIn')}**`,
    builtInIds
      .map((id) => `${builtIn.includes(id) ? '☑' : '☐'} ${builtInName(id, locale)} (${id})`)
      .join(text(locale, 'list.comma')),
    text(locale, 'style.list.default', { style: named(usual ?? null) }),
    ...Object.entries(usualIn).map(([channel, name]) =>
      text(locale, 'style.list.defaultIn', { channel: `<#${channel}>`, style: named(name) }),
    ),
    house === undefined
      ? text(locale, 'style.list.noHouse')
      : text(locale, 'style.list.house', { house: escapeWords(house, 500) }),
  ];
}

/** The name of a default style of a server. */
export function shownName(name: string, { presets }: Pick<GuildStyles, 'presets'>, locale: Locale): string {
  return presets.some((preset) => preset.name === name) ? name : builtInName(name, locale);
}

/** A list of styles, or the word that there are none. */
export function presetLines(presets: readonly PresetWords[], locale: Locale): string[] {
  if (presets.length === 0) return [text(locale, 'style.list.none')];
  return presets.map((preset) => {
    const { name, before, after } = preset;
    const words = [before, after]
      .filter((part) => part !== undefined)
      .map((part) => escapeWords(part, maxInList));
    const facts = [kindsLine(preset, locale), ...words].join(' · ');
    return `- **${escapeWords(name)}** · ${facts}`;
  });
}

function kindsLine({ image, video }: PresetWords, locale: Locale): string {
  if (image && video) return text(locale, 'style.kinds.both');
  return text(locale, image ? 'style.kinds.image' : 'style.kinds.video');
}

/** Everything about one style, a line each. */
export function styleLines(style: Style, locale: Locale): string[] {
  const { before, after, negative, image, video } = style;
  const words = (key: 'before' | 'after' | 'negative', value: string | undefined) =>
    value === undefined ? [] : [text(locale, `style.show.${key}`, { words: escapeWords(value, 600) })];
  const options = (kind: 'image' | 'video', given: typeof image | typeof video) => {
    if (!given) return [];
    const line = optionsLine(given);
    const shown = line === '' ? text(locale, 'style.show.usual') : escapeWords(line, 400);
    return [text(locale, `style.show.${kind}`, { options: shown })];
  };
  return [
    `**${escapeWords(nameIn(style, locale))}** · ${text(locale, `style.of.${style.of}`)}`,
    ...words('before', before),
    ...words('after', after),
    ...words('negative', negative),
    ...options('image', image),
    ...options('video', video),
  ];
}
