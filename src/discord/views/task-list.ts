import {
  type APIButtonComponentWithCustomId,
  type APISelectMenuOption,
  ButtonStyle,
  ComponentType,
} from 'discord.js';
import { type Locale, text } from '../../locales/index.js';
import type { TimeWindow } from '../../tasks/model/progress.js';
import { shortReason } from '../../tasks/model/short-reason.js';
import { isCancellable, isOver, isReleasable } from '../../tasks/model/state-machine.js';
import type { Task, TaskId } from '../../tasks/model/task.js';
import { isKept, lastChange, receivedAt } from '../../tasks/model/task-record.js';
import type { Turn } from '../../tasks/queue/turn-times.js';
import { controlId, customId } from './custom-ids.js';
import { fitted } from './fit-lines.js';
import { clip, escapeWords } from './markdown.js';
import { drawPanel, type PanelCard } from './message.js';
import { jumpLink } from './message-link.js';
import { costOf, standingsOf } from './sets/set-entry.js';
import { readyIn, startIn } from './unfinished-card.js';

/** Whose tasks are listed: the user's own, or a server's for its moderators. */
export type Whose = 'mine' | 'server';

interface View {
  /** Its place in line; undefined if it isn't waiting. */
  readonly turn?: (task: Task) => Turn | undefined;
  /** When a running task is expected to end. */
  readonly expected?: (task: Task) => TimeWindow | undefined;
  /** From 0. */
  readonly page?: number;
  /** Number of pages, if only the tasks of this page are given. */
  readonly pages?: number;
  readonly whose?: Whose;
  /** The user who sees the list. */
  readonly userId?: string;
  /** Tasks of which only kind, state and cost may be shown. */
  readonly hidden?: ReadonlySet<TaskId>;
  /** A task that has just been cancelled; the ledger will reflect it in a moment. */
  readonly calledOff?: TaskId;
  /** All parts of the sets that are an entry each, by the id of the task that stands for them. */
  readonly sets?: ReadonlyMap<TaskId, readonly Task[]>;
  /** The currency of prices, if known. */
  readonly currency?: string | undefined;
}

/** Tasks on a page: at most two rows of buttons, a select, and a row to turn pages. */
export const perPage = 10;

/** The tasks of a page, numbered from 1 across pages: unfinished ones first, then finished ones; newest first. */
function tasksOn(tasks: readonly Task[], asked: number) {
  const youngest = [...tasks].reverse();
  const all = [
    ...youngest.filter(({ state }) => !isOver(state)),
    ...youngest.filter(({ state }) => isOver(state)),
  ];
  const pages = Math.max(1, Math.ceil(all.length / perPage));
  const page = Math.min(asked, pages - 1);
  const listed = all.slice(page * perPage, (page + 1) * perPage);
  return { page, pages, listed: listed.map((task, index) => ({ task, number: page * perPage + index + 1 })) };
}

function shownOf(tasks: readonly Task[], { page = 0, pages }: View) {
  if (pages === undefined) return tasksOn(tasks, page);
  return { page, pages, listed: tasks.map((task, index) => ({ task, number: page * perPage + index + 1 })) };
}

/** A list of tasks, one per line, with buttons. Pure. */
export function drawTaskList(tasks: readonly Task[], locale: Locale, view: View = {}): PanelCard {
  const { whose = 'mine' } = view;
  if (tasks.length === 0 && (view.pages ?? 1) === 1)
    return drawPanel([text(locale, `tasks.none.${whose}`)], []);
  const { page, pages, listed } = shownOf(tasks, view);
  const title = whose === 'server' ? [`**${text(locale, 'tasks.server')}**`] : [];
  const lines = fitted((width) => [
    ...title,
    ...listed.map(({ task, number }) => `${number}\\. ${facts(task, width, locale, view).join(' · ')}`),
  ]);
  const buttons = listed.flatMap(({ task, number }) => action(task, number, locale, { ...view, page }));
  const rows: PanelCard['components'][number]['components'][] = [
    buttons.slice(0, 5),
    buttons.slice(5),
    repeats(listed, locale, view),
    turns(page, pages, whose),
  ];
  return drawPanel(
    lines,
    rows.flatMap((components) =>
      components.length > 0 ? [{ type: ComponentType.ActionRow, components }] : [],
    ),
  );
}

/** One select with the finished orders of the page. */
function repeats(
  listed: ReturnType<typeof shownOf>['listed'],
  locale: Locale,
  { hidden, calledOff, sets }: View,
): PanelCard['components'][number]['components'] {
  const options = listed.flatMap(({ task, number }): APISelectMenuOption[] => {
    const { id, state, request } = task;
    const parts = partsIn(task, sets);
    const isEnded = isOver(state) && parts.every((part) => isOver(part.state));
    if (hidden?.has(id) || calledOff === id || !isEnded || isKept(task)) return [];
    const words = request.prompt.replace(/\s+/g, ' ').trim() || text(locale, 'tasks.noWords');
    return [
      {
        value: id,
        label: clip(`${number}. ${words}`, mostLabel),
        description: clip(
          standingsOf(parts, locale, (part) => ended(part, locale)),
          mostLabel,
        ),
      },
    ];
  });
  if (options.length === 0) return [];
  const custom_id = controlId('repeat', 'which');
  const placeholder = text(locale, 'tasks.repeat');
  return [{ type: ComponentType.StringSelect, custom_id, placeholder, options }];
}

/** The most letters of an option's label, as Discord takes them. */
const mostLabel = 100;

/** The parts of a set that is one entry; of any other task itself. */
function partsIn(task: Task, sets: View['sets']): readonly Task[] {
  return sets?.get(task.id) ?? [task];
}

