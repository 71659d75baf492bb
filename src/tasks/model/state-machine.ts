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
      return event.type === 'queued' ? { name: 'queued' } : undefined;
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
      return event.type === 'fetched' ? { ...state, name: 'delivering', handover: start } : undefined;
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

/** It is running at MPS, or may be: it can't be cancelled, but it can be dismissed. */
export function isReleasable({ name }: State): boolean {
  return name === 'running' || name === 'searching';
}

/** Its sources are still needed: MPS has not finished with it. */
export function isBeingMade(state: State): boolean {
  return isAlive(state) && state.name !== 'fetching' && state.name !== 'delivering';
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
