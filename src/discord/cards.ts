import {
  type APIActionRowComponent,
  type APIButtonComponentWithCustomId,
  ButtonStyle,
  ComponentType,
  MessageFlags,
  type RESTPatchAPIWebhookWithTokenMessageJSONBody,
} from 'discord.js';
import type { Sentence, UserError } from '../errors.js';
import { type TextKey, type TextParams, text } from '../locales/index.js';
import type { GenerationRequest } from '../mps/generation.js';
import type { Catalogue } from '../mps/models.js';
import type { Progress } from '../tasks/delivery.js';
import type { Task } from '../tasks/task.js';
import { customId } from './custom-id.js';
import { clip, escapeWords } from './escape.js';

/** A message's body, fit for an answer and for a channel alike. */
export type Card = Required<Pick<RESTPatchAPIWebhookWithTokenMessageJSONBody, 'allowed_mentions'>> & {
  readonly content: string;
  readonly flags: number;
  readonly components: APIActionRowComponent<APIButtonComponentWithCustomId>[];
};

/**
 * Cards are plain messages, neither embeds nor Components V2: an attachment of a plain message is shown at its full
 * width, opens and plays in every client, and needs no Embed Links permission in a channel. All the rest is one line.
 */
export interface Cards {
  /** The task as it stands. */
  draw(task: Task, progress?: Progress): Card;
}

/** Discord's most, UTF-16 units. */
const maxContent = 2000;

export function createCards({ catalogue }: { catalogue: Catalogue }): Cards {
  return {
    draw(task, progress = {}) {
      const lines = [quote(task.request), ...body(task, progress)];
      const content = lines.filter((line) => line !== '').join('\n');
      return message(content, endsWithButton(task) ? [againButton(task)] : []);
    },
  };

  function body(task: Task, progress: Progress): string[] {
    const { locale } = task.origin;
    const { state } = task;
    if (state.name === 'failed') {
      return [`⚠️ ${text(locale, `failure.${state.failure.reason}`, escaped(state.failure.params))}`];
    }
    if (state.name === 'cancelled') return [text(locale, 'card.cancelled')];
    const facts = details(task.request, locale);
    if (state.name === 'delivering' || state.name === 'delivered') return [`-# ${facts}`];
    return [`-# ${facts} · ${text(locale, ...status(task, progress))}`];
  }

  /** The model, and what was chosen besides. */
  function details(request: GenerationRequest, locale: Task['origin']['locale']): string {
    const facts = [catalogue.find(request.kind, request.model)?.label ?? request.model];
    if (request.kind === 'video') {
      if (request.duration !== undefined)
        facts.push(text(locale, 'card.seconds', { seconds: request.duration }));
      if (request.audio) facts.push(text(locale, 'card.sound'));
    } else if (request.size !== undefined) facts.push(request.size);
    if (request.resolution !== undefined) facts.push(request.resolution);
    if (request.aspectRatio !== undefined) facts.push(request.aspectRatio);
    return facts.map((fact) => escapeWords(fact)).join(' · ');
  }
}

/** One or more sentences, outside of any task. */
export function drawSentences(sentences: readonly Sentence[], locale: Task['origin']['locale']): Card {
  const lines = sentences.map(({ key, params }) => text(locale, key, escaped(params)));
  return message(lines.join('\n'), []);
}

/** What went wrong, for the person who can put it right. */
export function drawUserError(error: UserError, locale: Task['origin']['locale']): Card {
  return drawSentences(error.sentences, locale);
}

function message(content: string, buttons: APIButtonComponentWithCustomId[]): Card {
  return {
    content: clip(content, maxContent),
    components: buttons.length > 0 ? [{ type: ComponentType.ActionRow, components: buttons }] : [],
    // No link that slipped through is unfurled, that is: fetched.
    flags: MessageFlags.SuppressEmbeds,
    allowed_mentions: { parse: [] },
  };
}

function quote({ prompt }: GenerationRequest): string {
  return prompt.trim() === '' ? '' : `> ${escapeWords(prompt)}`;
}

function status(
  { request, state }: Task,
  { ahead = 0, waitingFor }: Progress,
): [TextKey, Record<string, number>] {
  if (waitingFor) return [`card.${waitingFor}`, {}];
  if (state.name === 'running') return [state.letGo ? 'card.letGo' : `card.running.${request.kind}`, {}];
  if (state.name === 'fetching') return ['card.fetching', {}];
  return ahead > 0 ? ['card.ahead', { ahead }] : ['card.next', {}];
}

/** An outcome carries a button; by its customId the outcome is found again after a crash. */
function endsWithButton({ state }: Task): boolean {
  return ['delivering', 'delivered', 'failed', 'cancelled'].includes(state.name);
}

function againButton(task: Task): APIButtonComponentWithCustomId {
  const key =
    task.state.name === 'delivering' || task.state.name === 'delivered' ? 'button.again' : 'button.tryAgain';
  return {
    type: ComponentType.Button,
    style: ButtonStyle.Secondary,
    label: text(task.origin.locale, key),
    custom_id: customId('again', task.id),
  };
}

/** What is filled in may be a person's words, a file's name, say: it is shown letter for letter. */
function escaped(params: TextParams = {}): TextParams {
  const entries = Object.entries(params).map(([name, value]): [string, TextParams[string]] => {
    if (typeof value === 'number') return [name, value];
    return [
      name,
      typeof value === 'string' ? escapeWords(value, 200) : value.map((word) => escapeWords(word)),
    ];
  });
  return Object.fromEntries(entries);
}
