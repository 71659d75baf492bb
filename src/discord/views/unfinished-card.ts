import { type APIMessage, ComponentType } from 'discord.js';
import { type Locale, type TextKey, text } from '../../locales/index.js';
import type { Progress, TimeWindow } from '../../tasks/model/progress.js';
import { isReleasable } from '../../tasks/model/state-machine.js';
import type { Task } from '../../tasks/model/task.js';
import { parseCustomId, type Verb } from './custom-ids.js';
import { isSourceName } from './file-names.js';

/** Buttons that only a progress card has. */
const onItsWay: ReadonlySet<Verb> = new Set<Verb>(['cancel', 'release']);

/**
 * True if a message is one of Easel's cards without a result yet: until then its attachments are source images for
 * MPS.
 */
export function isUnfinished({ components = [], attachments }: APIMessage): boolean {
  const verbs = components.flatMap((row) =>
    row.type === ComponentType.ActionRow ? row.components.map((one) => verbOf(one)) : [],
  );
  // The image of a chained order is there before its video.
  const isThere = attachments.some(({ filename }) => !isSourceName(filename));
  return !isThere && verbs.some((verb) => verb !== undefined && onItsWay.has(verb));
}

function verbOf(part: object): Verb | undefined {
  const id = 'custom_id' in part ? part.custom_id : undefined;
  return typeof id === 'string' ? parseCustomId(id)?.verb : undefined;
}

/** A card's line about a task in progress. Pure. */
export function statusOf(task: Task, progress: Progress): string {
  const { state, request, release } = task;
  const { locale } = task.origin;
  const { ahead = 0, starts, waitingFor, expected, pace, fitting, reviewersAway } = progress;
  const one = (key: TextKey) => text(locale, key);
  if (waitingFor) return one(`card.${waitingFor}`);
  if (state.name === 'searching' && !release) return one('card.searching');
  if (isReleasable(state) && release) return one(`card.released.${release.by}.${release.wish}`);
  if (state.name === 'running') {
    if (request.kind === 'video' && request.offPeak) return one('card.offPeak');
    if (state.letGo) return one('card.letGo');
    if (!expected) return one(`card.running.${request.kind}`);
    return text(locale, `card.${pace ?? 'usual'}.${request.kind}`, {
      ready: readyIn(expected, locale, pace),
    });
  }
  if (state.name === 'fetching') return one(fitting ? 'card.fitting' : 'card.fetching');
  if (state.name === 'awaitingReview')
    return one(reviewersAway ? 'card.awaitingReview.away' : 'card.awaitingReview');
  if (state.name === 'awaitingApproval') return one('card.awaitingApproval');
  if (state.name === 'held') return one('card.held');
  if (state.name === 'received') return one('card.received');
  const place = ahead === 0 ? one('card.next') : text(locale, 'card.ahead', { ahead });
  return text(locale, 'card.waiting', { place, starts: startIn(starts ?? {}, locale) });
}

/** When a waiting task starts: a time, a range, or that no one can tell. */
export function startIn(window: TimeWindow, locale: Locale): string {
  return inWords('starts', window, locale);
}

/** When a running task is ready. */
export function readyIn(window: TimeWindow, locale: Locale, pace?: 'slow' | 'late'): string {
  const isUnknown = pace === 'late' && window.from === undefined && window.to === undefined;
  return isUnknown ? text(locale, 'time.late') : inWords('ready', window, locale);
}

function inWords(what: 'starts' | 'ready', { from, to }: TimeWindow, locale: Locale): string {
  if (from === undefined && to === undefined) return text(locale, `time.${what}.soon`);
  const which = from === undefined ? 'to' : to === undefined ? 'from' : 'both';
  return text(locale, `time.${what}.${which}`, {
    ...(from !== undefined && { from: relative(from) }),
    ...(to !== undefined && { to: relative(to) }),
  });
}

/** A time (ms since the epoch) to which Discord counts down by itself, without edits. */
function relative(at: number): string {
  return `<t:${Math.round(at / 1000)}:R>`;
}
