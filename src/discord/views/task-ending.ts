import { type APIButtonComponentWithCustomId, ButtonStyle, ComponentType } from 'discord.js';
import { type Locale, text } from '../../locales/index.js';
import { failureText } from '../../tasks/model/failure-text.js';
import { endsInWords } from '../../tasks/model/state-machine.js';
import {
  type FailureReason,
  type Rejection,
  reviewForDays,
  type State,
  type Task,
} from '../../tasks/model/task.js';
import { isSeenByOthers, isToldApart } from '../../tasks/model/task-record.js';
import { resultsFor } from '../../tasks/model/task-set.js';
import { customId, type Verb } from './custom-ids.js';
import { type Card, escaped, inLines, message } from './message.js';

/** Failures that only the operator can do something about. */
const forOperators: ReadonlySet<FailureReason> = new Set(['credentials', 'inactive', 'clock', 'arrears']);

/** What is wrong with a clip that a user sent. */
const clipReasons = [
  ...(['unreachable', 'address', 'refused', 'type', 'unknown', 'broken', 'external', 'pictureless'] as const),
  ...(['size', 'short', 'long', 'pixels', 'unconverted', 'heavy', 'bucket'] as const),
];

/** Failures that the same order would meet again. */
const sureToRecur: ReadonlySet<FailureReason> = new Set([
  ...forOperators,
  ...(['moderation', 'moderation.result', 'rejected', 'rejected.named', 'withdrawn', 'words'] as const),
  ...(['unsuccessful.shape', 'unsuccessful.words', 'unsuccessful.source', 'tooLarge', 'unpostable'] as const),
  ...(['source.unreachable', 'source.type', 'source.lottie', 'source.broken', 'source.size'] as const),
  ...clipReasons.map((reason) => `source.clip.${reason}` as const),
  ...(['source.sound.unfit', 'source.sound.unreachable'] as const),
  ...(['extends.gone', 'extends.broken', 'extends.tooLong'] as const),
  ...(['source.pixels', 'source.small', 'source.heavy', 'source.address', 'source.refused'] as const),
]);

/** True if sending the same order again could end differently. */
export function canPass(state: State): boolean {
  return state.name !== 'failed' || !sureToRecur.has(state.failure.reason);
}

/** True if a changed order could end differently. */
function canChange(state: State): boolean {
  return state.name !== 'failed' || !forOperators.has(state.failure.reason);
}

/** True if others see an order that ended without a result: then its card doesn't repeat the prompt. */
export function isHushed({ state, origin }: Pick<Task, 'state' | 'origin'>): boolean {
  return endsInWords(state) && isSeenByOthers(origin);
}

/** What a card says of an order that ended without a result; undefined for every other one. */
export function endingLine(task: Task): string | undefined {
  const { state, origin, release, after } = task;
  const { locale } = origin;
  if ('rejected' in state && state.rejected) return rejectionLine(state, locale);
  if (state.name === 'cancelled') return text(locale, 'card.cancelled');
  if (state.name === 'discarded') return text(locale, `card.discarded.${release?.by ?? 'asker'}`);
  if (state.name !== 'failed') return undefined;
  if (!isToldApart(task)) return reasonOf(task, locale);
  return after === undefined
    ? text(locale, 'card.failed', { user: `<@${origin.userId}>` })
    : text(locale, 'card.failed.clip');
}

/** What moderators decided, or that none did in time. */
function rejectionLine(
  { name, rejected }: Extract<State, { readonly rejected?: Rejection }>,
  locale: Locale,
): string {
  const what = name === 'cancelled' ? 'order' : 'result';
  return rejected === 'overdue'
    ? text(locale, `card.rejected.${what}.overdue`, { days: reviewForDays })
    : text(locale, `card.rejected.${what}`);
}

/** The buttons beneath it. By `delete` the message is found again after a crash. */
export function endingButtons(task: Task): APIButtonComponentWithCustomId[] {
  const { id, origin } = task;
  const one = (verb: 'details' | 'delete', label: 'why' | 'delete') =>
    button(verb, id, text(origin.locale, `button.${label}`));
  const help = isToldApart(task) ? [one('details', 'why')] : remedies(task, origin.locale);
  return [...help, one('delete', 'delete')];
}

/** Seconds to which a clip can be cut if it was too long and its user agrees; undefined if that wasn't the problem. */
export function longestClip(state: State): number | undefined {
  if (state.name !== 'failed' || state.failure.reason !== 'source.clip.long') return undefined;
  const max = Number(state.failure.params?.max);
  return Number.isFinite(max) && max > 0 ? max : undefined;
}

/** The buttons that can help. */
function remedies({ id, state }: Task, locale: Locale): APIButtonComponentWithCustomId[] {
  const longest = longestClip(state);
  const label = state.name === 'discarded' ? 'again' : 'tryAgain';
  return [
    ...(longest === undefined ? [] : [button('cut', id, text(locale, 'button.cut', { seconds: longest }))]),
    ...(canPass(state) ? [button('again', id, text(locale, `button.${label}`))] : []),
    ...(canChange(state) ? [button('edit', id, text(locale, 'button.edit'))] : []),
  ];
}

/**
 * Why an order failed and what can be done, for its user alone. Pure.
 * @param ping whether the user is called to it.
 */
export function drawReason(task: Task, locale: Locale, ping = false): Card {
  const { origin } = task;
  const reason = reasonOf(task, locale);
  const buttons = remedies(task, locale);
  const components: Card['components'] =
    buttons.length > 0 ? [{ type: ComponentType.ActionRow, components: buttons }] : [];
  if (!ping) return message(reason, components);
  const mentions = { parse: [], users: [origin.userId] };
  return { ...message(`<@${origin.userId}> ${reason}`, components), allowed_mentions: mentions };
}

/** Why an order failed; empty for every other one. */
export function reasonOf(task: Task, locale: Locale): string {
  const { state } = task;
  if (state.name !== 'failed') return '';
  const reason = text(locale, failureText(state.failure, task.account), escaped(state.failure.params));
  return inLines([`⚠️ ${reason}`, fitsOf(task, locale)]);
}

/** How many of a set would have fit; a press on Try again is answered with an offer of that many. */
function fitsOf({ state, cost, set }: Task, locale: Locale): string {
  const fits = state.name === 'failed' ? Number(state.failure.params?.fits ?? 0) : 0;
  if (!set || fits === 0) return '';
  const costs = [cost, ...(set.costs ?? [])].slice(0, fits);
  const count = costs.map(resultsFor).reduce((sum, one) => sum + one, 0);
  return text(locale, `quota.fits.set.${cost.unit}`, { count });
}

/** A grey button that acts on a task. */
export function button(verb: Verb, id: Task['id'], label: string): APIButtonComponentWithCustomId {
  return { type: ComponentType.Button, style: ButtonStyle.Secondary, label, custom_id: customId(verb, id) };
}

/** The star under a result that everyone in a guild may see. It has no words, so no language either. */
export function starButtons({ id, origin }: Task): readonly APIButtonComponentWithCustomId[] {
  const { guildId, guildInstalled, private: isPrivate } = origin;
  return guildId !== undefined && guildInstalled && !isPrivate ? [button('star', id, '⭐')] : [];
}
