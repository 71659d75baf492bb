import { type APIButtonComponent, type APISelectMenuOption, ComponentType } from 'discord.js';
import { offerIn } from '../../src/discord/access/guild-catalogue.js';
import { isOn } from '../../src/discord/access/guild-policy.js';
import { drawPanel, type PanelCard } from '../../src/discord/views/message.js';
import { mostResultsEver, zoneOf } from '../../src/guilds/settings.js';
import { locales, text } from '../../src/locales/index.js';
import type { Kind } from '../../src/mps/generation-request.js';
import { provenances } from './changes.js';
import { contentLines, contentRows } from './content-page.js';
import { moderationLines, moderationRows } from './moderation-page.js';
import { button, channelsRow, type Row, rolesRow, select } from './panel-rows.js';
import { reviewLines, reviewRows } from './review-page.js';
import { showcaseLines, showcaseRows } from './showcase-page.js';
import { stylesLines, stylesRows } from './styles-page.js';
import { kindsOf, languageLabel, optionLabel, type Seen, settingLines } from './summary.js';

/** A message has five rows and there are more settings, so each section has its own page. */
export const sections = [
  'usual',
  'access',
  'models',
  'files',
  'styles',
  'moderation',
  'review',
  'content',
  'showcase',
  'language',
] as const;
export type Section = (typeof sections)[number];

/** Most rows of a message and most options of a select (Discord docs: Component Reference). */
const maxRows = 5;
const maxOptions = 25;
/** In a select: the operator's setting. */
export const usual = 'usual';

/** Time zones with many inhabitants; the subcommand completes all others. */
export const commonZones = [
  ...['UTC', 'America/Los_Angeles', 'America/Denver', 'America/Chicago', 'America/New_York'],
  ...['America/Sao_Paulo', 'Europe/London', 'Europe/Paris', 'Europe/Berlin', 'Europe/Moscow'],
  ...['Africa/Lagos', 'Africa/Johannesburg', 'Asia/Dubai', 'Asia/Karachi', 'Asia/Kolkata'],
  ...['Asia/Dhaka', 'Asia/Jakarta', 'Asia/Singapore', 'Asia/Shanghai', 'Asia/Hong_Kong'],
  ...['Asia/Taipei', 'Asia/Seoul', 'Asia/Tokyo', 'Australia/Sydney', 'Pacific/Auckland'],
];

/** All settings as text, and the controls of one section. */
export function drawSettings(seen: Seen, section: Section, first: readonly string[] = []): PanelCard {
  const heading = `**${text(seen.locale, 'rules.title')}**`;
  const chooser = select('section', 'rules.section', seen, {
    options: sections.map((value) => ({
      value,
      label: text(seen.locale, `rules.section.${value}`),
      default: value === section,
    })),
  });
  const rows = [chooser, ...rowsOf[section](seen)].slice(0, maxRows);
  return drawPanel([...first, heading, ...linesOf(section, seen), ...otherPages(section, seen)], rows);
}

/** The first page names the others: a menu that shows its own name is easily overlooked. */
function otherPages(section: Section, { locale }: Seen): string[] {
  if (section !== 'usual') return [];
  const others = sections.filter((one) => one !== 'usual').map((one) => text(locale, `rules.section.${one}`));
  return [`-# ${text(locale, 'rules.pages', { pages: others.join(text(locale, 'list.comma')) })}`];
}

/** Pages with lists of their own show only those: a message has room for 2000 letters. */
function linesOf(section: Section, seen: Seen): string[] {
  if (section === 'styles') return stylesLines(seen);
  if (section === 'moderation') return moderationLines(seen);
  if (section === 'review') return reviewLines(seen);
  if (section === 'showcase') return showcaseLines(seen);
  return section === 'content' ? contentLines(seen) : settingLines(seen);
}

const rowsOf: Readonly<Record<Section, (seen: Seen) => Row[]>> = {
  usual: (seen) => [
    ...kindsOf(seen.offer).map((kind) => modelRow(kind, seen)),
    ...durationRow(seen),
    buttons(seen, [['private', seen.settings.private]]),
  ],

  access: (seen) => [
    channelsRow('channels', 'rules.pick.channels', seen.settings.channels, seen),
    rolesRow('roles', 'rules.pick.roles', seen.settings.roles, seen),
    mostRow(seen),
    withContent(buttons(seen, [['delete', seen.settings.membersMayDelete]]), seen),
  ],

  models: (seen) => kindsOf(seen.offer).flatMap((kind) => offRows(kind, seen)),

  files: (seen) => [
    select('provenance', 'rules.provenance', seen, {
      options: (['usual', ...provenances] as const).map((value) => ({
        value,
        label: optionLabel('rules.provenance', text(seen.locale, `provenance.${value}`), seen.locale),
        default: value === (seen.settings.provenance ?? 'usual'),
      })),
    }),
    buttons(seen, [['spoiler', seen.settings.spoiler]]),
  ],

  styles: stylesRows,
  moderation: moderationRows,

  review: reviewRows,

  content: contentRows,

  showcase: showcaseRows,

  language: (seen) => [
    select('language', 'rules.language', seen, {
      options: (['follow', ...locales] as const).map((value) => ({
        value,
        label: optionLabel('rules.language', languageLabel(value, seen.locale), seen.locale),
        default: value === seen.settings.language,
      })),
    }),
    zoneRow(seen),
  ],
};

