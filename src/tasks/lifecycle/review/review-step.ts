import { sleep } from '../../../util/abort.js';
import { jittered } from '../../../util/retry.js';
import { day, minute } from '../../../util/time.js';
import type { Delivery } from '../../delivery/delivery-port.js';
import type { Ledger } from '../../ledger/ledger.js';
import { isUnderReview, TransitionError } from '../../model/state-machine.js';
import {
  type Posted,
  type Reviewed,
  reviewForDays,
  type StateOf,
  type Task,
  type TaskEvent,
  type TaskId,
} from '../../model/task.js';
import { lastChange } from '../../model/task-record.js';
import type { Asking } from './asking.js';
import type { ReviewDesk } from './review-desk.js';
import type { Wakeups } from './wakeups.js';

/** Moderators decide about orders and results. */
export interface ReviewStep {
  /** Asks moderators about a task and waits until it is decided, withdrawn or overdue. @throws FetchError; the signal's reason */
  follow(task: Task, resumed: boolean): Promise<void>;
  /**
   * Records a moderator's decision; of several at once the first one counts.
   * @returns the task with it; undefined if there is nothing to decide any more.
   */
  decide(id: TaskId, decision: Decision): Promise<Task | undefined>;
  /** Its user no longer wants an order that isn't approved yet, or was blocked. False if it is too late. */
  withdraw(id: TaskId, why?: 'blocked'): boolean;
  /** Checks whether the messages of these tasks are still there, and asks again for those that aren't; all, unless given. */
  recheck(concerns?: (task: Task) => boolean): void;
}

export interface Decision {
  readonly what: Reviewed;
  readonly approve: boolean;
  /** The moderator's user id. */
  readonly by: string;
}

export interface ReviewStepDeps {
  readonly ledger: Ledger;
  readonly desk: ReviewDesk;
  readonly asking: Asking;
  readonly delivery: Pick<Delivery, 'show'>;
  /** A result's copy is safe in the moderators' channel: its files need not be here. */
  readonly letGoOf: (id: TaskId) => Promise<void>;
  readonly wakeups: Wakeups;
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** ms before moderators are asked again if that failed; doubles. */
  readonly retryMs: number;
}

const reviewForMs = reviewForDays * day;
/** Longest wait before the next try to ask, ms: while something passes by itself, and while the channel is closed. */
const longestWaits = { passing: minute, closed: 10 * minute } as const;

type UnderReview = Task & { readonly state: StateOf<'awaitingApproval' | 'awaitingReview'> };

export function createReviewStep(deps: ReviewStepDeps): ReviewStep {
  const { ledger, wakeups } = deps;
  const decisions = createDecisions(deps);
  const doubtful = new Set<TaskId>();
  return {
    follow: (task, resumed) => {
      if (resumed) doubtful.add(task.id);
      return follow({ ...deps, decisions, doubtful }, task.id);
    },
    async decide(id, { what, approve, by }) {
      const event = approve
        ? ({ type: 'approved', what, by } as const)
        : ({ type: 'rejected', what, by, why: 'moderator' } as const);
      return decisions.record(id, event);
    },
    withdraw(id, why) {
      if (ledger.get(id)?.state.name !== 'awaitingApproval' || decisions.isMaking(id)) return false;
      const event: TaskEvent = why
        ? { type: 'failed', failure: { reason: why } }
        : { type: 'rejected', what: 'order', why: 'withdrawn' };
      decisions.record(id, event).catch(() => {});
      return true;
    },
    recheck(concerns = () => true) {
      for (const task of ledger.unfinished()) {
        if (!isUnderReview(task.state) || !concerns(task)) continue;
        doubtful.add(task.id);
        wakeups.wake(task.id);
      }
    },
  };
}

