import { defaultLocale } from '../../locales/index.js';
import { endsInWords, isOver, isUnderReview, transition } from './state-machine.js';
import type { Origin, Results, State, StateOf, Task, TaskEvent, TaskId } from './task.js';
import { placeIn } from './task-set.js';

/** No route took the outcome: it waits for its user. */
export function isKept({ state }: Pick<Task, 'state'>): boolean {
  return 'handover' in state && state.handover.route === 'kept';
}

/**
 * True if no one should be notified of its end: the user dismissed the task. Its card is still updated if reachable.
 */
export function isUnawaited({ release }: Pick<Task, 'release'>): boolean {
  return release?.wish === 'drop' && release.by === 'asker';
}

/** Its words may not be shown: moderators decide about them first, or rejected them. */
export function isUnapproved({ review }: Pick<Task, 'review'>): boolean {
  return review?.before !== undefined && review.cleared !== true;
}

/** How often a step that may crash the process is started; found in it once more, a task skips it. */
export const mostAttempts = 2;

/** The task after an event, with its history; once it is over, the answer's token is dropped. */
export function advance(before: Task, happened: TaskEvent, at: number): Task {
  const { attempts, ...rest } = before;
  // Any event means that the process survived the step; except for a skipped step, which must stay skipped.
  const isSpent = attempts !== undefined && attempts.count > mostAttempts;
  const task: Task = isSpent && !isOver(transition(before.state, happened)) ? before : rest;
  const event = asWished(task, happened);
  const state = timed(transition(task.state, event), event, at);
  const history =
    state.name === task.state.name ? task.history : [...task.history, { state: state.name, at }];
  const origin = isOver(state) ? withoutToken(task.origin) : task.origin;
  return { ...task, state, history, origin, ...gained(task, event), ...reviewed(task, event, at) };
}

/** What moderators have decided. */
function reviewed({ state, review }: Task, event: TaskEvent, at: number): Partial<Pick<Task, 'review'>> {
  if (event.type === 'fetched') return event.review ? { review: { ...review, after: true } } : {};
  if (event.type === 'noted' && review?.decision)
    return { review: { ...review, decision: { ...review.decision, noted: true } } };
  if (event.type !== 'approved' && event.type !== 'rejected') return {};
  if (event.type === 'rejected' && event.why === 'withdrawn') return {};
  const approved = event.type === 'approved';
  const decision = { what: event.what, approved, ...(event.by !== undefined && { by: event.by }), at };
  const isCleared = approved && state.name === 'awaitingApproval';
  return { review: { ...review, ...(isCleared && { cleared: true }), decision } };
}

/** Decided in the step in which it ends, so that a concurrent dismissal comes clearly before or after. */
function asWished({ release, cost }: Task, event: TaskEvent): TaskEvent {
  if (release?.wish !== 'drop' || (event.type !== 'finished' && event.type !== 'found')) return event;
  // The file was never read: a video counts as long as ordered.
  const billed = cost.unit === 'image' ? event.urls.length : cost.amount;
  return { type: 'discarded', made: { billed } };
}

/** A post is stored with its start time. */
function timed(state: State, event: TaskEvent, at: number): State {
  if (event.type === 'asking' && isUnderReview(state) && state.asking)
    return { ...state, asking: { ...state.asking, at } };
  if (event.type !== 'handing' || !('handover' in state)) return state;
  return { ...state, handover: { ...state.handover, at } };
}

/** What an event adds to a task besides its state. */
function gained(
  { state, results, cost }: Task,
  event: TaskEvent,
): Partial<Pick<Task, 'made' | 'notified' | 'release' | 'resolution' | 'results'>> {
  if (event.type === 'fetched' && state.name === 'fetching') {
    const { made, files } = event;
    return { made: sound(made, cost), ...(files && { results: { ...linksOf(state), files } }) };
  }
  if (event.type === 'finished' && event.resolution !== undefined) return { resolution: event.resolution };
  if (event.type === 'discarded') return { made: event.made };
  if (event.type === 'released') return { release: event.release };
  if (event.type !== 'handed' && event.type !== 'handing') return {};
  const { sent } = event;
  const notified = event.type === 'handed' && event.notified;
  return { ...(notified && { notified }), ...(sent && results && { results: { ...results, sent } }) };
}