function facts(task: Task, width: number, locale: Locale, view: View): string[] {
  const { whose, hidden, calledOff, sets } = view;
  const parts = partsIn(task, sets);
  const cost = costOf(parts) ?? task.cost;
  const counted = parts.length > 1 ? [text(locale, 'tasks.parts', { count: parts.length })] : [];
  const standings =
    calledOff === task.id
      ? [text(locale, 'tasks.cancelled')]
      : [standingsOf(parts, locale, (part) => standing(part, locale, view)), ...since(task, locale, view)];
  if (hidden?.has(task.id))
    return [
      text(locale, `tasks.hidden.${task.request.kind}`),
      ...costs({ cost }, locale, view),
      ...standings,
    ];
  const words = escapeWords(task.request.prompt, width) || text(locale, 'tasks.noWords');
  const link = parts.map(jumpLink).find((one) => one !== undefined);
  const whom = whose === 'server' ? [`<@${task.origin.userId}>`, ...costs({ cost }, locale, view)] : counted;
  return [words, ...whom, ...standings, ...(link ? [link] : [])];
}

function standing(task: Task, locale: Locale, { turn, expected }: View): string {
  if (isKept(task)) return text(locale, 'tasks.kept');
  const { state, release } = task;
  const place = state.name === 'queued' ? turn?.(task) : undefined;
  if (place) {
    const { ahead, starts } = place;
    return text(locale, ahead > 0 ? 'tasks.position' : 'tasks.next', {
      ahead,
      starts: startIn(starts, locale),
    });
  }
  if (isReleasable(state) && release) return text(locale, `tasks.released.${release.wish}`);
  if (isOver(state)) return ended(task, locale);
  const window = expected?.(task);
  if (window) return text(locale, 'tasks.running.until', { ready: readyIn(window, locale) });
  return text(locale, `tasks.${state.name}`);
}

/** How a task ended. */
export function ended({ state, removed }: Task, locale: Locale): string {
  if (removed) return text(locale, 'tasks.removed');
  if ('rejected' in state && state.rejected) return text(locale, 'tasks.rejected');
  if (state.name !== 'failed') return text(locale, `tasks.${state.name}`);
  const reason = text(locale, `tasks.reason.${shortReason(state.failure.reason)}`);
  return text(locale, 'tasks.failed.because', { reason });
}

/** When it ended, or was ordered if nothing else says a time. */
function since(task: Task, locale: Locale, { turn, expected }: View): string[] {
  if (isOver(task.state)) return [at(lastChange(task))];
  const isTimed = !isKept(task) && (turn?.(task) ?? expected?.(task)) !== undefined;
  return isTimed ? [] : [text(locale, 'tasks.ordered', { when: at(receivedAt(task)) })];
}

/** Discord's relative time. */
function at(ms: number): string {
  return `<t:${Math.round(ms / 1000)}:R>`;
}

function costs({ cost }: Pick<Task, 'cost'>, locale: Locale, { currency }: View): string[] {
  const { unit, amount, micros } = cost;
  const counted =
    unit === 'image'
      ? text(locale, 'tasks.cost.image', { count: amount })
      : text(locale, 'card.seconds', { seconds: amount });
  if (micros === undefined || currency === undefined) return [counted];
  return [counted, text(locale, 'details.money', { amount: Number((micros / 1e6).toFixed(4)), currency })];
}

/** At most one button per unfinished task: collect a held result, cancel a waiting task, dismiss a running one. */
function action(
  task: Task,
  number: number,
  locale: Locale,
  { whose = 'mine', page = 0, userId, hidden, calledOff, sets }: View,
): APIButtonComponentWithCustomId[] {
  const { id, origin } = task;
  const states = partsIn(task, sets).map(({ state }) => state);
  if (hidden?.has(id) || calledOff === id) return [];
  const isMine = whose === 'mine' || origin.userId === userId;
  if (isKept(task)) return isMine ? [button(customId('collect', id), 'collect')] : [];
  if (states.some(isCancellable))
    return [button(controlId('tasks', `cancel:${pageControl(whose, page)}:${id}`), 'cancel.number')];
  return states.some(isReleasable) ? [button(customId('release', id), 'release.number')] : [];

  function button(custom_id: string, label: 'collect' | 'cancel.number' | 'release.number') {
    return secondary(custom_id, text(locale, `button.${label}`, { number }));
  }
}

function turns(page: number, pages: number, whose: Whose): APIButtonComponentWithCustomId[] {
  const turn = (to: number, label: string) => secondary(controlId('tasks', pageControl(whose, to)), label);
  return [...(page > 0 ? [turn(page - 1, '◀')] : []), ...(page < pages - 1 ? [turn(page + 1, '▶')] : [])];
}

function secondary(custom_id: string, label: string): APIButtonComponentWithCustomId {
  return { type: ComponentType.Button, style: ButtonStyle.Secondary, label, custom_id };
}

const words = { mine: 'page', server: 'server' } as const satisfies Record<Whose, string>;

function pageControl(whose: Whose, page: number): string {
  return `${words[whose]}:${page}`;
}

/** Parses a control of the list; undefined for an unknown one. */
export function parseListControl(
  control: string,
): { readonly whose: Whose; readonly page: number; readonly cancel?: TaskId } | undefined {
  const [, cancel, word, page, event, part] =
    /^(cancel:)?(page|server):(\d{1,5})(?::(\d{17,20}):(\d{1,3}))?$/.exec(control) ?? [];
  if (page === undefined || Boolean(cancel) !== Boolean(event)) return undefined;
  return {
    whose: word === words.server ? 'server' : 'mine',
    page: Number(page),
    ...(event && { cancel: `${event}:${Number(part)}` as const }),
  };
}
