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

/**
 * Hands held outcomes over as answers to the presses of their users. Every press that was acknowledged ends in one
 * answer: the outcome, or a sentence that says where it went.
 */
export function createHeldResults(deps: Deps): HeldResults {
  const { ledger, responder, remoteTasks, log } = deps;
  const presses = createPresses(log);
  const bring = createHandOver(deps);

  /** Gives the outcome the answer; if that can't be, what the answer says instead. */
  async function hand(task: Task, answer: PressAnswer, leave: Leave): Promise<Sentence | undefined> {
    const { id } = task;
    const outcome = remoteTasks.has(task)
      ? await remoteTasks.run(task, { what: 'collect', answer })
      : await bring(id, answer, leave);
    if (outcome === 'done') return undefined;
    if (outcome === 'busy') return { key: 'error.button.collecting' };
    const latest = await ledger.find(id);
    if (outcome === 'late') return whatBecameOf(latest);
    // Perhaps only the reply was lost: then the answer is filled from there.
    return latest && has(latest, answer) ? undefined : { key: 'error.away' };
  }

  async function collectAlone(interaction: AnswerableInteraction, task: Task, leave: Leave): Promise<void> {
    const messageId = await responder.defer(interaction, { private: true });
    const answer = await answerTo(interaction, messageId, deps);
    try {
      const instead = await hand(task, answer, leave);
      if (instead) await say(answer, [instead], deps);
    } catch (error) {
      await say(answer, toUserError(error, interaction, log).sentences, deps);
    }
  }

  return {
    async collect(interaction, id) {
      const task = await ledger.find(id);
      if (!task) throw new UserError({ key: 'error.button.gone' });
      if (task.origin.userId !== interaction.user.id) throw new UserError({ key: 'error.button.notYours' });
      if (presses.isServing(id)) throw new UserError({ key: 'error.button.collecting' });
      if (!isKept(task)) throw new UserError({ key: 'error.button.nothingKept' });
      await presses.serve(id, (leave) => collectAlone(interaction, task, leave));
    },
    take: async (id, answer) =>
      presses.isServing(id) ? 'busy' : presses.serve(id, (leave) => bring(id, answer, leave)),
  };
}

/** Hands over work that a press has begun and need not wait for: its answer is sure to come. */
type Leave = (work: Promise<void>) => void;

/** One press at a time for each outcome: it has one answer to go to. */
function createPresses(log: Log) {
  const serving = new Set<TaskId>();
  return {
    isServing: (id: TaskId) => serving.has(id),
    /** Serves a press; the next one has to wait until it is served, and what it left has ended. */
    async serve<T>(id: TaskId, serve: (leave: Leave) => Promise<T>): Promise<T> {
      let left = Promise.resolve();
      serving.add(id);
      try {
        return await serve((work) => (left = work));
      } finally {
        void left
          .catch((error: unknown) =>
            log.warn({ task: id, err: error }, 'a kept result could not be delivered'),
          )
          .finally(() => serving.delete(id));
      }
    },
  };
}

/** The answer to a press becomes one more route to the user; `late` if the outcome has reached them meanwhile. */
function createHandOver(deps: Pick<Deps, 'ledger' | 'runner' | 'responder'>) {
  const { ledger, runner } = deps;

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

  /** Waits for the outcome and says where it is, unless it is in the answer itself. */
  async function follow(id: TaskId, answer: PressAnswer): Promise<void> {
    await settled(id);
    const task = await ledger.find(id);
    // A purged task has no record left; assume the newest route took it.
    if (task && !isIn(task, answer)) await say(answer, [whatBecameOf(task)], deps);
  }

  return async (id: TaskId, answer: PressAnswer, leave: Leave): Promise<Outcome> => {
    const { locale: _, ...route } = answer;
    try {
      await ledger.amend(id, { ...route, private: true, collected: true });
    } catch (error) {
      if (ledger.get(id)) throw error;
      return 'late';
    }
    // An upload may take minutes, and a shutdown need not wait for it: the record has the token now.
    leave(follow(id, answer));
    return 'done';
  };
}

/** Fills the deferred answer with a message. */
async function say(
  answer: PressAnswer,
  sentences: readonly Sentence[],
  { responder }: Pick<Deps, 'responder'>,
): Promise<void> {
  await responder.fill(answer, drawSentences(sentences, answer.locale));
}

async function answerTo(
  interaction: AnswerableInteraction,
  messageId: string | undefined,
  { locale, now }: Pick<Deps, 'locale' | 'now'>,
): Promise<PressAnswer> {
  const { token = '', tokenExpiresAt = 0, applicationId, sizeLimit } = originOf(interaction, now());
  return {
    applicationId,
    token,
    tokenExpiresAt,
    sizeLimit,
    locale: await locale(interaction),
    ...(messageId !== undefined && { messageId }),
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