/** A result's links, and when they expire. */
export function linksOf({
  urls,
  linksExpireAt,
}: StateOf<'fetching' | 'awaitingReview' | 'delivering'>): Pick<Results, 'urls' | 'linksExpireAt'> {
  return { urls, ...(linksExpireAt !== undefined && { linksExpireAt }) };
}

/** A file header may claim any length: an invalid one counts as what was ordered. */
function sound(made: NonNullable<Task['made']>, cost: Task['cost']): NonNullable<Task['made']> {
  return Number.isSafeInteger(made.billed) && made.billed >= 0 ? made : { ...made, billed: cost.amount };
}

/** True if others than the user who ordered see the answer: it isn't private, nor in a direct message with Easel. */
export function isSeenByOthers({ private: secret, guildId, mayPostLater }: Origin): boolean {
  return !secret && (guildId !== undefined || !mayPostLater);
}

/**
 * True if the card only says that the order failed, and its user alone learns why: a command's or button's answer that
 * others see. A mention's reply is public, and so is what is posted once the token has died: the reason stays in it.
 */
export function isToldApart({ state, origin }: Pick<Task, 'state' | 'origin'>): boolean {
  if (state.name !== 'failed' || state.handover.route !== 'answer') return false;
  return origin.replyAs === undefined && isSeenByOthers(origin);
}

/** Until when the answer can be edited, ms since the epoch: tokens expire, our own messages don't. */
export function answerableUntil({ token, tokenExpiresAt = 0, replyAs }: Origin): number {
  return token === undefined && replyAs !== undefined ? Number.POSITIVE_INFINITY : tokenExpiresAt;
}

function withoutToken(origin: Origin): Origin {
  const { token: _token, tokenExpiresAt: _expires, ...rest } = origin;
  return rest;
}

function withoutPress({ pressed: _pressed, parentId: _parent, ...rest }: Origin): Origin {
  return rest;
}

/** A new task, just received. */
export function receive(
  id: TaskId,
  parts: Pick<Task, 'request' | 'origin' | 'account' | 'cost' | 'nextCost' | 'after' | 'set' | 'review'>,
  at: number,
): Task {
  return { v: 1, id, ...parts, state: { name: 'received' }, history: [{ state: 'received', at }] };
}

/**
 * A redacted finished task: without prompts, images, outcome and user. Only what accounting needs stays (the payer as
 * a keyed hash, cost, times), and the model.
 */
export function emptied(full: Task): Task {
  const { review: _review, ...task } = full;
  const { request, origin, state, set } = task;
  return {
    ...task,
    ...(set && { set: placeIn(set) }),
    request: { kind: request.kind, model: request.model, prompt: '', enhance: false },
    origin: {
      ...withoutPress(withoutToken(origin)),
      channelId: '',
      userId: '',
      locale: defaultLocale,
      roles: [],
      messageId: '',
    },
    state: withoutTrace(state),
    purge: 'done',
  };
}

function withoutTrace(state: State): State {
  if (state.name === 'delivered') return { ...state, posted: { channelId: '', messageId: '' } };
  if (!endsInWords(state)) return state;
  const { posted: _posted, ...rest } = state;
  return rest.name === 'failed' ? { ...rest, failure: { reason: rest.failure.reason } } : rest;
}

/** When the task was received, ms since the epoch. */
export function receivedAt(task: Task): number {
  return task.history[0]?.at ?? 0;
}

/** When it entered its current state, ms since the epoch. */
export function lastChange(task: Task): number {
  return task.history.at(-1)?.at ?? 0;
}

/**
 * The guild whose shard receives a task's events, and whose process therefore runs it; undefined: the first shard,
 * which receives direct messages and guilds with only a user install.
 */
export function homeOf({ guildId, guildInstalled, viaGuild }: Origin): string | undefined {
  return guildInstalled || viaGuild ? guildId : undefined;
}
