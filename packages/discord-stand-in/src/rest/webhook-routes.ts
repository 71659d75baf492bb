import { apiError } from '../api-errors.js';
import { MessageBody } from '../body-schemas.js';
import { type InteractionRecord, isOwn } from '../interactions/interactions.js';
import type { MessageRecord } from '../messages/messages.js';
import { createAnswers } from './answer-messages.js';
import { type Api, answer, type Call, judged, noContent, param, type RestContext } from './rest-context.js';

/** The webhook of an interaction: its answer, and follow-ups. Discord docs: Receiving and Responding, "Followup Messages". */
export function webhookRoutes(api: Api, context: RestContext): void {
  const { interactions, messages, json, applicationId } = context;
  const answers = createAnswers(context);

  /** Throws ApiError 10015, 50027. */
  function interactionOf(call: Call): InteractionRecord {
    if (param(call, 'app') !== applicationId) throw apiError('unknownWebhook');
    return interactions.byToken(param(call, 'token'));
  }

  /** Throws ApiError 10008 for a missing message, or another's. */
  function messageOf(call: Call, record: InteractionRecord): MessageRecord {
    const id = param(call, 'message');
    const message = messages.find(id === '@original' ? (record.originalId ?? '') : id);
    if (!message || !isOwn(record, message)) throw apiError('unknownMessage');
    return message;
  }

  api.post('/webhooks/:app/:token', async (call) => {
    const record = interactionOf(call);
    const received = await judged(call, context, 'executeWebhook', record.uploadLimit);
    const message = await answers.followUp(
      interactionOf(call),
      MessageBody.parse(received.payload),
      received,
    );
    return answer(json.show(message));
  });

  api.get('/webhooks/:app/:token/messages/:message', (call) =>
    answer(json.show(messageOf(call, interactionOf(call)))),
  );

  api.patch('/webhooks/:app/:token/messages/:message', async (call) => {
    const record = interactionOf(call);
    messageOf(call, record);
    const received = await judged(call, context, 'editWebhookMessage', record.uploadLimit);
    // Checked again: an upload takes time, and tokens expire.
    const message = messageOf(call, interactionOf(call));
    await answers.edit(record, message, MessageBody.parse(received.payload), received);
    return answer(json.show(message));
  });

  api.delete('/webhooks/:app/:token/messages/:message', (call) => {
    messages.remove(messageOf(call, interactionOf(call)));
    return noContent();
  });
}
