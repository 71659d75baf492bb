import {
  type APIActionRowComponent,
  type APIButtonComponentWithCustomId,
  type APIComponentInMessageActionRow,
  type APIMediaGalleryItem,
  type APIStringSelectComponent,
  ButtonStyle,
  ComponentType,
} from 'discord.js';
import { type Locale, type TextKey, text } from '../../locales/index.js';
import { type Catalogue, toId } from '../../mps/catalogue/catalogue.js';
import type { Kind } from '../../mps/generation-request.js';
import type { Result } from '../../tasks/ledger/recent-results.js';
import type { Task, TaskSet } from '../../tasks/model/task.js';
import { lastChange } from '../../tasks/model/task-record.js';
import type { Preview } from '../input/result-previews.js';
import { controlId } from './custom-ids.js';
import { fitted } from './fit-lines.js';
import { clip, escapeWords } from './markdown.js';
import { asV2, drawPanel, type V2Card } from './message.js';
import { jumpLink } from './message-link.js';

/** The filter of a gallery. */
export interface Filter {
  readonly userId?: string;
  readonly kind?: Kind;
  /** A catalogue id. */
  readonly model?: string;
}

/** A page of the gallery, from 0, as its buttons carry it. */
export interface GalleryPlace {
  readonly page: number;
  readonly filter: Filter;
  /** @default newest first */
  readonly sort?: 'stars';
}

/** Results on a page. */
export const perPage = 10;

export function matches({ userId, kind, model }: Filter, result: Result): boolean {
  return (
    (userId === undefined || result.userId === userId) &&
    (kind === undefined || result.kind === kind) &&
    (model === undefined || result.model === toId(model))
  );
}

const letters = { image: 'i', video: 'v' } as const satisfies Record<Kind, string>;

/**
 * The place as a control: `2:1100…004:v:kling-3.0`; `2s:` if those with most stars come first. The model comes last, since an operator's own may have colons in its
 * name; with names of thirty characters, as MODELS_FILE takes, all of it stays within Discord's 100.
 */
export function formatPlace({ page, filter: { userId = '', kind, model = '' }, sort }: GalleryPlace): string {
  return [`${page}${sort ? 's' : ''}`, userId, kind ? letters[kind] : '', model].join(':');
}

/** Undefined for an unknown control. */
export function parsePlace(control: string): GalleryPlace | undefined {
  const [whole, page, sort, userId, letter, model] =
    /^(\d{1,3})(s)?:(\d{17,20})?:([iv])?:(.*)$/.exec(control) ?? [];
  if (whole === undefined) return undefined;
  return {
    page: Number(page),
    filter: {
      ...(userId && { userId }),
      ...(letter && { kind: letter === 'i' ? 'image' : 'video' }),
      ...(model && { model }),
    },
    ...(sort && { sort: 'stars' }),
  };
}

export interface GalleryEntry {
  readonly task: Task;
  readonly preview: Preview;
  /** How many users starred it. @default 0 */
  readonly stars?: number;
}

export interface GalleryView {
  /** What is on this page. */
  readonly entries: readonly GalleryEntry[];
  readonly pages: number;
  /** Whose gallery it is: a server's, or the user's own. */
  readonly of: 'server' | 'own';
  readonly place: GalleryPlace;
  /** Without prompts: Discord refuses the words of one. */
  readonly isWordless?: boolean;
}

/** The control of the select that shows details. */
export const detailsControl = 'details';

/**
 * A page of results: their pictures and clips, and two short lines for each, numbered as the pictures are: what it
 * shows and who made it with what, when and where. What can't be shown has a reason instead of a number.
 */
export function drawGallery(view: GalleryView, locale: Locale, catalogue: Catalogue): V2Card {
  const { pages, of, place } = view;
  const entries = view.isWordless ? view.entries.map(withoutWords) : view.entries;
  const filtered = Object.keys(place.filter).length > 0 || place.sort !== undefined;
  if (entries.length === 0)
    return asV2(drawPanel([text(locale, filtered ? 'gallery.noMatch' : 'gallery.none')]));
  const title = `**${text(locale, `gallery.title.${place.sort ?? of}`)}**${about(place.filter, locale, catalogue)}`;
  const count = pages > 1 ? ` · ${text(locale, 'gallery.page', { page: place.page + 1, pages })}` : '';
  const numbered = number(entries);
  const lines = fitted((width) => numbered.flatMap((entry) => drawEntry(entry, width, locale, catalogue)));
  const items = numbered.flatMap((entry) => itemOf(entry));
  const { flags, allowed_mentions, components } = asV2(drawPanel([`${title}${count}`]));
  return {
    flags,
    allowed_mentions,
    components: [
      ...components,
      ...(items.length > 0 ? [{ type: ComponentType.MediaGallery, items } as const] : []),
      { type: ComponentType.TextDisplay, content: lines.join('\n') },
      row(chooser(numbered, locale)),
      ...turns(place, pages),
    ],
  };
}

