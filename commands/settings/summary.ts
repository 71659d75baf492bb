import type { Offer } from '../../src/discord/access/guild-catalogue.js';
import { offerIn } from '../../src/discord/access/guild-catalogue.js';
import { isOn } from '../../src/discord/access/guild-policy.js';
import { clip } from '../../src/discord/views/markdown.js';
import { type GuildSettings, zoneOf } from '../../src/guilds/settings.js';
import { type Locale, languageName, type TextKey, text } from '../../src/locales/index.js';
import type { ModerationRules } from '../../src/moderation/rules.js';
import type { Kind } from '../../src/mps/generation-request.js';
import type { GuildStyles } from '../../src/presets/guild-styles.js';

/** A guild's settings and what is needed to read them. */
export interface Seen {
  readonly settings: GuildSettings;
  /** The operator's. */
  readonly offer: Offer;
  /** QUOTA_TIME_ZONE */
  readonly timeZone: string;
  readonly locale: Locale;
  /** Only for the page that shows them. */
  readonly styles?: GuildStyles;
  /** A command as a clickable mention; for the pages that name some. */
  readonly mention?: (command: string) => string;
  /** Read for its own page alone. */
  readonly moderation?: ModerationRules;
}

/** The most letters of an option's label, as Discord takes them. */
const mostLabel = 100;

/** Most items listed; the rest are counted. */
const maxNamed = 12;

/** Kinds that the operator has switched on. */
export function kindsOf({ config }: Offer): readonly Kind[] {
  return (['image', 'video'] as const).filter((kind) => config[kind].enabled);
}

/** All settings, one per line; unset ones show their effective value. */
export function settingLines(seen: Seen): string[] {
  const { settings, locale } = seen;
  const say = saying(locale);
  return [
    ...orderLines(seen),
    say('rules.mostResults', text(locale, 'rules.mostResults.value', { count: settings.mostResults })),
    say('rules.provenance', text(locale, `provenance.${settings.provenance ?? 'usual'}`)),
    say('rules.spoiler', text(locale, settings.spoiler ? 'rules.yes' : 'rules.no')),
    say('rules.showcase', showcaseValue(seen)),
    say('rules.language', languageLabel(settings.language, locale)),
    say('rules.zone', zoneLine(seen)),
    say('rules.delete', text(locale, settings.membersMayDelete ? 'rules.yes' : 'rules.no')),
  ];
}

/** Where results with many stars are shown. */
function showcaseValue({ settings: { showcase }, locale }: Seen): string {
  if (!showcase) return text(locale, 'rules.showcase.none');
  const stars = text(locale, 'star.stars', { count: showcase.threshold });
  return text(locale, 'rules.showcase.on', { channel: `<#${showcase.channelId}>`, stars });
}

/** What members may order, and where: the settings that concern each of them. */
export function ruleLines(seen: Seen): string[] {
  const { settings, locale } = seen;
  const say = saying(locale);
  return [
    ...orderLines(seen),
    say('rules.mostResults', text(locale, 'rules.mostResults.value', { count: settings.mostResults })),
    say('rules.delete', text(locale, settings.membersMayDelete ? 'rules.yes' : 'rules.no')),
  ];
}

/** An option of a select. Discord hides the placeholder once one is chosen, so each says what it sets. */
export function optionLabel(key: TextKey, value: string, locale: Locale): string {
  return clip(text(locale, 'rules.line', { label: text(locale, key), value }), mostLabel);
}

/** A line of the summary. */
export function saying(locale: Locale) {
  return (key: TextKey, value: string) =>
    text(locale, 'rules.line', { label: `**${text(locale, key)}**`, value });
}

function orderLines(seen: Seen): string[] {
  const { settings, locale } = seen;
  const say = saying(locale);
  const list = (items: readonly string[], none: TextKey) => summed(items, none, locale);
  const kinds = kindsOf(seen.offer);
  return [
    ...kinds.map((kind) => say(`rules.model.${kind}`, usualModelOf(kind, seen))),
    ...(kinds.includes('video') ? [say('rules.duration', durationOf(seen))] : []),
    say('rules.private', text(locale, settings.private ? 'rules.private.yes' : 'rules.private.no')),
    say(
      'rules.channels',
      list(
        settings.channels.map((id) => `<#${id}>`),
        'rules.channels.all',
      ),
    ),
    say(
      'rules.roles',
      list(
        settings.roles.map((id) => `<@&${id}>`),
        'rules.roles.all',
      ),
    ),
    say('rules.off', list(offNames(seen), 'rules.off.none')),
    ...kinds.map((kind) => say(`rules.content.${kind}`, text(locale, `place.${settings.content[kind]}`))),
  ];
}

/** What the language setting is called in a menu. */
export function languageLabel(language: GuildSettings['language'], locale: Locale): string {
  return language === 'follow' ? text(locale, 'language.follow') : languageName(language);
}

/** Names in a line, the first dozen of them. */
export function summed(items: readonly string[], none: TextKey, locale: Locale): string {
  if (items.length === 0) return text(locale, none);
  const more = items.length - maxNamed;
  const named = items.slice(0, maxNamed);
  return [...named, ...(more > 0 ? [text(locale, 'rules.more', { count: more })] : [])].join(
    text(locale, 'list.comma'),
  );
}

/** The name of the default model. */
export function usualModelOf(kind: Kind, { settings, offer }: Pick<Seen, 'settings' | 'offer'>): string {
  const { catalogue, config } = offerIn(offer, settings);
  return catalogue.find(kind, config[kind].model)?.label ?? config[kind].model;
}

function durationOf({ settings, offer, locale }: Seen): string {
  return text(locale, 'card.seconds', { seconds: settings.duration ?? offer.config.video.duration });
}

/** Disabled models that the operator offers, with their kind if both kinds have one of that name. */
function offNames({ settings, offer, locale }: Seen): string[] {
  return kindsOf(offer).flatMap((kind) =>
    [...offer.catalogue.list(kind)]
      .filter(({ id }) => !isOn(settings, kind, id))
      .map(({ label }) => text(locale, 'list.ofKind', { model: label, kind: text(locale, `kind.${kind}`) })),
  );
}

function zoneLine({ settings, timeZone, locale }: Seen): string {
  const { timeZone: zone, next } = zoneOf(settings, timeZone);
  if (!next) return zone;
  const from = Math.round(next.from / 1000);
  return text(locale, 'rules.zone.next', { zone, next: next.timeZone, from });
}
