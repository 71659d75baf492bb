import type { RequestRecord } from '@easel/mps-stand-in';
import { endsInWords } from '../../src/tasks/model/state-machine.js';
import type { Task } from '../../src/tasks/model/task.js';
import { dropped, untold } from './ending-texts.js';
import type { Create, Facts } from './facts.js';
import { isClipPart } from './order.js';
import {
  autoMod,
  brokenDownloads,
  closedCdn,
  deadLinks,
  isForbidden,
  lateLinks,
  mediaFilter,
  modelError,
} from './troubles.js';

/**
 * What must have happened for an order to end without its result, by its final sentence. Kills and faults excuse
 * nothing by themselves: waiting, running and finished tasks are resumed, whatever happened to the bot. Any sentence that is
 * not here has no cause within a cycle: links live for 12 hours, so that none has expired.
 */
const causes: Readonly<Record<string, (facts: Facts) => boolean>> = {
  [dropped]: ({ order, task }) => order.wish === 'letGo' && task?.state.name === 'discarded',
  /** Cancelled while it waited; or it was the follow-up of a picture that has not arrived. */
  cancelled: ({ order, task, picture }) =>
    isClipPart(order.part) && wasLastIn(task, 'held')
      ? picture !== undefined && endsInWords(picture.state)
      : order.wish === 'callOff' && (wasLastIn(task, 'queued') || isHeldPart(order, task)),
  /** A process died while the Create was in flight; a graceful stop waits for the answer. */
  interrupted: (facts) => mayBeUnknown(facts) && facts.deaths.some(whileSubmitting(facts.task)),
  uncertain: (facts) => mayBeUnknown(facts) && wasLost(facts),
  /** MPS does not take such words, and made nothing. */
  moderation: ({ task, order, creates }) =>
    wasLastIn(task, 'submitting') && isForbidden(order.prompt) && creates.length === 0,
  /** No more of them than MPS has failed by itself, and none because of Easel's input. */
  unsuccessful: (facts) =>
    isCovered('unsuccessful', facts, ({ status, failure }) => status === 'FAIL' && failure === modelError),
  /** No more of them than MPS could not fetch a picture for. */
  'unsuccessful.fetch': (facts) =>
    isCovered('unsuccessful.fetch', facts, (create) => couldNotFetch(create, facts)),
  /** AutoMod did not let its words be shown: nothing was asked of MPS. */
  words: ({ task, troubles, creates, same }) =>
    wasLastIn(task, 'received') && troubles.has(autoMod) && creates.length < Math.max(1, same.length),
  /** Processes died twice while its picture was being processed: it may be the cause, so it is not tried again. */
  'source.heavy': ({ task, deaths }) =>
    wasLastIn(task, 'received') && deaths.filter(within(task)).length >= 2,
  'extends.broken': ({ task, deaths }) =>
    wasLastIn(task, 'received') && deaths.filter(within(task)).length >= 2,
  'source.clip.heavy': ({ task, deaths }) =>
    wasLastIn(task, 'received') && deaths.filter(within(task)).length >= 2,
  /** Easel itself reads a clip that is handed in, and a link that answers 403 is dead for good: nothing was ordered. */
  'source.clip.unreachable': ({ task, troubles, creates, same }) =>
    wasLastIn(task, 'received') && troubles.has(closedCdn) && creates.length < Math.max(1, same.length),
  /** Discord's filter refused the file. */
  withheld: ({ task, troubles }) => troubles.has(mediaFilter) && task?.state.name === 'delivered',
  /** There is no answer; or there is one that Easel can't see, and whose success it was never told. */
  unanswered: ({ task, order, answered, blindSince }) =>
    wasLastIn(task, 'received') &&
    task?.origin.acknowledged === false &&
    !order.byMessage &&
    (!answered || (blindSince !== undefined && blindSince <= endOf(task))),
};

/** Whether the events of an order explain its end. */
export function isExcused(outcome: string, facts: Facts): boolean {
  return causes[outcome]?.(facts) ?? false;
}

/** A task's outcome in the ledger, in the words of `outcomeOf`; undefined if there is none. */
export function outcomeIn(task: Task | undefined): string | undefined {
  switch (task?.state.name) {
    case 'delivered':
      return isWithheld(task) ? 'withheld' : 'delivered';
    case 'cancelled':
      return task.state.name;
    case 'discarded':
      return `discarded.${task.release?.by}`;
    case 'failed':
      return task.state.failure.reason;
    default:
      return undefined;
  }
}

/** Whether the result was made and paid for, and Discord refused all of it. */
export function isWithheld({ results }: Task): boolean {
  return results?.sent?.every(({ how }) => how === 'withheld') ?? false;
}

