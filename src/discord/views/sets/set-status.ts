import { text } from '../../../locales/index.js';
import type { Progress, TimeWindow } from '../../../tasks/model/progress.js';
import { isReleasable } from '../../../tasks/model/state-machine.js';
import type { Task } from '../../../tasks/model/task.js';
import { statusOf } from '../unfinished-card.js';
import { isUnderWay, type SetView, type ShownMember } from './set-view.js';

/**
 * One line for all that is still to come: how many are done, and the state of the rest. It says at most one time, when
 * all that is being made should be ready, or when the first of those in line starts.
 */
export function statusLine(view: SetView): string {
  const { members, lead } = view;
  const { locale } = lead.origin;
  const coming = members.filter(isUnderWay);
  const done = members.length - members.filter(({ standing }) => standing === 'coming').length;
  const counted = text(locale, 'card.set.done', { done, all: members.length });
  const made = coming.filter(({ task }) => task !== undefined && isBegun(task));
  const waiting = coming.filter(({ task }) => task?.state.name === 'queued');
  const said = made.length > 0 ? slowest(made) : (nextUp(waiting) ?? coming[0]);
  const status = said ? statusOf(asShown(said.task ?? lead), said.progress ?? {}) : '';
  const more =
    made.length > 0 && waiting.length > 0 ? text(locale, 'card.set.waiting', { count: waiting.length }) : '';
  return `-# ${[counted, status, more].filter((words) => words !== '').join(' · ')}`;
}

/** What waits to be posted is as good as downloaded; a part that is held waits for the whole set, and no picture. */
function asShown(task: Task): Task {
  const { state, after } = task;
  if (state.name === 'delivering') return { ...task, state: { ...state, name: 'fetching' } };
  return state.name === 'held' && after === undefined ? { ...task, state: { name: 'received' } } : task;
}

function isBegun({ state }: Task): boolean {
  return (
    isReleasable(state) ||
    state.name === 'submitting' ||
    state.name === 'fetching' ||
    state.name === 'delivering'
  );
}

/** The one that is expected last, with the time by which all should be ready. */
function slowest(made: readonly ShownMember[]): ShownMember | undefined {
  const ends = ({ progress }: ShownMember) => progress?.expected?.to ?? progress?.expected?.from ?? 0;
  const troubled = made.find(({ progress }) => progress?.waitingFor);
  const last = troubled ?? [...made].sort((a, b) => rank(b) - rank(a) || ends(b) - ends(a))[0];
  const expected = last?.progress?.expected;
  if (!last?.progress || !expected) return last;
  return { ...last, progress: { ...last.progress, expected: oneTime(expected) } };
}

/** What runs says more than what is about to be posted. */
function rank({ task }: ShownMember): number {
  return task && isReleasable(task.state) && task.state.name !== 'awaitingReview' ? 1 : 0;
}

function nextUp(waiting: readonly ShownMember[]): ShownMember | undefined {
  const ahead = ({ progress }: ShownMember) => progress?.ahead ?? Number.POSITIVE_INFINITY;
  const first = [...waiting].sort((a, b) => ahead(a) - ahead(b))[0];
  const starts = first?.progress?.starts;
  return first?.progress && starts
    ? { ...first, progress: { ...first.progress, starts: oneTime(starts) } }
    : first;
}

/** The later of two times: it holds longer, and so the message is edited less often. */
function oneTime({ from, to }: TimeWindow): TimeWindow {
  if (to !== undefined) return { to };
  return from === undefined ? {} : { from };
}

/** The one time that a set's message would show of this progress, ms since the epoch. */
export function timeIn({ expected, starts }: Progress): number | undefined {
  const { from, to } = expected ?? starts ?? {};
  return to ?? from;
}