function withoutWords({ task, ...rest }: GalleryEntry): GalleryEntry {
  return { ...rest, task: { ...task, origin: { ...task.origin, wordless: true } } };
}

/** `number`: undefined if it can't be shown. */
type Numbered = GalleryEntry & { readonly number: number | undefined };

function number(entries: readonly GalleryEntry[]): readonly Numbered[] {
  let shown = 0;
  return entries.map((entry) => ({ ...entry, number: 'gap' in entry.preview ? undefined : ++shown }));
}

/** Discord docs: Component Reference, "Media Gallery Item". */
const maxAltText = 1024;

function itemOf({ task: { request, origin }, preview }: GalleryEntry): APIMediaGalleryItem[] {
  if ('gap' in preview) return [];
  const { url, spoiler } = preview;
  const description = origin.wordless ? '' : clip(request.prompt.trim(), maxAltText);
  return [{ media: { url }, ...(description && { description }), ...(spoiler && { spoiler }) }];
}

function drawEntry(
  { task, preview, number, stars = 0 }: Numbered,
  width: number,
  locale: Locale,
  catalogue: Catalogue,
): readonly string[] {
  const { request, origin } = task;
  const words = escapeWords(wordsOf(task, locale), width);
  const made = task.made?.billed ?? task.cost.amount;
  const facts = [
    escapeWords(labelOf(task, catalogue)),
    ...(task.set ? [text(locale, 'gallery.part', partOf(task.set))] : []),
    ...(request.kind === 'image' && made > 1 ? [text(locale, 'tasks.cost.image', { count: made })] : []),
    `<@${origin.userId}>`,
    `<t:${Math.round(lastChange(task) / 1000)}:R>`,
    ...(stars > 0 ? [text(locale, 'gallery.starred', { count: stars })] : []),
    ...('gap' in preview ? [text(locale, `gallery.gap.${preview.gap}`)] : []),
    jumpLink(task) ?? '',
  ];
  return [
    `${number === undefined ? '' : `**${number}.** `}${signs[request.kind]} ${words}`,
    `-# ${facts.filter((fact) => fact !== '').join(' · ')}`,
  ];
}

/** Where it stands in the message of its set. */
function partOf({ before, results }: TaskSet) {
  return { number: before + 1, all: results };
}

/** The prompt on one line, unless Discord blocks its words, or there is none. */
function wordsOf({ request, origin }: Task, locale: Locale): string {
  if (origin.wordless) return text(locale, 'gallery.wordless');
  return request.prompt.replace(/\s+/g, ' ').trim() || text(locale, 'tasks.noWords');
}

function labelOf({ request }: Task, catalogue: Catalogue): string {
  return catalogue.find(request.kind, request.model)?.label ?? request.model;
}

/** One select with all results of the page: details of the chosen one. */
function chooser(entries: readonly Numbered[], locale: Locale): APIStringSelectComponent {
  return {
    type: ComponentType.StringSelect,
    custom_id: controlId('gallery', detailsControl),
    placeholder: text(locale, 'gallery.details'),
    options: entries.map(({ task, number }) => {
      const sign = number === undefined ? '' : `${number}. `;
      return {
        value: task.id,
        label: clip(`${sign}${wordsOf(task, locale)}`, mostLabel),
        // Those that can't be shown have no number, and the results of a set the same prompt.
        ...(task.set && { description: text(locale, 'gallery.part', partOf(task.set)) }),
      };
    }),
  };
}

/** The most letters of an option's label, as Discord takes them. */
const mostLabel = 100;

const signs = { image: '🖼️', video: '🎬' } as const satisfies Record<Kind, string>;

function about({ userId, kind, model }: Filter, locale: Locale, catalogue: Catalogue): string {
  const known = model && (catalogue.find('image', model) ?? catalogue.find('video', model));
  const kinds = { image: 'models.image', video: 'models.video' } as const satisfies Record<Kind, TextKey>;
  const parts = [
    userId && `<@${userId}>`,
    kind && text(locale, kinds[kind]),
    model && escapeWords(known ? known.label : model),
  ];
  return parts.map((part) => (part ? ` · ${part}` : '')).join('');
}

function turns({ page, filter }: GalleryPlace, pages: number): ActionRow[] {
  const turn = (to: number, label: string): APIButtonComponentWithCustomId => ({
    type: ComponentType.Button,
    style: ButtonStyle.Secondary,
    label,
    custom_id: controlId('gallery', formatPlace({ page: to, filter })),
  });
  const buttons = [
    ...(page > 0 ? [turn(page - 1, '◀')] : []),
    ...(page < pages - 1 ? [turn(page + 1, '▶')] : []),
  ];
  return buttons.length > 0 ? [row(...buttons)] : [];
}

type ActionRow = APIActionRowComponent<APIComponentInMessageActionRow>;

function row(...components: APIComponentInMessageActionRow[]): ActionRow {
  return { type: ComponentType.ActionRow, components };
}
