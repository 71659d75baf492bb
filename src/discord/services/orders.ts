import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../log.js';
import type { GenerationRequest } from '../../mps/generation-request.js';
import { type Delivery, RouteClosedError } from '../../tasks/delivery/delivery-port.js';
import type { Origin, Task } from '../../tasks/model/task.js';
import { jittered } from '../../util/retry.js';
import { circumstancesOf } from '../access/guild-policy.js';
import {
  type AnswerableInteraction,
  originOf,
  requireOpenThread,
  requirePostingRights,
  requireRights,
} from '../access/request-origin.js';
import type { Mention } from '../input/mention.js';
import type { Responder } from '../interactions/responder.js';
import { codeOf, isThreadShut } from '../rest/errors.js';
import { type Asking, type GuildService, isMention } from './guild-service.js';
import type { OrderSource, PlaceOrder } from './place-order.js';

export interface Orders {
  /**
   * Orders an image or a video for the user behind an interaction or a mention; the answer is drawn from then on.
   * @throws UserError if it can't be ordered.
   */
  place(asking: Asking, request: GenerationRequest, options?: OrderOptions): Promise<void>;
}

interface OrderOptions {
  /** Whether only the user sees the answer; as the guild has it unless given. */
  readonly private?: boolean;
}

interface Deps {
  readonly placeOrder: PlaceOrder;
  readonly guilds: Pick<GuildService, 'rules'>;
  readonly responder: Pick<Responder, 'defer'>;
  readonly delivery: Pick<Delivery, 'answered'>;
  readonly log: Log;
  readonly now: () => number;
}

/** How long a failed defer is retried, ms: Discord waits three seconds after the command. */
const deferMs = 1_500;
/** An earlier defer arrived; only its confirmation was lost. */
const alreadyAcknowledged = 40_060;

/** Turns an interaction or a mention into the source of an order, and places it. */
export function createOrders({ placeOrder, guilds, responder, delivery, log, now }: Deps): Orders {
  /** @param onRefused called with Discord's refusal before false is returned. */
  async function acknowledge(
    task: Task,
    onRefused: (error: unknown) => void,
  ): Promise<Partial<Origin> | false> {
    const { eventId: id, token = '' } = task.origin;
    let mayHaveArrived = false;
    for (const lastTry = now() + deferMs; ; await sleep(jittered(100))) {
      try {
        return answerIn(await responder.defer({ id, token }, { private: task.origin.private }));
      } catch (error) {
        log.warn({ task: task.id, err: error }, 'a command could not be acknowledged');
        const code = codeOf(error);
        // After a defer that may have arrived, a refusal proves nothing: an expired token gets the same one.
        if (code !== undefined && code !== alreadyAcknowledged && !mayHaveArrived) {
          onRefused(error);
          return false;
        }
        mayHaveArrived = true;
        const answer = await delivery.answered(task).catch(unlessUnknowable);
        if (answer) return answerIn(answer.messageId);
        if (code !== undefined || now() > lastTry) return answer ?? {};
      }
    }
  }

  function fromInteraction(
    interaction: AnswerableInteraction,
    options: OrderOptions,
    onRefused: (error: unknown) => void,
  ): OrderSource {
    return {
      ...options,
      origin: originOf(interaction, now()),
      circumstances: circumstancesOf(interaction),
      rules: () => guilds.rules(interaction),
      requirePostingRights: () => requirePostingRights(interaction),
      acknowledge: (task) => acknowledge(task, onRefused),
    };
  }

  /** A mention is answered in public: Discord has no reply that only one user sees. */
  function fromMention(mention: Mention): OrderSource {
    const { origin, circumstances, permissions, inThread, locked } = mention;
    return {
      origin,
      private: false,
      circumstances,
      rules: () => guilds.rules(mention),
      requirePostingRights() {
        if (!permissions) return;
        requireOpenThread(locked, permissions);
        requireRights(permissions, inThread);
      },
    };
  }

  return {
    async place(asking, request, options = {}) {
      if (isMention(asking)) return placeOrder(fromMention(asking), request);
      let refusal: unknown;
      const source = fromInteraction(asking, options, (error) => {
        refusal = error;
      });
      await placeOrder(source, request);
      // The user can still be told elsewhere.
      if (isThreadShut(refusal, asking)) throw refusal;
    },
  };
}

function answerIn(messageId: string | undefined): Partial<Origin> {
  return { acknowledged: true, ...(messageId && { messageId }) };
}

/** It is unknown whether the user is waiting; the runner decides what to do. */
function unlessUnknowable(error: unknown): undefined {
  if (error instanceof RouteClosedError) return undefined;
  throw error;
}
