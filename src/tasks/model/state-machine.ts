import type { Handover, Route, State, StateName, StateOf, TaskEvent } from './task.js';

/** Thrown if an event can't happen in a state: a bug of the caller, never a user error. */
export class TransitionError extends Error {
  override readonly name = 'TransitionError';
  constructor(state: StateName, event: TaskEvent['type']) {
    super(`A task that is ${state} cannot be ${event}.`);
  }
}

const start: Handover = { route: 'answer', tries: 0 };

/**
 * The life of a task as one pure function.
 * @throws TransitionError if the event cannot happen.
 */
export function transition(state: State, event: TaskEvent): State {
  if (event.type === 'failed' && isAlive(state)) {
    return { name: 'failed', failure: event.failure, handover: start, told: false };
  }
  if (event.type === 'cancelled' && isAlive(state))
    return { name: 'cancelled', handover: start, told: false };
  if (event.type === 'noted' && !isOver(state)) return state;
  const next = step(state, event);
  if (!next) throw new TransitionError(state.name, event.type);
  return next;
}

type EventOf<Type extends TaskEvent['type']> = Extract<TaskEvent, { readonly type: Type }>;

/** The next state; undefined if the event cannot happen. */
function step(state: State, event: TaskEvent): State | undefined {
  switch (state.name) {
    case 'received':
      if (event.type === 'held') return { name: 'held' };
      if (event.type === 'approvalNeeded') return { name: 'awaitingApproval' };
      return event.type === 'queued' ? { name: 'queued' } : undefined;
    case 'awaitingApproval':
      return whileUnapproved(state, event);
    case 'held':
      // No one waits for a separate message about it.
      if (event.type === 'dropped') return { name: 'cancelled', handover: start, told: true };
      return event.type === 'queued' ? { name: 'queued' } : undefined;
    case 'queued':
      if (event.type !== 'submitting') return undefined;
      return { name: 'submitting', ...(event.folder && { folder: event.folder }) };
    case 'submitting':
      return afterCreate(state, event);
    case 'running':
      return whileRunning(state, event);
    case 'searching':
      return whileSearching(state, event);
    case 'fetching':
      if (event.type !== 'fetched') return undefined;
      return event.review
        ? { ...state, name: 'awaitingReview' }
        : { ...state, name: 'delivering', handover: start };
    case 'awaitingReview':
      return whileReviewed(state, event);
    case 'delivering':
      if (event.type === 'handing') return { ...state, handover: attempt(state.handover, event.route) };
      if (event.type !== 'handed') return undefined;
      return { name: 'delivered', posted: event.posted, route: state.handover.route };
    case 'failed':
    case 'cancelled':
    case 'discarded':
      return whileNotifying(state, event);
    case 'delivered':
      return undefined;
  }
}

/** What the answer to the Create says, or that there was none. */
function afterCreate(state: StateOf<'submitting'>, event: TaskEvent): State | undefined {
  switch (event.type) {
    case 'refused':
      return { name: 'queued' };
    case 'lost': {
      const { folder, since, reason } = event;
      return { name: 'searching', folder, since, reason };
    }
    case 'created':
      return accepted(state, event);
    default:
      return undefined;
  }
}

function accepted({ folder }: StateOf<'submitting'>, event: EventOf<'created'>): State {
  const { mpsTaskId, createdAt, letGo = false } = event;
  return { name: 'running', ...(folder && { folder }), mpsTaskId, createdAt, letGo };
}

function whileRunning(state: StateOf<'running'>, event: TaskEvent): State | undefined {
  switch (event.type) {
    case 'letGo':
      return { ...state, letGo: true };
    case 'released':
      return state;
    case 'discarded':
      return { name: 'discarded', handover: start, told: false };
    case 'finished':
      return finished(state, event);
    default:
      return undefined;
  }
}

function finished({ mpsTaskId }: StateOf<'running'>, event: EventOf<'finished'>): State {
  const { urls, linksExpireAt } = event;
  return { name: 'fetching', mpsTaskId, urls, ...(linksExpireAt !== undefined && { linksExpireAt }) };
}

