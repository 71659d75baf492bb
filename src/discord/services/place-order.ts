import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../errors.js';
import type { GuildSettings } from '../../guilds/settings.js';
import type { Log } from '../../log.js';
import type { Catalogue } from '../../mps/catalogue/catalogue.js';
import { type GenerationRequest, partsOf } from '../../mps/generation-request.js';
import { type Delivery, RouteClosedError } from '../../tasks/delivery/delivery-port.js';
import type { Ledger } from '../../tasks/ledger/ledger.js';
import type { Admission } from '../../tasks/lifecycle/admission.js';
import type { Runner } from '../../tasks/lifecycle/runner.js';
import type { Origin, Task, TaskId } from '../../tasks/model/task.js';
import { jittered } from '../../util/jitter.js';
import { circumstancesOf, localeIn, objection } from '../access/guild-policy.js';
import { type AnswerableInteraction, originOf, requirePostingRights } from '../access/request-origin.js';
import { createRush } from '../interactions/ack-gate.js';
import type { Responder } from '../interactions/responder.js';
import { codeOf } from '../rest/errors.js';

interface Deps {
  readonly admission: Admission;
  readonly ledger: Ledger;
  readonly runner: Runner;
  readonly responder: Responder;
  readonly delivery: Pick<Delivery, 'answered'>;
  readonly log: Log;
  readonly catalogue: Pick<Catalogue, 'find'>;
  /** What counts where somebody asks. */
  readonly rules: (interaction: AnswerableInteraction) => Promise<GuildSettings>;
  readonly now: () => number;
}

interface OrderOptions {
  readonly private?: boolean;
}

/** How long a defer that did not arrive is sent again, ms: Discord waits three seconds from the command on. */
const deferMs = 1_500;
/** An earlier defer of ours arrived, and only the word of it got lost. */
const alreadyAcknowledged = 40_060;

/** From an interaction to a task on its way: admitted and written down, then acknowledged, then driven. */
export function createOrders(deps: Deps) {
  const { admission, ledger, runner, responder, delivery, catalogue, log, now } = deps;
  const rush = createRush();

  /** What is known of the answer then; false where Discord knows of none, so that nobody waits for one. */
  async function acknowledge(task: Task): Promise<Partial<Origin> | false> {
    const { eventId: id, token = '' } = task.origin;
    let mayHaveArrived = false;
    for (const lastTry = now() + deferMs; ; await sleep(jittered(100))) {
      try {
        return answerIn(await responder.defer({ id, token }, { private: task.origin.private }));
      } catch (error) {
        log.warn({ task: task.id, err: error }, 'a command could not be acknowledged');
        const code = codeOf(error);
        // After one that may have arrived a refusal proves nothing: a token that has died since gets the same.
        if (code !== undefined && code !== alreadyAcknowledged && !mayHaveArrived) return false;
        mayHaveArrived = true;
        const answer = await delivery.answered(task).catch(unlessUnknowable);
        if (answer) return answerIn(answer.messageId);
        if (code !== undefined || now() > lastTry) return answer ?? {};
      }
    }
  }

  /** @throws UserError with the first of the guild's rules that the request, or what is to follow it, is against. */
  function requirePolicy(
    interaction: AnswerableInteraction,
    rules: GuildSettings,
    request: GenerationRequest,
  ): void {
    for (const { kind, model } of partsOf(request)) {
      const known = catalogue.find(kind, model) ?? { id: model, label: model };
      const against = objection(rules, circumstancesOf(interaction), kind, known);
      if (against) throw new UserError(against);
    }
  }

  /** @returns the id of the task that is to be driven; undefined where there is none. */
  async function take(
    interaction: AnswerableInteraction,
    request: GenerationRequest,
    options: OrderOptions,
  ): Promise<TaskId | undefined> {
    const rules = await deps.rules(interaction);
    requirePolicy(interaction, rules, request);
    requirePostingRights(interaction);
    const origin = {
      ...originOf(interaction, now()),
      locale: localeIn(rules, interaction),
      private: options.private ?? rules.private,
    };
    const task = await admission.admit(request, origin);
    if (!task) {
      log.info({ event: interaction.id }, 'an event came twice and was taken once');
      return undefined;
    }
    const answer = await acknowledge(task);
    if (answer === false) {
      await ledger.record(task.id, { type: 'failed', failure: { reason: 'unanswered' } });
      await ledger.record(task.id, { type: 'dropped' });
      return undefined;
    }
    await ledger.amend(task.id, answer);
    return task.id;
  }

  return async function order(
    interaction: AnswerableInteraction,
    request: GenerationRequest,
    options: OrderOptions = {},
  ): Promise<void> {
    const id = await rush.during(() => take(interaction, request, options));
    if (id === undefined) return;
    await rush.over();
    runner.start(id);
  };
}

function answerIn(messageId: string | undefined): Partial<Origin> {
  return { acknowledged: true, ...(messageId && { messageId }) };
}

/** Nobody can tell any more whether the person waits: what to do then is the runner's affair. */
function unlessUnknowable(error: unknown): undefined {
  if (error instanceof RouteClosedError) return undefined;
  throw error;
}
