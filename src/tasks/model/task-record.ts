import { defaultLocale } from '../../locales/index.js';
import { isOver, transition } from './state-machine.js';
import type { Origin, Results, State, StateOf, Task, TaskEvent, TaskId } from './task.js';

/** No route took the outcome: it waits for its user. */
export function isKept({ state }: Pick<Task, 'state'>): boolean {
  return 'handover' in state && state.handover.route === 'kept';
}

/**
 * Whether no one is to be called for its end: who let it go knows what becomes of it. Where its card is still within
 * reach it says so all the same.
 */
export function isUnawaited({ release }: Pick<Task, 'release'>): boolean {
  return release?.wish === 'drop' && release.by === 'asker';
}

/** So often a step that may end the process is begun; found in it once more, a task does without it. */
export const mostAttempts = 2;

/** The task after what happened, with its history; once over, the answer's token is dropped. */
export function advance(before: Task, happened: TaskEvent, at: number): Task {
  const { attempts, ...rest } = before;
  // Whatever happens to it, the process has outlived the step; unless it went on without, which it would begin again.
  const isSpent = attempts !== undefined && attempts.count > mostAttempts;
  const task: Task = isSpent && !isOver(transition(before.state, happened)) ? before : rest;
  const event = asWished(task, happened);
  const state = timed(transition(task.state, event), event, at);
  const history =
    state.name === task.state.name ? task.history : [...task.history, { state: state.name, at }];
  const origin = isOver(state) ? withoutToken(task.origin) : task.origin;
  return { ...task, state, history, origin, ...gained(task, event) };
}

/** Decided in the one step in which it ends, so that a wish uttered in the same instant comes before or after. */
function asWished({ release, cost }: Task, event: TaskEvent): TaskEvent {
  if (release?.wish !== 'drop' || (event.type !== 'finished' && event.type !== 'found')) return event;
  // No one has looked at it: a video is taken to be as long as it was asked for.
  const billed = cost.unit === 'image' ? event.urls.length : cost.amount;
  return { type: 'discarded', made: { billed } };
}

/** A post is remembered with the time at which it was begun. */
function timed(state: State, event: TaskEvent, at: number): State {
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
  if (event.type !== 'handed') return {};
  const { notified, sent } = event;
  return { ...(notified && { notified }), ...(sent && results && { results: { ...results, sent } }) };
}

/** A result's links, and when they die. */
export function linksOf({
  urls,
  linksExpireAt,
}: StateOf<'fetching' | 'delivering'>): Pick<Results, 'urls' | 'linksExpireAt'> {
  return { urls, ...(linksExpireAt !== undefined && { linksExpireAt }) };
}

/** A file's header may say anything of its length: what is no amount at all counts as what was ordered. */
function sound(made: NonNullable<Task['made']>, cost: Task['cost']): NonNullable<Task['made']> {
  return Number.isSafeInteger(made.billed) && made.billed >= 0 ? made : { ...made, billed: cost.amount };
}

/** Until when the answer can be edited, ms since the epoch: tokens die, messages of our own do not. */
export function answerableUntil({ token, tokenExpiresAt = 0, replyAs }: Origin): number {
  return token === undefined && replyAs !== undefined ? Number.POSITIVE_INFINITY : tokenExpiresAt;
}

function withoutToken(origin: Origin): Origin {
  const { token: _token, tokenExpiresAt: _expires, ...rest } = origin;
  return rest;
}

function withoutPress({ pressed: _pressed, ...rest }: Origin): Origin {
  return rest;
}

/** A new task, just received. */
export function receive(
  id: TaskId,
  parts: Pick<Task, 'request' | 'origin' | 'account' | 'cost' | 'nextCost' | 'after'>,
  at: number,
): Task {
  return { v: 1, id, ...parts, state: { name: 'received' }, history: [{ state: 'received', at }] };
}

/**
 * A task that is over without anything a user said, showed or was shown, and without the user: what stays is what the
 * account needs (who pays as a keyed hash, the cost, the times) and with which model it was made.
 */
export function emptied(task: Task): Task {
  const { request, origin, state } = task;
  return {
    ...task,
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
  if (state.name === 'failed') return { ...state, failure: { reason: state.failure.reason } };
  return state;
}

/** When the task was received, ms since the epoch. */
export function receivedAt(task: Task): number {
  return task.history[0]?.at ?? 0;
}

/** When it came into its present state, ms since the epoch. */
export function lastChange(task: Task): number {
  return task.history.at(-1)?.at ?? 0;
}

/**
 * The guild whose shard tells of a task's user and place, and whose process therefore runs it; undefined: the first
 * shard, which tells of direct messages, and of guilds that only the user brought Easel to.
 */
export function homeOf({ guildId, guildInstalled, viaGuild }: Origin): string | undefined {
  return guildInstalled || viaGuild ? guildId : undefined;
}