function whileSearching(state: StateOf<'searching'>, event: TaskEvent): State | undefined {
  if (event.type === 'released') return state;
  if (event.type === 'discarded') return { name: 'discarded', handover: start, told: false };
  return event.type === 'found' ? { name: 'fetching', urls: event.urls } : undefined;
}

/** Moderators are reviewed an order. */
function whileUnapproved(state: StateOf<'awaitingApproval'>, event: TaskEvent): State | undefined {
  if (event.type !== 'approved' && event.type !== 'rejected') return withAsked(state, event);
  if (event.what !== 'order') return undefined;
  return event.type === 'approved' ? { name: 'received' } : { name: 'cancelled', ...rejected(event) };
}

/** Moderators are reviewed a result. */
function whileReviewed(state: StateOf<'awaitingReview'>, event: TaskEvent): State | undefined {
  if (event.type === 'released')
    return event.release.wish === 'drop' ? { name: 'discarded', handover: start, told: false } : state;
  if (event.type !== 'approved' && event.type !== 'rejected') return withAsked(state, event);
  if (event.what !== 'result') return undefined;
  if (event.type === 'approved') {
    const { asked, asking: _, ...finished } = state;
    return { ...finished, name: 'delivering', handover: start, ...(asked && { copy: asked }) };
  }
  return { name: 'discarded', ...rejected(event) };
}

function rejected({ why }: EventOf<'rejected'>) {
  return { handover: start, told: false, ...(why !== 'withdrawn' && { rejected: why }) };
}

function withAsked<S extends StateOf<'awaitingApproval' | 'awaitingReview'>>(
  state: S,
  event: TaskEvent,
): S | undefined {
  const { asking: _, asked: __, ...rest } = state;
  // Its time is added where it is recorded.
  if (event.type === 'asking') return { ...state, asking: { channelId: event.channelId, at: 0 } };
  if (event.type === 'asked') return { ...rest, asked: event.posted } as S;
  return event.type === 'unasked' ? (rest as S) : undefined;
}

/** It ended without a result, and the user may not know yet. */
function whileNotifying(
  state: StateOf<'failed' | 'cancelled' | 'discarded'>,
  event: TaskEvent,
): State | undefined {
  if (state.told) return undefined;
  if (event.type === 'handing') return { ...state, handover: attempt(state.handover, event.route) };
  if (event.type === 'handed') return { ...state, told: true, posted: event.posted };
  return event.type === 'dropped' ? { ...state, told: true } : undefined;
}

function attempt(previous: Handover, route: Route): Handover {
  return { route, tries: previous.route === route ? previous.tries + 1 : 1 };
}

/** It is running at MPS, may be, or was made and isn't approved: it can't be cancelled, but it can be dismissed. */
export function isReleasable({ name }: State): boolean {
  return name === 'running' || name === 'searching' || name === 'awaitingReview';
}

/** Nothing was created for it yet, and its user may cancel it. */
export function isCancellable({ name }: State): boolean {
  return name === 'queued' || name === 'held' || name === 'awaitingApproval';
}

/** Moderators are to look at it. */
export function isUnderReview(state: State): state is StateOf<'awaitingApproval' | 'awaitingReview'> {
  return state.name === 'awaitingApproval' || state.name === 'awaitingReview';
}

const fetched: ReadonlySet<StateName> = new Set(['fetching', 'awaitingReview', 'delivering']);

/** Its sources are still needed: MPS has not finished with it. */
export function isBeingMade(state: State): boolean {
  return isAlive(state) && !fetched.has(state.name);
}

/** When links expire, ms since the epoch; never if they name objects in the operator's bucket. */
export function expiryOfLinks({ linksExpireAt }: { readonly linksExpireAt?: number }): number {
  return linksExpireAt ?? Number.POSITIVE_INFINITY;
}

/** Without a result yet: it can still fail or be cancelled. */
export function isAlive(state: State): boolean {
  return state.name !== 'delivered' && !endsInWords(state);
}

/** Ended without a result: only a message to deliver. */
export function endsInWords(state: State): state is Extract<State, { readonly told: boolean }> {
  return 'told' in state;
}

/** Nothing is left to do: the outcome is final and the user has been notified. */
export function isOver(state: State): boolean {
  return endsInWords(state) ? state.told : state.name === 'delivered';
}
