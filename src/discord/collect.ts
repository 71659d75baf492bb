import { type Sentence, UserError } from '../errors.js';
import type { Log } from '../log.js';
import type { Ledger } from '../tasks/ledger.js';
import { isKept } from '../tasks/record.js';
import type { Runner } from '../tasks/runner.js';
import type { Task, TaskId } from '../tasks/task.js';
import { drawSentences } from './cards.js';
import type { Easel } from './command.js';
import { toUserError } from './incident.js';
import { type AnswerableInteraction, originOf } from './origin.js';
import type { Responder } from './respond.js';

interface Deps {
  readonly ledger: Ledger;
  readonly runner: Pick<Runner, 'handOut'>;
  readonly responder: Pick<Responder, 'defer' | 'fill'>;
  readonly locale: Easel['locale'];
  readonly log: Log;
  readonly now: () => number;
}

/**
 * Hands kept outcomes over as answers to the presses of their askers. Every press that was acknowledged ends in one
 * answer: the outcome, or a sentence that says where it went.
 */
export function createCollect({ ledger, runner, responder, locale, log, now }: Deps): Easel['collect'] {
  /** One press at a time: the outcome has one answer to go to. */
  const collecting = new Set<TaskId>();

  /** Fills the answer that was promised with a sentence. */
  async function say(interaction: AnswerableInteraction, sentences: readonly Sentence[]): Promise<void> {
    await responder.fill(interaction, drawSentences(sentences, await locale(interaction)));
  }

  /** Waits for the outcome, and says where it is unless it is in the answer itself. */
  async function follow(interaction: AnswerableInteraction, id: TaskId, messageId: string | undefined) {
    await settled(id);
    const task = await ledger.find(id);
    // Of one that was emptied at its asker's wish nobody can tell: the newest way is the first that is tried.
    if (task && !isIn(task, messageId)) await say(interaction, [whatBecameOf(task)]);
  }

  /** The answer to this press becomes one more way to the person; false where the outcome has reached them meanwhile. */
  async function giveToken(
    interaction: AnswerableInteraction,
    id: TaskId,
    messageId: string | undefined,
  ): Promise<boolean> {
    const { token, tokenExpiresAt, applicationId, sizeLimit } = originOf(interaction, now());
    try {
      await ledger.amend(id, {
        applicationId,
        sizeLimit,
        private: true,
        ...(token && tokenExpiresAt && { token, tokenExpiresAt }),
        ...(messageId && { messageId }),
      });
      return true;
    } catch (error) {
      if (ledger.get(id)) throw error;
      return false;
    }
  }

  /** Until the outcome has arrived somewhere, or is kept again. */
  async function settled(id: TaskId): Promise<void> {
    await runner.handOut(id);
    for (let task = ledger.get(id); task && !isKept(task); task = ledger.get(id)) await runner.handOut(id);
  }

  /** Gives the outcome the answer to this press; where it cannot have it, the answer says so, and that is that. */
  async function promise(interaction: AnswerableInteraction, id: TaskId, messageId: string | undefined) {
    try {
      if (await giveToken(interaction, id, messageId)) return true;
      await say(interaction, [whatBecameOf(await ledger.find(id))]);
    } catch (error) {
      await say(interaction, toUserError(error, interaction, log).sentences);
    }
    return false;
  }

  return async function collect(interaction, id) {
    const task = await ledger.find(id);
    if (!task) throw new UserError({ key: 'error.button.gone' });
    if (task.origin.userId !== interaction.user.id) throw new UserError({ key: 'error.button.notYours' });
    if (collecting.has(id)) throw new UserError({ key: 'error.button.collecting' });
    if (!isKept(task)) throw new UserError({ key: 'error.button.nothingKept' });
    // The token of this press would have to reach the process that runs the task.
    if (!ledger.get(id)) throw new UserError({ key: 'error.button.elsewhere' });
    collecting.add(id);
    const done = () => collecting.delete(id);
    try {
      const messageId = await responder.defer(interaction, { private: true });
      const isTried = await promise(interaction, id, messageId);
      // A file may take minutes, and a stop of Easel need not wait for it: the record has the token now.
      const following = isTried ? follow(interaction, id, messageId) : Promise.resolve();
      void following
        .catch((error: unknown) => log.warn({ task: id, err: error }, 'a kept outcome could not be brought'))
        .finally(done);
    } catch (error) {
      done();
      throw error;
    }
  };
}

/** Whether the outcome is in the answer to the press. */
function isIn({ state, origin }: Task, messageId: string | undefined): boolean {
  if (state.name === 'delivered')
    return state.route === 'answer' && (messageId === undefined || state.posted.messageId === messageId);
  return 'handover' in state && state.handover.route === 'answer' && origin.messageId === messageId;
}

function whatBecameOf(task: Task | undefined): Sentence {
  if (!task) return { key: 'error.button.gone' };
  return { key: isKept(task) ? 'tasks.stillKept' : 'tasks.elsewhere' };
}
