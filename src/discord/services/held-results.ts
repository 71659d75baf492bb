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

/** Results that could not be posted anywhere, held until their users collect them. */
export interface HeldResults {
  /**
   * Delivers a held outcome as the answer to this interaction, visible only to the user, whichever process has it.
   * @throws UserError if there is nothing to collect, or it is another user's.
   */
  collect(interaction: AnswerableInteraction, id: TaskId): Promise<void>;
  /**
   * Delivers a held outcome as the answer to a button press that another process acknowledged. Done: this process
   * fills in the answer and has persisted that. Late: the user already has the outcome.
   */
  take(id: TaskId, answer: PressAnswer): Promise<Outcome>;
}

/** Called when the answer to a press is certain to follow, to continue with it. */
type Leave = (work: Promise<void>) => void;

/**
 * Delivers held outcomes as answers to button presses. Every acknowledged press gets one answer: the outcome, or a
 * message that says where it went.
 */
export function createHeldResults(deps: Deps): HeldResults {
  const { ledger, runner, responder, remoteTasks, locale, log, now } = deps;
  /** One press at a time: the outcome can only go to one answer. */
  const collecting = new Set<TaskId>();

  /** Serves a press. The next one waits until it and its background work are done. */
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

  /** Fills the deferred answer with a message. */
  async function say(answer: PressAnswer, sentences: readonly Sentence[]): Promise<void> {
    await responder.fill(answer, drawSentences(sentences, answer.locale));
  }

  /** Waits for the outcome and says where it is, unless it is in the answer itself. */
  async function follow(id: TaskId, answer: PressAnswer): Promise<void> {
    await settled(id);
    const task = await ledger.find(id);
    // A redacted task has no record left; assume the newest route took it.
    if (task && !isIn(task, answer)) await say(answer, [whatBecameOf(task)]);
  }

  /**
   * One try per press: if Discord refuses the answer, the files must not be uploaded again and again. A second try
   * only if the result expired during the first: its failure is another outcome, with its own try.
   */
  async function settled(id: TaskId): Promise<void> {
    const before = ledger.get(id)?.state.name;
    await runner.handOut(id);
    const task = ledger.get(id);
    if (task && !isKept(task) && task.state.name !== before) await runner.handOut(id);
  }

  /** Makes the answer to a press one more delivery route; late if the user has the outcome meanwhile. */
  async function bring(id: TaskId, answer: PressAnswer, leave: Leave): Promise<Outcome> {
    const { locale: _, ...way } = answer;
    try {
      await ledger.amend(id, { ...way, private: true });
    } catch (error) {
      if (ledger.get(id)) throw error;
      return 'late';
    }
    // An upload may take minutes, and a shutdown need not wait for it: the record has the token now.
    leave(follow(id, answer));
    return 'done';
  }

  /** Assigns the answer to the outcome; if that is impossible, returns what the answer says instead. */
  async function hand(task: Task, answer: PressAnswer, leave: Leave): Promise<Sentence | undefined> {
    const { id } = task;
    const outcome = remoteTasks.has(task)
      ? await remoteTasks.run(task, { what: 'collect', answer })
      : await bring(id, answer, leave);
    if (outcome === 'done') return undefined;
    if (outcome === 'busy') return { key: 'error.button.collecting' };
    const latest = await ledger.find(id);
    if (outcome === 'late') return whatBecameOf(latest);
    // Only the reply may be lost: then the other process fills the answer.
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

/** True if the outcome is in the answer to the press. */
function isIn({ state, origin }: Task, { messageId }: PressAnswer): boolean {
  if (state.name === 'delivered')
    return state.route === 'answer' && (messageId === undefined || state.posted.messageId === messageId);
  return 'handover' in state && state.handover.route === 'answer' && origin.messageId === messageId;
}

/** True if the answer is, or was, a delivery route. */
function has(task: Task, answer: PressAnswer): boolean {
  return task.origin.token === answer.token || isIn(task, answer);
}

function whatBecameOf(task: Task | undefined): Sentence {
  if (!task) return { key: 'error.button.gone' };
  return { key: isKept(task) ? 'tasks.stillKept' : 'tasks.elsewhere' };
}
