import { text } from '../../../locales/index.js';
import type { Catalogue } from '../../../mps/catalogue/catalogue.js';
import type { Task } from '../../../tasks/model/task.js';
import { receivedAt } from '../../../tasks/model/task-record.js';
import { clip, escapeWords } from '../markdown.js';
import { linkTo } from '../message-link.js';
import { fitLines } from '../resize-notes.js';
import { surprises } from '../task-card.js';
import { moneyOf } from '../task-details.js';
import { reasonOf } from '../task-ending.js';
import { type Here, hereIn, isResult, labelOf, lineStart, type SetView } from './set-view.js';

interface Tools {
  readonly catalogue: Catalogue;
  readonly keptIn: ((task: Task) => string | undefined) | undefined;
}

/** A line for each outcome in the message, in the order of their numbers. */
export function linesOf(view: SetView, tools: Tools): string[] {
  const here = hereIn(view);
  const hasResult = view.members.some(
    ({ task, standing }) => standing !== 'coming' && task && isResult(task),
  );
  const said = new Map<string, string>();
  return here.map((member) => {
    const { task } = member;
    const words = task.removed
      ? text(task.origin.locale, 'card.set.removed')
      : isResult(task)
        ? resultIn(member, tools)
        : endIn(member, hasResult);
    // Nine times the same reason would leave no room for anything else.
    const earlier = task.state.name === 'failed' && hasResult ? said.get(words) : undefined;
    if (earlier === undefined) said.set(words, labelOf(member));
    const { locale } = member.task.origin;
    return `${lineStart(member)}${earlier === undefined ? words : text(locale, 'card.set.same', { number: earlier })}`;
  });
}

/** The model, how long it took, what it cost, and what is unusual about the file. */
function resultIn({ task, animates }: Here, { catalogue, keptIn }: Tools): string {
  const { locale } = task.origin;
  const whole = task.results?.sent?.length === 1;
  // Without links: nine signed ones don't fit. The button of the chosen result leads to the original.
  const results = task.results && withoutLinks(task.results);
  const notes = fitLines(results ? { ...task, results } : task, keptIn?.(task)).map((line) =>
    line.replace('-# ', ''),
  );
  return [
    ...(animates === undefined ? [] : [text(locale, 'card.set.clip', { number: animates })]),
    nameOfModel(task, catalogue),
    text(locale, 'card.seconds', { seconds: secondsOf(task) }),
    ...moneyOf(task, locale, catalogue),
    ...surprises(task),
    ...(whole ? notes : notes.map((note) => `(${note})`)),
  ].join(' · ');
}

function withoutLinks({ linksExpireAt: _, ...rest }: NonNullable<Task['results']>) {
  return rest;
}

export function nameOfModel({ request: { kind, model } }: Task, catalogue: Catalogue): string {
  return escapeWords(catalogue.find(kind, model)?.label ?? model);
}

/** Seconds from the order until the result was there: later edits don't change it, as the time of the post would. */
function secondsOf(task: Task): number {
  const there = task.history.find(({ state }) => state === 'delivering')?.at ?? receivedAt(task);
  return Math.round((there - receivedAt(task)) / 1000);
}

/**
 * How a part ended. Why it failed is said beside results; before there is one the set may fail as a whole, and then
 * its user alone learns why.
 */
function endIn({ task, animates }: Here, hasResult: boolean): string {
  const { state, origin } = task;
  const { locale } = origin;
  const which = animates === undefined ? '' : `${text(locale, 'card.set.clip', { number: animates })} · `;
  if (state.name === 'failed')
    return `${which}${hasResult ? reasonOf(task, locale) : text(locale, 'card.set.failed')}`;
  if ('rejected' in state && state.rejected && state.name === 'discarded')
    return `${which}${text(locale, 'card.set.rejected')}`;
  return `${which}${text(locale, state.name === 'discarded' ? 'card.set.discarded' : 'card.set.cancelled')}`;
}

/** Where the outcomes are that this message doesn't show; undefined if all are here or being posted here. */
export function elsewhereLine({ lead, members, restIn }: SetView): string | undefined {
  const { locale, guildId, channelId } = lead.origin;
  const places = members.flatMap(({ task, standing }) => {
    const posted = standing === 'elsewhere' && task && 'posted' in task.state ? task.state.posted : undefined;
    return posted?.messageId && !task?.origin.private ? [posted] : [];
  });
  const posted = restIn ?? places[0];
  if (!posted) return undefined;
  if (posted.channelId !== channelId) return `-# ${text(locale, 'card.set.direct')}`;
  return `-# ${text(locale, 'card.set.elsewhere', { link: linkTo(posted, guildId) })}`;
}

/** The same lines, each cut as far as it takes to have all of them in the message. */
export function cutTo(lines: readonly string[], room: number): readonly string[] {
  const length = (all: readonly string[]) => all.join('\n').length;
  if (length(lines) <= room) return lines;
  const most = Math.floor(room / lines.length) - 1;
  const spare = lines.reduce((sum, line) => sum + Math.max(0, most - line.length), 0);
  const long = lines.filter((line) => line.length > most).length;
  return lines.map((line) => clip(line, line.length > most ? most + Math.floor(spare / long) : most));
}
