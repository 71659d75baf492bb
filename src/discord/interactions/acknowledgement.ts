import { setTimeout as sleep } from 'node:timers/promises';
import { DiscordAPIError } from 'discord.js';
import type { Log } from '../../log.js';
import { type Delivery, RouteClosedError } from '../../tasks/delivery/delivery-port.js';
import type { Origin, Task } from '../../tasks/model/task.js';
import { isUnapproved } from '../../tasks/model/task-record.js';
import { jittered } from '../../util/retry.js';
import { alreadyAcknowledged, codeOf } from '../rest/errors.js';
import type { PanelCard } from '../views/message.js';
import type { AckGate } from './ack-gate.js';
import type { Responder } from './responder.js';

/** What is known of the answer to a task then; or Discord's refusal, if it knows of none and no one waits for one. */
export type Acknowledged = { readonly answer: Partial<Origin> } | { readonly refusal: unknown };

interface Deps {
  readonly responder: Pick<Responder, 'defer' | 'answer'>;
  /** Has a task's first card sent, and remembers when. @throws what `send` throws; StoreError */
  readonly open: <R>(task: Task, send: (card: PanelCard) => Promise<R>) => Promise<R>;
  readonly delivery: Pick<Delivery, 'answered'>;
  readonly ackGate: Pick<AckGate, 'isCrowded'>;
  readonly log: Log;
  readonly now: () => number;
}

/** How long a failed answer is retried, ms: Discord waits three seconds after the command. */
const deferMs = 1_500;

/**
 * Answers a task's interaction, until Discord has the answer: with the first card, which saves a request; or with "Easel
 * is thinking…", if no one may read the prompt yet, many order at once, or the card can't be drawn, is refused or fails.
 * Whatever is wrong with the card alone must not cost the order.
 */
export function createAcknowledge({ responder, open, delivery, ackGate, log, now }: Deps) {
  async function answer(task: Task, withCard: boolean): Promise<Partial<Origin>> {
    const { eventId: id, token = '', private: secret } = task.origin;
    const [interaction, options] = [{ id, token }, { private: secret }];
    let isSent = false;
    const send = (card: PanelCard) => {
      isSent = true;
      return responder.answer(interaction, card, options);
    };
    try {
      if (withCard) return { ...answered(await open(task, send)), introduced: true };
    } catch (error) {
      if (isSent && !isOfCard(error)) throw error;
      log.info({ task: task.id, err: error }, 'a command could not be answered with a card');
    }
    return answered(await responder.defer(interaction, options));
  }

  const mayShow = (task: Task) => !isUnapproved(task) && !ackGate.isCrowded();

  return async (task: Task): Promise<Acknowledged> => {
    let mayHaveArrived = false;
    for (const lastTry = now() + deferMs; ; await sleep(jittered(100))) {
      try {
        return { answer: await answer(task, !mayHaveArrived && mayShow(task)) };
      } catch (error) {
        log.warn({ task: task.id, err: error }, 'a command could not be acknowledged');
        const code = codeOf(error);
        // After an answer that may have arrived, a refusal proves nothing: an expired token gets the same one.
        if (code !== undefined && code !== alreadyAcknowledged && !mayHaveArrived) return { refusal: error };
        mayHaveArrived = true;
        const known = await delivery.answered(task).catch(unlessUnknowable);
        if (known) return { answer: answered(known.messageId) };
        if (code === undefined && now() <= lastTry) continue;
        return known === false ? { refusal: error } : { answer: {} };
      }
    }
  };
}

function answered(messageId: string | undefined): Partial<Origin> {
  return { acknowledged: true, ...(messageId && { messageId }) };
}

/** Whether Discord refused what the card says, which says nothing about the interaction. */
function isOfCard(error: unknown): boolean {
  if (!(error instanceof DiscordAPIError) || codeOf(error) === alreadyAcknowledged) return false;
  return error.status === 400 || error.status === 403;
}

/** It is unknown whether the user is waiting; the runner decides what to do. */
function unlessUnknowable(error: unknown): undefined {
  if (error instanceof RouteClosedError) return undefined;
  throw error;
}
