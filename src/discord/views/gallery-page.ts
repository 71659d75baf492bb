import { type APIButtonComponentWithCustomId, ButtonStyle, ComponentType } from 'discord.js';
import { type Locale, type TextKey, text } from '../../locales/index.js';
import { type Catalogue, toId } from '../../mps/catalogue/catalogue.js';
import type { Kind } from '../../mps/generation-request.js';
import type { Result } from '../../tasks/ledger/recent-results.js';
import type { Task } from '../../tasks/model/task.js';
import { lastChange } from '../../tasks/model/task-record.js';
import { controlId } from './custom-ids.js';
import { fitted } from './fit-lines.js';
import { escapeWords } from './markdown.js';
import { drawPanel, type PanelCard } from './message.js';
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
 * The place as a control: `2:1100…004:v:kling-3.0`. The model comes last, since an operator's own may have colons in its
 * name; with names of thirty characters, as MODELS_FILE takes, all of it stays within Discord's 100.
 */
export function formatPlace({ page, filter: { userId = '', kind, model = '' } }: GalleryPlace): string {
  return [page, userId, kind ? letters[kind] : '', model].join(':');
}

/** Undefined for an unknown control. */
export function parsePlace(control: string): GalleryPlace | undefined {
  const [whole, page, userId, letter, model] = /^(\d{1,3}):(\d{17,20})?:([iv])?:(.*)$/.exec(control) ?? [];
  if (whole === undefined) return undefined;
  return {
    page: Number(page),
    filter: {
      ...(userId && { userId }),
      ...(letter && { kind: letter === 'i' ? 'image' : 'video' }),
      ...(model && { model }),
    },
  };
}

export interface GalleryView {
  /** What is on this page. */
  readonly tasks: readonly Task[];
  readonly pages: number;
  /** Whose gallery it is: a server's, or the user's own. */
  readonly of: 'server' | 'own';
  readonly place: GalleryPlace;
}

/**
 * A page of results: two short lines for each, what it shows and who made it with what, when and where. Links to the
 * messages rather than thumbnails: ten images would fill three screens of a telephone, each would need its message
 * fetched for a link that is alive (a file's own dies within a day), and a click leads to the image in full anyway.
 */
export function drawGallery(
  { tasks, pages, of, place }: GalleryView,
  locale: Locale,
  catalogue: Catalogue,
): PanelCard {
  const filtered = Object.keys(place.filter).length > 0;
  if (tasks.length === 0) return drawPanel([text(locale, filtered ? 'gallery.noMatch' : 'gallery.none')]);
  const title = `**${text(locale, `gallery.title.${of}`)}**${about(place.filter, locale, catalogue)}`;
  const count = pages > 1 ? ` · ${text(locale, 'gallery.page', { page: place.page + 1, pages })}` : '';
  const lines = fitted((width) => [
    `${title}${count}`,
    ...tasks.flatMap((task) => entry(task, width, locale, catalogue)),
  ]);
  return drawPanel(lines, turns(place, pages));
}

function entry(task: Task, width: number, locale: Locale, catalogue: Catalogue): readonly string[] {
  const { request, origin } = task;
  const words = escapeWords(request.prompt, width) || text(locale, 'tasks.noWords');
  const label = catalogue.find(request.kind, request.model)?.label ?? request.model;
  const facts = [
    escapeWords(label),
    `<@${origin.userId}>`,
    `<t:${Math.round(lastChange(task) / 1000)}:R>`,
    jumpLink(task) ?? '',
  ];
  return [`${signs[request.kind]} ${words}`, `-# ${facts.filter((fact) => fact !== '').join(' · ')}`];
}

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

function turns({ page, filter }: GalleryPlace, pages: number): PanelCard['components'] {
  const turn = (to: number, label: string): APIButtonComponentWithCustomId => ({
    type: ComponentType.Button,
    style: ButtonStyle.Secondary,
    label,
    custom_id: controlId('gallery', formatPlace({ page: to, filter })),
  });
  const components = [
    ...(page > 0 ? [turn(page - 1, '◀')] : []),
    ...(page < pages - 1 ? [turn(page + 1, '▶')] : []),
  ];
  return components.length > 0 ? [{ type: ComponentType.ActionRow, components }] : [];
}
