import { type APIActionRowComponent, type APIButtonComponent, ButtonStyle, ComponentType } from 'discord.js';
import { type Locale, text } from '../../locales/index.js';
import type { Catalogue } from '../../mps/catalogue/catalogue.js';
import type { Task } from '../../tasks/model/task.js';
import { clip, escapeWords } from '../views/markdown.js';
import { maxContent } from '../views/message.js';
import { linkTo } from '../views/message-link.js';

/** A post in the showcase, without its files. */
export interface ShowcaseCard {
  readonly content: string;
  readonly components: APIActionRowComponent<APIButtonComponent>[];
  readonly allowed_mentions: { readonly parse: [] };
}

interface Shown {
  readonly task: Task;
  readonly stars: number;
  readonly channelId: string;
  readonly messageId: string;
  /** AutoMod refuses the words. */
  readonly isWordless?: boolean;
}

/** Longest title of a thread (Discord docs: Channel, "name"). */
const maxTitle = 100;

/** The prompt, who made it with what, how many liked it, and the way to the original. Nothing in it pings. */
export function drawShowcased(shown: Shown, locale: Locale, catalogue: Catalogue): ShowcaseCard {
  const { task, stars } = shown;
  const { request, origin } = task;
  const model = catalogue.find(request.kind, request.model)?.label ?? request.model;
  const facts = [
    `⭐ ${stars}`,
    text(locale, 'showcase.by', { user: `<@${origin.userId}>` }),
    escapeWords(model),
  ];
  const told = `-# ${facts.join(' · ')}`;
  const words = wordsOf(shown);
  const quoted = words === '' ? [] : [clip(`> ${escapeWords(words)}`, maxContent - told.length - 1)];
  return {
    content: [...quoted, told].join('\n'),
    components: [
      {
        type: ComponentType.ActionRow,
        components: [
          {
            type: ComponentType.Button,
            style: ButtonStyle.Link,
            label: text(locale, 'showcase.original'),
            url: originalLink(shown, origin.guildId),
          },
        ],
      },
    ],
    allowed_mentions: { parse: [] },
  };
}

/** The address by which a post is found again after a crash. */
export function originalLink(
  { channelId, messageId }: Pick<Shown, 'channelId' | 'messageId'>,
  guildId: string | undefined,
): string {
  return linkTo({ channelId, messageId }, guildId);
}

/** The title of a post in a forum. */
export function titleOf(shown: Pick<Shown, 'task' | 'isWordless'>, locale: Locale): string {
  const words = wordsOf(shown).replace(/\s+/g, ' ');
  return words === '' ? text(locale, `showcase.title.${shown.task.request.kind}`) : clip(words, maxTitle);
}

function wordsOf({ task: { request, origin }, isWordless }: Pick<Shown, 'task' | 'isWordless'>): string {
  return isWordless || origin.wordless ? '' : request.prompt.trim();
}
