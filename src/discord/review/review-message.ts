import { type APIButtonComponentWithCustomId, ButtonStyle, ComponentType } from 'discord.js';
import { type Locale, text } from '../../locales/index.js';
import type { Catalogue } from '../../mps/catalogue/catalogue.js';
import type { Parcel } from '../../tasks/delivery/parcels.js';
import { isUnderReview } from '../../tasks/model/state-machine.js';
import { type Reviewed, reviewForDays, type Task } from '../../tasks/model/task.js';
import { lastChange } from '../../tasks/model/task-record.js';
import { orderOf } from '../../tasks/model/task-set.js';
import { sourcesOf } from '../../tasks/sources/source-images.js';
import { day } from '../../util/time.js';
import { customId, type Verb } from '../views/custom-ids.js';
import { clip, escapeWords } from '../views/markdown.js';
import { type Card, inLines, maxContent, message } from '../views/message.js';
import { linkText } from '../views/resize-notes.js';

export interface ReviewLook {
  readonly locale: Locale;
  readonly catalogue: Pick<Catalogue, 'find'>;
  /** Discord blocks the words in the moderators' channel. */
  readonly wordless?: boolean;
  /** The files under review. */
  readonly parcels?: readonly Parcel[];
}

/** Longest quote of each text, UTF-16 units. */
const maxWords = 700;

/** The verbs of the buttons, by what is decided: approving an order says nothing about its result. */
export const reviewVerbs = {
  order: { approve: 'allow', reject: 'refuse' },
  result: { approve: 'approve', reject: 'reject' },
} as const satisfies Record<Reviewed, { approve: Verb; reject: Verb }>;

/** What moderators are asked of a task, or what was decided about it. Pure. */
export function drawReview(task: Task, what: Reviewed, look: ReviewLook): Card {
  const { locale } = look;
  const isOpen = isUnderReview(task.state) && whatIn(task) === what;
  const facts = inLines([titleOf(task, what, locale), ...factsOf(task, what, look)]);
  const words = task.origin.private ? '' : wordsOf(task, what, look);
  const end = isOpen ? deadlineOf(task, locale) : outcomeOf(task, what, locale);
  const room = maxContent - facts.length - end.length - 4;
  const rows = buttonsOf(task, what, locale).map((components) => ({
    type: ComponentType.ActionRow as const,
    components,
  }));
  return message(inLines([facts, clip(words, room), end]), isOpen ? rows : []);
}

function whatIn({ state }: Task): Reviewed {
  return state.name === 'awaitingApproval' ? 'order' : 'result';
}

function titleOf({ origin, set }: Task, what: Reviewed, locale: Locale): string {
  const { userId, channelId } = origin;
  const params = { user: `<@${userId}>`, channel: `<#${channelId}>` };
  const isSecret = what === 'result' && origin.private;
  const part =
    what === 'result' && set ? [text(locale, 'review.part', { part: set.part, parts: set.parts })] : [];
  return inLines([
    `**${text(locale, `review.title.${what}`)}**`,
    text(locale, isSecret ? 'review.result.private' : `review.${what}`, params),
    ...part,
  ]);
}

function factsOf(task: Task, what: Reviewed, { locale, catalogue, parcels = [] }: ReviewLook): string[] {
  const { kind, model } = task.request;
  const options = text(locale, 'review.options', {
    model: escapeWords(catalogue.find(kind, model)?.label ?? model),
    kind: text(locale, `review.kind.${kind}`),
  });
  const given = what === 'order' ? sourcesOf(task.request).length : 0;
  return [
    `-# ${options}`,
    ...(given > 0 ? [`-# ${text(locale, 'review.sources', { count: given })}`] : []),
    ...parcels.flatMap(({ file }, index) => (file ? [] : [`-# ${withoutCopy(task, index, locale)}`])),
  ];
}

/** Where moderators can look at a file that Discord doesn't take. */
function withoutCopy({ state }: Task, index: number, locale: Locale): string {
  const links = state.name === 'awaitingReview' ? state : undefined;
  const url = links?.urls[index];
  if (!url || links?.linksExpireAt === undefined) return text(locale, 'review.noCopy.gone');
  return text(locale, 'review.noCopy', { link: linkText(url), until: instant(links.linksExpireAt) });
}

function wordsOf(task: Task, what: Reviewed, { locale, wordless }: ReviewLook): string {
  if (wordless || task.origin.wordless) return `-# ${text(locale, 'review.wordless')}`;
  const request = what === 'order' ? orderOf(task) : task.request;
  const quoted = (words: string) => escapeWords(clip(words, maxWords));
  const next = what === 'order' && request.kind === 'image' ? request.thenAnimate?.prompt : undefined;
  const additional = what === 'order' && request.additional ? JSON.stringify(request.additional) : undefined;
  return inLines([
    request.prompt.trim() === '' ? '' : `> ${quoted(request.prompt)}`,
    request.negative ? text(locale, 'review.negative', { words: quoted(request.negative) }) : '',
    next ? text(locale, 'review.thenAnimate', { words: quoted(next) }) : '',
    additional ? `> ${quoted(additional)}` : '',
  ]);
}

function deadlineOf(task: Task, locale: Locale): string {
  return `-# ${text(locale, 'review.until', { until: instant(lastChange(task) + reviewForDays * day) })}`;
}

function outcomeOf({ state, review }: Task, what: Reviewed, locale: Locale): string {
  const decision = review?.decision;
  // Of an order that was approved and whose result is under review now.
  const isCleared = what === 'order' && review?.cleared === true;
  if (state.name === 'failed' && state.failure.reason === 'blocked') return text(locale, 'review.blocked');
  if (!isCleared && decision === undefined) return text(locale, 'review.withdrawn');
  if (decision && decision.what === what) {
    if (decision.by === undefined) return text(locale, 'review.overdue');
    const params = { moderator: `<@${decision.by}>`, when: relative(decision.at) };
    return text(locale, decision.approved ? 'review.approved' : 'review.rejected', params);
  }
  return text(locale, state.name === 'cancelled' ? 'review.withdrawn' : 'review.error.over');
}

/** Rows of buttons; results of a set can also be decided together. */
function buttonsOf({ id, set }: Task, what: Reviewed, locale: Locale): APIButtonComponentWithCustomId[][] {
  const one = (verb: Verb, style: ButtonStyle.Success | ButtonStyle.Danger, label: string) => ({
    type: ComponentType.Button as const,
    style,
    label,
    custom_id: customId(verb, id),
  });
  const { approve, reject } = reviewVerbs[what];
  const row = [
    one(approve, ButtonStyle.Success, text(locale, 'button.review.approve')),
    one(reject, ButtonStyle.Danger, text(locale, 'button.review.reject')),
  ];
  if (what === 'order' || !set || set.parts === 1) return [row];
  const all = [
    one('approveall', ButtonStyle.Success, text(locale, 'button.review.approveAll')),
    one('rejectall', ButtonStyle.Danger, text(locale, 'button.review.rejectAll')),
  ];
  return [row, all];
}

function instant(ms: number): string {
  return `<t:${Math.round(ms / 1000)}:f>`;
}

function relative(ms: number): string {
  return `<t:${Math.round(ms / 1000)}:R>`;
}
