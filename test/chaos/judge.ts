import type { MessageView } from '@easel/discord-stand-in';
import { toUsage } from '../../src/tasks/accounting/billing.js';
import { isOver } from '../../src/tasks/model/state-machine.js';
import type { Task } from '../../src/tasks/model/task.js';
import { untold } from './ending-texts.js';
import { isExcused, isRepeatedUnseen, isWithheld, outcomeIn } from './excuse.js';
import type { Facts } from './facts.js';
import { lineOf, numbersOf } from './set-message.js';
import { isEndOfAll, isPublic, outcomeShown } from './witness.js';

/** Possible findings about a task. */
export const faults = [
  'lost',
  'stuck',
  'doubled create',
  'create for no one',
  'doubled answer',
  'misplaced',
  'scattered',
  'pinged twice',
  'wrong bytes',
  'wrong failure',
  'other than written',
  'made in vain',
  'choice not kept',
  'wrong quota',
  'pinged others',
  'shown to others',
] as const;
export type Fault = (typeof faults)[number];

/** Discord's final state; files by the hash of their bytes. */
export interface Sights {
  /** The user waits for an answer. */
  readonly accepted: boolean;
  /** How many users wait for a result of this prompt. */
  readonly waiting: number;
  /** The messages that bear its outcome now. */
  readonly outcomes: readonly MessageView[];
  /** Its file, if it has one. */
  readonly posted: string | undefined;
  /** The files of all orders with the same prompt. */
  readonly received: readonly (string | undefined)[];
  /** MPS's results for that prompt. */
  readonly made: readonly string[];
  /** The part that MPS has reported as done to Easel. */
  readonly told: readonly string[];
}

/** An order's outcome, and the findings about it. */
export interface Judgement {
  /** `delivered`, the name of a failure, or nothing. */
  readonly outcome: string | undefined;
  readonly faults: readonly Fault[];
  /** It was posted a second time because the first could not be known to have arrived. */
  readonly repeated: boolean;
}

/** Each rule is one of the invariants of the design, as it looks from outside. */
export function judge(facts: Facts, sights: Sights): Judgement {
  const { order, task, seen, reasons } = facts;
  const { accepted, outcomes, waiting, posted, made } = sights;
  const [message] = outcomes;
  const said = outcomes.map((one) => {
    const shown = outcomeShown(one, order);
    const outcome = shown === untold ? (reasons[0]?.outcome ?? untold) : shown;
    return isCoveredBy(one, facts, outcome) ? (outcomeIn(task) ?? outcome) : outcome;
  });
  const [outcome] = said;
  const isDoubled = Math.max(outcomes.length, seen.length) > 1;
  const repeated = isDoubled && isRepeatedUnseen(facts);
  const isOpen = task !== undefined && !isOver(task.state);
  const found: (Fault | false | undefined)[] = [
    isOpen ? 'stuck' : accepted && !message && 'lost',
    isDoubledCreate(facts, waiting) && 'doubled create',
    isForNoOne(facts, waiting) && 'create for no one',
    ((isDoubled && !repeated) || reasons.length > 1 || isListedTwice(facts, outcomes)) && 'doubled answer',
    outcome === 'delivered' && !made.some((file) => file === posted) && 'wrong bytes',
    order.set && outcome === 'delivered' && isMisplaced(facts, sights) && 'misplaced',
    facts.spread > mostMessages && 'scattered',
    facts.pings > 1 && 'pinged twice',
    said.some((one) => one !== 'delivered' && !isExcused(one, facts)) && 'wrong failure',
    // A task that stopped between the two is reported as `stuck`.
    !isOpen && !isAsWritten(said, outcomes, task) && 'other than written',
    isInVain(facts, sights) && 'made in vain',
    task && !keepsWish(task, outcome) && 'choice not kept',
    task && !settlesRightly(task) && 'wrong quota',
    outcomes.some(({ notified }) => notified.some((id) => id !== order.userId)) && 'pinged others',
    ((order.secret && seen.some(isPublic)) || reasons.some((one) => one.visibleTo !== order.userId)) &&
      'shown to others',
  ];
  return { outcome, faults: found.filter((one) => one !== undefined && one !== false), repeated };
}

