import type { Log } from '../log.js';
import type { GenerationRequest } from '../mps/generation.js';
import type { Admission } from '../tasks/admission.js';
import type { Delivery } from '../tasks/delivery.js';
import type { Ledger } from '../tasks/ledger.js';
import type { Runner } from '../tasks/runner.js';
import type { Task } from '../tasks/task.js';
import { type AnswerableInteraction, originOf, requirePostingRights } from './origin.js';
import type { Responder } from './respond.js';

interface Deps {
  readonly admission: Admission;
  readonly ledger: Ledger;
  readonly runner: Runner;
  readonly responder: Responder;
  readonly delivery: Pick<Delivery, 'answered'>;
  readonly log: Log;
  readonly now: () => number;
}

/** From an interaction to a task on its way: admitted and written down, then acknowledged, then driven. */
export function createOrders({ admission, ledger, runner, responder, delivery, log, now }: Deps) {
  /** The answer's message; false where Discord knows of none, so that nobody waits for one. */
  async function acknowledge(task: Task): Promise<string | undefined | false> {
    const { eventId: id, token = '' } = task.origin;
    try {
      return await responder.defer({ id, token }, { private: task.origin.private });
    } catch (error) {
      log.warn({ task: task.id, err: error }, 'a command could not be acknowledged');
      // The defer may have arrived all the same.
      const answer = await delivery.answered(task);
      return answer ? answer.messageId : answer;
    }
  }

  return async function order(
    interaction: AnswerableInteraction,
    request: GenerationRequest,
    options: { readonly private?: boolean } = {},
  ): Promise<void> {
    requirePostingRights(interaction);
    const origin = { ...originOf(interaction, now()), private: options.private ?? false };
    const task = await admission.admit(request, origin);
    if (!task) return log.info({ event: interaction.id }, 'an event came twice and was taken once');
    const messageId = await acknowledge(task);
    if (messageId === false) {
      await ledger.record(task.id, { type: 'failed', failure: { reason: 'unanswered' } });
      await ledger.record(task.id, { type: 'dropped' });
      return;
    }
    await ledger.amend(task.id, { acknowledged: true, ...(messageId && { messageId }) });
    runner.start(task.id);
  };
}