/** Decisions about each task, one at a time: the first one counts. */
function createDecisions({ ledger, wakeups }: Pick<ReviewStepDeps, 'ledger' | 'wakeups'>) {
  const making = new Map<TaskId, Promise<unknown>>();
  return {
    isMaking: (id: TaskId) => making.has(id),
    async record(id: TaskId, event: TaskEvent): Promise<Task | undefined> {
      await making.get(id)?.catch(() => {});
      const task = ledger.get(id);
      if (!task || !isUnderReview(task.state)) return undefined;
      // Its user has deleted their data: it is about to be withdrawn.
      if (event.type === 'approved' && task.purge) return undefined;
      const decision = ledger.record(id, event);
      making.set(id, decision);
      try {
        return await decision;
      } catch (error) {
        // It was dismissed while this was being persisted, or another thing was reviewed.
        if (error instanceof TransitionError) return undefined;
        throw error;
      } finally {
        making.delete(id);
        wakeups.wake(id);
      }
    },
  };
}

interface FollowDeps extends ReviewStepDeps {
  readonly decisions: ReturnType<typeof createDecisions>;
  /** Tasks whose message may be gone. */
  readonly doubtful: Set<TaskId>;
}

async function follow(deps: FollowDeps, id: TaskId): Promise<void> {
  const { ledger, desk, wakeups, decisions, doubtful, letGoOf, now, signal } = deps;
  let asked: { readonly message: Posted; readonly what: Reviewed } | undefined;
  for (let failures = 0; ; ) {
    signal.throwIfAborted();
    const task = ledger.get(id);
    if (!task || !isUnder(task)) break;
    if (task.state.asked) asked = { message: task.state.asked, what: whatIn(task) };
    const left = lastChange(task) + reviewForMs - now();
    const isAsking = () => isStill(ledger.get(id)) && !doubtful.has(id);
    if (task.purge) await decisions.record(id, rejectionOf(task, 'withdrawn'));
    else if (left <= 0) await decisions.record(id, rejectionOf(task, 'overdue'));
    else if (task.state.asked && doubtful.delete(id)) failures = await check(deps, task, failures);
    else if (!task.state.asked) failures = await ask(deps, task, failures, left);
    else {
      await letGoOf(id);
      await wakeups.wait(id, isAsking, left);
    }
  }
  if (!asked) return;
  const ended = await ledger.find(id).catch(() => undefined);
  // What its user wanted deleted is removed elsewhere.
  // Nor does the result wait for it: Discord lets few messages of a channel be edited at once.
  if (ended) void desk.close(ended, asked.message, asked.what);
}

function isUnder(task: Task): task is UnderReview {
  return isUnderReview(task.state);
}

function isStill(task: Task | undefined): boolean {
  return task !== undefined && isUnderReview(task.state) && task.purge === undefined;
}

function rejectionOf({ state }: UnderReview, why: 'withdrawn' | 'overdue'): TaskEvent {
  return { type: 'rejected', what: whatIn({ state }), why };
}

function whatIn({ state }: Pick<UnderReview, 'state'>): Reviewed {
  return state.name === 'awaitingApproval' ? 'order' : 'result';
}

/** @returns how many tries have failed in a row. */
async function ask(deps: FollowDeps, task: UnderReview, failures: number, left: number): Promise<number> {
  const { asking, wakeups, delivery, desk, ledger, doubtful, retryMs } = deps;
  const { id } = task;
  // What is doubted from here on is the new message.
  doubtful.delete(id);
  const outcome = await asking.ask(task);
  if (outcome === 'asked') {
    void delivery.show(ledger.get(id) ?? task);
    return 0;
  }
  if (outcome === 'changed') return failures;
  if (outcome === 'closed') {
    if (failures === 0) desk.unreachable(task);
    void delivery.show(task, { reviewersAway: true });
  }
  const waitMs = Math.min(retryMs * 2 ** Math.min(failures, 30), longestWaits[outcome], left);
  await wakeups.wait(id, () => isStill(ledger.get(id)) && !doubtful.has(id), jittered(waitMs));
  return failures + 1;
}

/** The message with the question may have been deleted: then it is asked again. */
async function check(deps: FollowDeps, task: UnderReview, failures: number): Promise<number> {
  const { desk, ledger, doubtful, signal, retryMs } = deps;
  const { asked } = task.state;
  try {
    if (asked && !(await desk.isThere(asked))) await ledger.record(task.id, { type: 'unasked' });
    return 0;
  } catch (error) {
    if (error instanceof TransitionError) return 0;
    doubtful.add(task.id);
    await sleep(jittered(Math.min(retryMs * 2 ** Math.min(failures, 30), minute)), signal);
    return failures + 1;
  }
}
