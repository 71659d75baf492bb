import { escapeWords } from '../../src/discord/views/markdown.js';
import { type Locale, languageName, type TextKey, text } from '../../src/locales/index.js';
import type { Catalogue } from '../../src/mps/catalogue/catalogue.js';
import type { Kind } from '../../src/mps/generation-request.js';
import { builtInName, findBuiltIn } from '../../src/presets/built-in.js';
import { languageOf, type Preferences } from '../../src/presets/preferences.js';
import { mostPresets } from '../../src/presets/preset.js';
import { presetLines } from '../presets/style-lines.js';
import { optionsLine } from '../presets/style-options.js';

/** A user's defaults and styles, a line each; those that are not set have none. */
export function preferenceLines(own: Preferences, locale: Locale, catalogue: Catalogue): string[] {
  const line = (key: TextKey, value: string) =>
    text(locale, 'rules.line', { label: text(locale, key), value });
  const language = languageOf(own);
  const kinds = (['image', 'video'] as const).filter((kind) => Object.keys(own[kind]).length > 0);
  const set = [
    ...(language === undefined ? [] : [line('preferences.line.language', languageName(language))]),
    ...(own.private === undefined
      ? []
      : [line('preferences.line.private', text(locale, own.private ? 'rules.yes' : 'rules.no'))]),
    ...(own.showcase === false
      ? [line('preferences.line.showcase', text(locale, 'preferences.showcase.never'))]
      : []),
    ...(own.style === undefined ? [] : [line('preferences.line.style', styleName(own, locale))]),
    ...kinds.map((kind) => line(`preferences.line.${kind}`, optionsOf(own, kind, catalogue))),
  ];
  const count = own.presets.length;
  return [
    `**${text(locale, 'preferences.title')}**`,
    ...(set.length > 0 ? set : [text(locale, 'preferences.none')]),
    `**${text(locale, 'style.list.own', { count, max: mostPresets })}**`,
    ...presetLines(own.presets, locale),
    `-# ${text(locale, 'preferences.order')}`,
  ];
}

function styleName({ style, presets }: Preferences, locale: Locale): string {
  if (style === undefined || style === null) return text(locale, 'style.none');
  const isOwn = presets.some(({ name }) => name === style);
  const builtIn = isOwn ? undefined : findBuiltIn(style);
  return escapeWords(builtIn ? builtInName(builtIn.name, locale) : style);
}

function optionsOf(own: Preferences, kind: Kind, catalogue: Catalogue): string {
  const { model, ...rest } = own[kind];
  const label = model === undefined ? undefined : (catalogue.find(kind, model)?.label ?? model);
  return [label, optionsLine(rest)]
    .filter((part) => part !== undefined && part !== '')
    .map((part) => escapeWords(part ?? ''))
    .join(' · ');
}