/**
 * Whether an outcome was posted twice because the first one could not be known: once in the answer, out of Easel's sight
 * when its token expired, and then in a private message. There is no second time otherwise: Easel can read its own direct messages, and
 * the answer to a user who collects a kept result.
 */
export function isRepeatedUnseen({ order, answer, blindSince, seen }: Facts): boolean {
  const first = seen.find(({ messageId }) => messageId === answer);
  const [second, ...more] = seen.filter((sighting) => sighting !== first);
  if (blindSince === undefined || !first || !second || more.length > 0) return false;
  const isTheirs = second.guildId === undefined || second.visibleTo === order.userId;
  const isSame = second.outcome === first.outcome || first.outcome === untold;
  return isTheirs && second.at >= blindSince && isSame;
}

/** A part of a set that was not queued yet. */
function isHeldPart({ set }: Facts['order'], task: Task | undefined): boolean {
  return set !== undefined && wasLastIn(task, 'held');
}

/** Which state a task was in before it ended. */
function wasLastIn(task: Task | undefined, state: string): boolean {
  return task?.history.at(-2)?.state === state;
}

function endOf(task: Task | undefined): number {
  return task?.history.at(-1)?.at ?? Number.NEGATIVE_INFINITY;
}

/** Between a task's last step and its end, ms since the epoch. */
function within(task: Task | undefined): (at: number) => boolean {
  const before = task?.history.at(-2)?.at ?? Number.POSITIVE_INFINITY;
  return (at) => at >= before && at <= endOf(task);
}

/** Between its last Create and what was persisted next, ms since the epoch. */
function whileSubmitting(task: Task | undefined): (at: number) => boolean {
  const history = task?.history ?? [];
  const index = history.findLastIndex(({ state }) => state === 'submitting');
  const [from, to] = [history[index]?.at ?? Number.POSITIVE_INFINITY, history[index + 1]?.at ?? 0];
  return (at) => index >= 0 && at >= from && at <= to;
}

/**
 * Whether a Create's outcome can't be known: its answer was lost. With a bucket it was looked for there as well, and
 * every result that MPS made from this prompt has reached a user.
 */
function mayBeUnknown({ task, same, creates, cosUrl }: Facts): boolean {
  if (cosUrl === undefined) return wasLastIn(task, 'submitting');
  const made = creates.filter(({ status }) => status !== 'FAIL').length;
  const reached = same.filter(({ state: { name } }) => name === 'delivered' || name === 'discarded').length;
  return wasLastIn(task, 'searching') && made <= reached;
}

/** MPS, or the route to it, gave that Create no clear answer. */
function wasLost(facts: Facts): boolean {
  return facts.requests.some((request) => isLostCreate(request, facts));
}

/** A Create of its kind that was sent then and got no clear answer; its result, if any, is of this prompt. */
function isLostCreate({ at, action, code, taskId }: RequestRecord, { task, order, creates }: Facts): boolean {
  const isIts = action === (order.kind === 'image' ? 'CreateAigcImageTask' : 'CreateAigcVideoTask');
  if (!isIts || !whileSubmitting(task)(at) || !/^(reset|5\d\d|InternalError)$/.test(code)) return false;
  return taskId === undefined || creates.some(({ id }) => id === taskId);
}

/** Whether MPS failed as many Creates in that way as orders ended with that sentence. */
function isCovered(
  outcome: string,
  { task, creates, same }: Facts,
  failed: (create: Create) => boolean,
): boolean {
  return (
    wasLastIn(task, 'running') &&
    creates.filter(failed).length >= same.filter((one) => outcomeIn(one) === outcome).length
  );
}

/** A picture that MPS was pointed at could not be fetched, for a trouble that accounts for it: its own, or Discord's. */
function couldNotFetch(
  { status, failure = '', sources }: Create,
  { troubles, mpsUrl, cosUrl }: Facts,
): boolean {
  const met = /^download failed: (?:HTTP (\d+))?/.exec(failure);
  if (status !== 'FAIL' || !met || sources.length === 0) return false;
  const own = [`${mpsUrl}/results/`, ...(cosUrl ? [`${cosUrl}/aigc-output/`] : [])];
  const readsItsOwn = sources.every((url) => own.some((place) => url.startsWith(place)));
  const isShut =
    met[1] === '403' && troubles.has(closedCdn) && sources.some((url) => /attachments\//.test(url));
  const cause = met[1] === '403' ? deadLinks : met[1] === '404' ? lateLinks : brokenDownloads;
  return isShut || (readsItsOwn && troubles.has(cause));
}
