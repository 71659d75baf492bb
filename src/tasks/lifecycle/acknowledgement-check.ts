import { sleep } from '../../util/abort.js';
import { jittered } from '../../util/retry.js';
import { hour, minute } from '../../util/time.js';
import { type Delivery, RouteClosedError, WordsRefusedError } from '../delivery/delivery-port.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Task } from '../model/task.js';
import { answerableUntil, receivedAt } from '../model/task-record.js';
import type { FailureStep } from './failure-step.js';

interface Deps {
  readonly ledger: Pick<Ledger, 'amend' | 'record'>;
  readonly delivery: Pick<Delivery, 'answered'>;
  readonly endings: Pick<FailureStep, 'fail'>;
  readonly signal: AbortSignal;
  readonly now: () => number;
  /** First delay before another check, ms; doubles, up to a minute while an interaction can still be answered. */
  readonly retryMs: number;
}

/**
 * How long after a mention its reply is looked for and tried, ms: a reply never expires, but no one waits longer than this
 * through an outage of Discord. Nothing was ordered yet, and the button under the failure orders it.
 */
const replyableMs = 6 * hour;
/** Longest wait between two looks for a reply, ms. */
const longestReplyWaitMs = 5 * minute;

/**
 * Finds out whether the user of a received task with an unconfirmed defer (perhaps since before a restart) is waiting
 * for an answer. False if they aren't, or if it can no longer be determined: the task has ended then.
 */
export function createAcknowledgementCheck({ ledger, delivery, endings, signal, now, retryMs }: Deps) {
  return async function confirm(task: Task): Promise<boolean> {
    const isReply = !Number.isFinite(answerableUntil(task.origin));
    const end = isReply ? receivedAt(task) + replyableMs : answerableUntil(task.origin);
    const longestMs = isReply ? longestReplyWaitMs : minute;
    for (let wait = retryMs; ; wait = Math.min(wait * 2, longestMs)) {
      const answer = await delivery.answered(task).catch((error: unknown) => unknowable(error, task));
      if (typeof answer === 'object') {
        await ledger.amend(task.id, { acknowledged: true, messageId: answer.messageId });
        return true;
      }
      if (answer === 'unpostable' || answer === 'words') {
        await endings.fail(task.id, { reason: answer });
        return false;
      }
      if (answer !== undefined || now() > end) {
        await endings.fail(task.id, { reason: 'unanswered' });
        // Discord knows of no answer, so no one is waiting: the user saw the command fail immediately.
        if (answer === false) await ledger.record(task.id, { type: 'dropped' });
        return false;
      }
      await sleep(jittered(wait), signal);
    }
  };
}

/**
 * Why there is no answer and never will be: Easel may not reply there, or not with this text; or, for an interaction,
 * it can no longer be determined whether the user is waiting: then they are notified, in case they are.
 */
function unknowable(error: unknown, { origin }: Task): 'unknowable' | 'unpostable' | 'words' {
  if (error instanceof WordsRefusedError) return 'words';
  if (!(error instanceof RouteClosedError)) throw error;
  return origin.replyAs === undefined ? 'unknowable' : 'unpostable';
}