/** Messages that the outcomes of one set are in: its answer, and one that was opened once that was closed. */
const mostMessages = 2;

/** Whether a set's own sentence, that the order failed, stands for a part that was cancelled or dropped. */
function isCoveredBy(message: MessageView, { order, task }: Facts, outcome: string): boolean {
  const isWhole = isEndOfAll(message, order) && lineOf(message.content, order.set?.number ?? 1) === undefined;
  const isOwn = task?.state.name === 'cancelled' || task?.state.name === 'discarded';
  return isWhole && isOwn && outcome !== 'delivered';
}

/** A message has two files with its number. */
function isListedTwice({ order: { set } }: Facts, outcomes: readonly MessageView[]): boolean {
  const times = ({ attachments }: MessageView) =>
    numbersOf(attachments).filter((number) => number === set?.number).length;
  return set !== undefined && outcomes.some((message) => times(message) > 1);
}

/** Another part's file is in its place, or the files of the message are not in the order of their numbers. */
function isMisplaced({ task }: Facts, { outcomes, posted, received }: Sights): boolean {
  const [file] = task?.results?.files ?? [];
  const [sent] = task?.results?.sent ?? [];
  const isOther = sent?.how === 'whole' && file !== undefined && file.sha256 !== posted;
  const isTwice = received.filter((one) => one !== undefined && one === posted).length > 1;
  const numbers = outcomes
    .flatMap(({ attachments }) => numbersOf(attachments))
    .filter((one) => one !== undefined);
  const isSorted = numbers.every((number, at) => at === 0 || number >= (numbers[at - 1] ?? 0));
  return isOther || isTwice || !isSorted;
}

/** An order that can have reached MPS: it was persisted before, and the task did not end unsubmitted. */
function ordered({ same }: Facts): readonly Task[] {
  return same.filter(
    ({ history, state }) => history.some((past) => past.state === 'submitting') && state.name !== 'cancelled',
  );
}

/** More than one for each waiting user with a task that can have caused it. */
function isDoubledCreate(facts: Facts, waiting: number): boolean {
  return facts.creates.length > Math.max(1, Math.min(waiting, ordered(facts).length));
}

function isForNoOne(facts: Facts, waiting: number): boolean {
  return facts.creates.length > 0 && (waiting === 0 || ordered(facts).length === 0);
}

/** Whether users were shown the ledger's outcome, and a result is where it says. */
function isAsWritten(
  said: readonly string[],
  outcomes: readonly MessageView[],
  task: Task | undefined,
): boolean {
  if (said.some((one) => one !== outcomeIn(task))) return false;
  if (task?.state.name !== 'delivered') return true;
  const { messageId } = task.state.posted;
  return outcomes.some(({ id }) => id === messageId);
}

/**
 * Whether a result that Easel knows of reached no one, other than on request. If several orders have the same prompt, it is
 * reported of those without one.
 */
function isInVain({ same, task }: Facts, { told, received }: Sights): boolean {
  const unseen = told.filter((file) => !received.includes(file)).length;
  const unwanted = same.filter((one) => one.state.name === 'discarded' || isWithheld(one)).length;
  const has = ({ state: { name } }: Task) => name === 'delivered' || name === 'discarded';
  return unseen > unwanted && (same.every(has) || !task || !has(task));
}

/** Results are spent, as MPS bills them; others are refunded exactly, and nothing stays reserved. */
function settlesRightly(task: Task): boolean {
  const entry = toUsage(task);
  const wasMade = task.history.some(({ state }) => state === 'fetching' || state === 'discarded');
  if (!isOver(task.state) || !entry) return !wasMade;
  if (!wasMade) return entry.state === 'refunded' && !entry.open;
  return entry.state === 'spent' && !entry.open && entry.amount === task.cost.amount;
}

/** A task dismissed for discarding is not fetched, and no other one is dropped; MPS bills it all the same. */
function keepsWish({ release, state }: Task, outcome: string | undefined): boolean {
  const drops = release?.wish === 'drop';
  return drops ? outcome !== 'delivered' && state.name !== 'delivered' : state.name !== 'discarded';
}
