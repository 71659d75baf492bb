import {
  type APIActionRowComponent,
  type APIButtonComponentWithCustomId,
  type APIComponentInMessageActionRow,
  type APIMessageTopLevelComponent,
  ButtonStyle,
  ComponentType,
  MessageFlags,
  type RESTPatchAPIWebhookWithTokenMessageJSONBody,
} from 'discord.js';
import type { Action, Sentence, UserError } from '../../errors.js';
import { type Locale, type TextParams, text } from '../../locales/index.js';
import { clip, escapeWords } from './markdown.js';

/** A message body for an answer or a channel. */
export type Card = Required<Pick<RESTPatchAPIWebhookWithTokenMessageJSONBody, 'allowed_mentions'>> & {
  readonly content: string;
  readonly flags: number;
  readonly components: APIActionRowComponent<APIButtonComponentWithCustomId>[];
};

/** A card whose rows may also hold selects. */
export type PanelCard = Omit<Card, 'components'> & {
  readonly components: APIActionRowComponent<APIComponentInMessageActionRow>[];
};

/**
 * A message of Components V2, whose text stands in components. A message that has once become one stays one
 * (docs/discord-notes.md#modals-and-components): all later answers have to be of this form.
 */
export type V2Card = Pick<Card, 'allowed_mentions' | 'flags'> & {
  readonly components: APIMessageTopLevelComponent[];
  readonly content?: never;
};

/** Any message that answers an interaction. */
export type AnyCard = Card | PanelCard | V2Card;

/** Whether flags are those of a Components V2 message. */
export function isV2({ flags }: { readonly flags: number }): boolean {
  return (flags & MessageFlags.IsComponentsV2) !== 0;
}

/** The same message in Components V2. */
export function asV2(card: AnyCard): V2Card {
  if (card.content === undefined) return card;
  const { content, components, ...rest } = card;
  return {
    ...rest,
    flags: rest.flags | MessageFlags.IsComponentsV2,
    components: [
      ...(content === '' ? [] : [{ type: ComponentType.TextDisplay, content } as const]),
      ...components,
    ],
  };
}

/** Discord's limit on all texts of a Components V2 message together, UTF-16 units. */
const maxBlocks = 4000;

/** Blocks of text with a line between them, and rows of buttons. Nothing in them pings. */
export function drawBlocks(
  blocks: readonly string[],
  rows: readonly APIActionRowComponent<APIComponentInMessageActionRow>[] = [],
): V2Card {
  const most = Math.floor(maxBlocks / blocks.length);
  const isLong = blocks.join('').length > maxBlocks;
  const parts = blocks.map((block) => ({
    type: ComponentType.TextDisplay as const,
    content: isLong ? clip(block, most) : block,
  }));
  const separated = parts.flatMap((part, at): APIMessageTopLevelComponent[] =>
    at === 0 ? [part] : [{ type: ComponentType.Separator }, part],
  );
  return {
    components: [...separated, ...rows],
    flags: MessageFlags.SuppressEmbeds | MessageFlags.IsComponentsV2,
    allowed_mentions: { parse: [] },
  };
}

/** Discord's limit, UTF-16 units. */
export const maxContent = 2000;

/** A card with our own lines, outside any task. */
export function drawLines(lines: readonly string[]): Card {
  return message(lines.join('\n'));
}

/** Follow-ups to one interaction at most: a user-installed bot may send five (docs/discord-notes.md#interactions). */
const maxPages = 5;

/** The same, split into as many messages as needed; anything beyond five is cut. */
export function drawPages(lines: readonly string[]): Card[] {
  const pages: string[] = [];
  for (const line of lines) {
    const last = pages.at(-1);
    const longer = last === undefined ? line : `${last}\n${line}`;
    const fits = longer.length <= maxContent || pages.length === maxPages;
    if (last === undefined || !fits) pages.push(line);
    else pages.splice(-1, 1, longer);
  }
  return pages.map((page) => message(page));
}

/** Our own lines in one message, with rows of selects and buttons. */
export function drawPanel(lines: readonly string[], rows: PanelCard['components'] = []): PanelCard {
  return { ...message(lines.join('\n')), components: rows };
}

/** One or more sentences, outside any task. */
export function drawSentences(sentences: readonly Sentence[], locale: Locale): Card {
  return message(sentences.map((sentence) => say(sentence, locale)).join('\n'));
}

/** Renders a sentence. User text is shown verbatim; channels and roles are named, not pinged. */
export function say(
  { key, params, mentions: { channels = [], roles = [] } = {} }: Sentence,
  locale: Locale,
): string {
  return text(locale, key, {
    ...escaped(params),
    channels: named(channels, '#'),
    roles: named(roles, '@&'),
  });
}

/** Most names listed. */
const maxNamed = 10;

function named(ids: readonly string[], sign: '#' | '@&'): string[] {
  const shown = ids.slice(0, maxNamed).map((id) => `<${sign}${id}>`);
  return ids.length > maxNamed ? [...shown, '…'] : shown;
}

/** An error message for the user who can fix it. */
export function drawUserError(error: UserError, locale: Locale): Card {
  const buttons = error.actions.map(
    ({ customId, label }, at): APIButtonComponentWithCustomId => ({
      type: ComponentType.Button,
      style: at === 0 ? ButtonStyle.Primary : ButtonStyle.Secondary,
      label: clip(labelText(label, locale), 80),
      custom_id: customId,
    }),
  );
  return {
    ...drawSentences(error.sentences, locale),
    components:
      buttons.length > 0 ? [{ type: ComponentType.ActionRow, components: buttons.slice(0, 5) }] : [],
  };
}

function labelText({ key, params, values = [] }: Action['label'], locale: Locale): string {
  const words = values.map((value) =>
    typeof value === 'string' ? value : text(locale, value.key, value.params),
  );
  return text(locale, key, { ...params, values: words.join(text(locale, 'list.comma')) });
}

/** Without the lines that are empty. */
export function inLines(lines: readonly string[]): string {
  return lines.filter((line) => line !== '').join('\n');
}

/** A message of plain text: nothing in it pings, no link is unfurled. */
export function message(content: string, components: Card['components'] = []): Card {
  return {
    content: clip(content, maxContent),
    components,
    // No link that slipped through is unfurled, that is: fetched.
    flags: MessageFlags.SuppressEmbeds,
    allowed_mentions: { parse: [] },
  };
}

/** Parameters may contain user text, such as a file name: escape them. */
export function escaped(params: TextParams = {}): TextParams {
  const entries = Object.entries(params).map(([name, value]): [string, TextParams[string]] => {
    if (typeof value === 'string') return [name, escapeWords(value, 200)];
    if (typeof value === 'number' || 'money' in value) return [name, value];
    return [name, value.map((word) => escapeWords(word))];
  });
  return Object.fromEntries(entries);
}