/** The enabled models, including the current one; those beyond a select's capacity go by the subcommand. */
function modelRow(kind: Kind, seen: Seen): Row {
  const { settings, offer, locale } = seen;
  const here = offerIn(offer, settings);
  const own = settings[`${kind}Model`];
  const current = own && here.catalogue.find(kind, own)?.id;
  const name = offer.catalogue.find(kind, offer.config[kind].model)?.label ?? '';
  const named = (label: string) => optionLabel(`rules.model.${kind}`, label, locale);
  const models = [...here.catalogue.list(kind)].map(({ id, label }) => ({
    value: id,
    label: named(label),
    default: id === current,
  }));
  const first = { value: usual, label: named(text(locale, 'rules.usual', { name })), default: !current };
  return select(`${kind}_model`, `rules.model.${kind}`, seen, { options: [first, ...withDefault(models)] });
}

/** None if the model sets the length itself. */
function durationRow(seen: Seen): Row[] {
  const { settings, offer, locale } = seen;
  if (!offer.config.video.enabled) return [];
  const here = offerIn(offer, settings);
  const durations = here.catalogue.find('video', here.config.video.model)?.durations ?? [];
  if (durations.length === 0) return [];
  const inSeconds = (seconds: number) => text(locale, 'card.seconds', { seconds });
  const named = (label: string) => optionLabel('rules.duration', label, locale);
  const name = inSeconds(offer.config.video.duration);
  const first = {
    value: usual,
    label: named(text(locale, 'rules.usual', { name })),
    default: settings.duration === undefined,
  };
  const others = durations.map((seconds) => ({
    value: String(seconds),
    label: named(inSeconds(seconds)),
    default: seconds === settings.duration,
  }));
  return [select('duration', 'rules.duration', seen, { options: [first, ...withDefault(others)] })];
}

/** One fewer than a select holds, always including the chosen one. */
function withDefault(options: readonly APISelectMenuOption[]): APISelectMenuOption[] {
  const kept = options.slice(0, maxOptions - 1);
  const chosen = options.find((option) => option.default);
  return chosen && !kept.includes(chosen) ? [...kept.slice(0, -1), chosen] : kept;
}

/** Models of a kind in selects of 25. */
export function pagesOf(kind: Kind, { offer }: Pick<Seen, 'offer'>): string[][] {
  const ids = [...offer.catalogue.list(kind)].map(({ id }) => id);
  return Array.from({ length: Math.ceil(ids.length / maxOptions) }, (_, page) =>
    ids.slice(page * maxOptions, (page + 1) * maxOptions),
  );
}

function offRows(kind: Kind, seen: Seen): Row[] {
  const { settings, offer, locale } = seen;
  return pagesOf(kind, seen).map((ids, page) =>
    select(`off_${kind}:${page}`, `rules.pick.off.${kind}`, seen, {
      min_values: 0,
      max_values: ids.length,
      options: ids.map((id) => ({
        value: id,
        label: optionLabel(`rules.isOff.${kind}`, offer.catalogue.find(kind, id)?.label ?? id, locale),
        default: !isOn(settings, kind, id),
      })),
    }),
  );
}

function zoneRow(seen: Seen): Row {
  const { timeZone, next } = zoneOf(seen.settings, seen.timeZone);
  const current = next?.timeZone ?? timeZone;
  const zones = commonZones.includes(current) ? commonZones : [...commonZones.slice(0, -1), current];
  return select('zone', 'rules.pick.zone', seen, {
    options: zones.map((value) => ({
      value,
      label: optionLabel('rules.zone', value, seen.locale),
      default: value === current,
    })),
  });
}

function mostRow({ settings, locale }: Seen): Row {
  const numbers = Array.from({ length: mostResultsEver }, (_, at) => at + 1);
  return select(
    'most_results',
    'rules.mostResults',
    { locale },
    {
      options: numbers.map((count) => ({
        value: String(count),
        label: optionLabel('rules.mostResults', text(locale, 'rules.mostResults.value', { count }), locale),
        default: count === settings.mostResults,
      })),
    },
  );
}

/** A row of buttons, with those that say where images and videos can be made. */
function withContent(row: Row, { settings, offer, locale }: Seen): Row {
  const components = kindsOf(offer).map((kind): APIButtonComponent => {
    const place = settings.content[kind] === 'anywhere' ? 'age-restricted' : 'anywhere';
    const control = `content_${kind}_${place === 'anywhere' ? 'anywhere' : 'restricted'}`;
    return button(control, text(locale, `button.content.${kind}.${place}`));
  });
  return { ...row, components: [...row.components, ...components] };
}

/** A toggle. Its id says which state it sets, so a stale button doesn't flip the current state. */
function buttons(
  { locale }: Seen,
  switches: readonly (readonly [name: 'private' | 'delete' | 'spoiler', isOn: boolean])[],
): Row {
  const components = switches.map(([name, isOn]) => {
    const to = isOn ? 'off' : 'on';
    return button(`${name}_${to}`, text(locale, `button.${name}.${to}`));
  });
  return { type: ComponentType.ActionRow, components };
}
