import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../log.js';
import { type Delivery, RouteClosedError } from '../../tasks/delivery/delivery-port.js';
import type { Origin, Task } from '../../tasks/model/task.js';
import { jittered } from '../../util/retry.js';
import { alreadyAcknowledged, codeOf } from '../rest/errors.js';
import type { Responder } from './responder.js';

/** What is known of the answer to a task then; or Discord's refusal, if it knows of none and no one waits for one. */
export type Acknowledged = { readonly answer: Partial<Origin> } | { readonly refusal: unknown };

interface Deps {
  readonly responder: Pick<Responder, 'defer'>;
  readonly delivery: Pick<Delivery, 'answered'>;
  readonly log: Log;
  readonly now: () => number;
}

/** How long a failed defer is retried, ms: Discord waits three seconds after the command. */
const deferMs = 1_500;

/** Defers the answer to a task's interaction until Discord has it. */
export function createAcknowledge({ responder, delivery, log, now }: Deps) {
  return async (task: Task): Promise<Acknowledged> => {
    const { eventId: id, token = '', private: secret } = task.origin;
    let mayHaveArrived = false;
    for (const lastTry = now() + deferMs; ; await sleep(jittered(100))) {
      try {
        return answered(await responder.defer({ id, token }, { private: secret }));
      } catch (error) {
        log.warn({ task: task.id, err: error }, 'a command could not be acknowledged');
        const code = codeOf(error);
        // After a defer that may have arrived, a refusal proves nothing: an expired token gets the same one.
        if (code !== undefined && code !== alreadyAcknowledged && !mayHaveArrived) return { refusal: error };
        mayHaveArrived = true;
        const answer = await delivery.answered(task).catch(unlessUnknowable);
        if (answer) return answered(answer.messageId);
        if (code === undefined && now() <= lastTry) continue;
        return answer === false ? { refusal: error } : { answer: {} };
      }
    }
  };
}

function answered(messageId: string | undefined): Acknowledged {
  return { answer: { acknowledged: true, ...(messageId && { messageId }) } };
}

/** It is unknown whether the user is waiting; the runner decides what to do. */
function unlessUnknowable(error: unknown): undefined {
  if (error instanceof RouteClosedError) return undefined;
  throw error;
}
