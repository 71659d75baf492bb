import type { Outcome, PressAnswer } from '../../cluster/peer-requests.js';
import { type Sentence, UserError } from '../../errors.js';
import type { Locale } from '../../locales/index.js';
import type { Log } from '../../log.js';
import type { Ledger } from '../../tasks/ledger/ledger.js';
import type { Runner } from '../../tasks/lifecycle/runner.js';
import type { Task, TaskId } from '../../tasks/model/task.js';
import { isKept } from '../../tasks/model/task-record.js';
import { type AnswerableInteraction, originOf } from '../access/request-origin.js';
import type { Responder } from '../interactions/responder.js';
import { toUserError } from '../interactions/user-errors.js';
import { drawSentences } from '../views/message.js';
import type { RemoteTasks } from './remote-tasks.js';

interface Deps {
  readonly ledger: Ledger;
  readonly runner: Pick<Runner, 'handOut'>;
  readonly responder: Pick<Responder, 'defer' | 'fill'>;
  readonly remoteTasks: Pick<RemoteTasks, 'has' | 'run'>;
  readonly locale: (interaction: AnswerableInteraction) => Promise<Locale>;
  readonly log: Log;
  readonly now: () => number;
}

/** Results that could be posted nowhere, until their users fetch them. */
export interface HeldResults {
  /**
   * Hands a held outcome over as the answer to this interaction, seen by the user alone, whichever process has it.
   * @throws UserError if there is nothing to hand over, or it is someone else's.
   */
  collect(interaction: AnswerableInteraction, id: TaskId): Promise<void>;
  /**
   * Hands a kept outcome over as the answer to a press that another process acknowledged. Done: this one fills it, and has
   * it written down. Late: the outcome has reached its person.
   */
  take(id: TaskId, answer: PressAnswer): Promise<Outcome>;
}

/** Goes on with what a press has begun when its answer is sure to come. */
type Leave = (work: Promise<void>) => void;

/**
 * Hands kept outcomes over as answers to the presses of their askers. Every press that was acknowledged ends in one
 * answer: the outcome, or a sentence that says where it went.
 */
export function createHeldResults(deps: Deps): HeldResults {
  const { ledger, runner, responder, remoteTasks, locale, log, now } = deps;
  /** One press at a time: the outcome has one answer to go to. */
  const collecting = new Set<TaskId>();

  /** Serves a press; no other one is until it is served, and what it leaves has ended. */
  async function alone<T>(id: TaskId, serve: (leave: Leave) => Promise<T>): Promise<T> {
    let left = Promise.resolve();
    collecting.add(id);
    try {
      return await serve((work) => (left = work));
    } finally {
      void left
        .catch((error: unknown) => log.warn({ task: id, err: error }, 'a kept result could not be delivered'))
        .finally(() => collecting.delete(id));
    }
  }

  /** Fills the answer that was promised with a sentence. */
  async function say(answer: PressAnswer, sentences: readonly Sentence[]): Promise<void> {
    await responder.fill(answer, drawSentences(sentences, answer.locale));
  }

  /** Waits for the outcome, and says where it is unless it is in the answer itself. */
  async function follow(id: TaskId, answer: PressAnswer): Promise<void> {
    await settled(id);
    const task = await ledger.find(id);
    // Of one that was emptied at its asker's wish nobody can tell: the newest way is the first that is tried.
    if (task && !isIn(task, answer)) await say(answer, [whatBecameOf(task)]);
  }

  /**
   * One try for each press: a press whose own answer is refused must not upload the files over and over. A second one
   * only for a result whose time ran out in the first: its failure is another outcome, with a try of its own.
   */
  async function settled(id: TaskId): Promise<void> {
    const before = ledger.get(id)?.state.name;
    await runner.handOut(id);
    const task = ledger.get(id);
    if (task && !isKept(task) && task.state.name !== before) await runner.handOut(id);
  }

  /** The answer to a press becomes one more way to the person; late where the outcome has reached them meanwhile. */
  async function bring(id: TaskId, answer: PressAnswer, leave: Leave): Promise<Outcome> {
    const { locale: _, ...way } = answer;
    try {
      await ledger.amend(id, { ...way, private: true });
    } catch (error) {
      if (ledger.get(id)) throw error;
      return 'late';
    }
    // A file may take minutes, and a stop of Easel need not wait for it: the record has the token now.
    leave(follow(id, answer));
    return 'done';
  }

  /** Gives the outcome the answer; where it cannot have it, what the answer says instead. */
  async function hand(task: Task, answer: PressAnswer, leave: Leave): Promise<Sentence | undefined> {
    const { id } = task;
    const outcome = remoteTasks.has(task)
      ? await remoteTasks.run(task, { what: 'collect', answer })
      : await bring(id, answer, leave);
    if (outcome === 'done') return undefined;
    if (outcome === 'busy') return { key: 'error.button.collecting' };
    const latest = await ledger.find(id);
    if (outcome === 'late') return whatBecameOf(latest);
    // Only the word of it may be lost: then the answer is filled from there.
    return latest && has(latest, answer) ? undefined : { key: 'error.away' };
  }

  async function answerTo(
    interaction: AnswerableInteraction,
    messageId: string | undefined,
  ): Promise<PressAnswer> {
    const { token = '', tokenExpiresAt = 0, applicationId, sizeLimit } = originOf(interaction, now());
    const way = { applicationId, token, tokenExpiresAt, sizeLimit };
    return { ...way, locale: await locale(interaction), ...(messageId !== undefined && { messageId }) };
  }

  return {
    async collect(interaction, id) {
      const task = await ledger.find(id);
      if (!task) throw new UserError({ key: 'error.button.gone' });
      if (task.origin.userId !== interaction.user.id) throw new UserError({ key: 'error.button.notYours' });
      if (collecting.has(id)) throw new UserError({ key: 'error.button.collecting' });
      if (!isKept(task)) throw new UserError({ key: 'error.button.nothingKept' });
      await alone(id, async (leave) => {
        const answer = await answerTo(interaction, await responder.defer(interaction, { private: true }));
        try {
          const instead = await hand(task, answer, leave);
          if (instead) await say(answer, [instead]);
        } catch (error) {
          await say(answer, toUserError(error, interaction, log).sentences);
        }
      });
    },
    take: async (id, answer) =>
      collecting.has(id) ? 'busy' : alone(id, (leave) => bring(id, answer, leave)),
  };
}

/** Whether the outcome is in the answer to the press. */
function isIn({ state, origin }: Task, { messageId }: PressAnswer): boolean {
  if (state.name === 'delivered')
    return state.route === 'answer' && (messageId === undefined || state.posted.messageId === messageId);
  return 'handover' in state && state.handover.route === 'answer' && origin.messageId === messageId;
}

/** Whether the answer is a way to the person by now, or was one. */
function has(task: Task, answer: PressAnswer): boolean {
  return task.origin.token === answer.token || isIn(task, answer);
}

function whatBecameOf(task: Task | undefined): Sentence {
  if (!task) return { key: 'error.button.gone' };
  return { key: isKept(task) ? 'tasks.stillKept' : 'tasks.elsewhere' };
}
