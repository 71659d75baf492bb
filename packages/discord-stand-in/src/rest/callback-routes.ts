import { apiError, formError } from '../api-errors.js';
import { CallbackBody, ChoicesBody, MessageBody, ModalBody } from '../body-schemas.js';
import { allowedAnswers, callbackTypes, type InteractionRecord } from '../interactions/interactions.js';
import { messageFlags, modalIssues } from '../messages/message-rules.js';
import type { MessageRecord } from '../messages/messages.js';
import type { JsonObject } from '../types.js';
import { createAnswers, isLoading } from './answer-messages.js';
import type { ReceivedBody } from './request-body.js';
import { type Api, answer, judged, noContent, openThread, param, type RestContext } from './rest-context.js';

/** The first answer to an interaction. Discord docs: Receiving and Responding, "Create Interaction Response". */
export function interactionRoutes(api: Api, context: RestContext): void {
  const { interactions } = context;
  const apply = createApplying(context);
  /** Interactions whose answer is being stored: a second one must not get in meanwhile. */
  const answering = new Set<string>();

  api.post('/interactions/:id/:token/callback', async (call) => {
    const [id, token] = [param(call, 'id'), param(call, 'token')];
    // Checked before the body is read, since a late answer is late whatever it contains, and after, since reading takes time.
    const { uploadLimit: limit, channelId } = interactions.answerable(id, token);
    if (isShut(context, channelId)) throw apiError('unknownInteraction');
    const received = await judged(call, context, 'callback', limit);
    const record = interactions.answerable(id, token);
    const { type, data } = CallbackBody.parse(received.payload);
    if (!allowedAnswers(record).includes(type))
      throw formError([
        {
          path: ['type'],
          code: 'INTERACTION_CALLBACK_TYPE_INVALID',
          message: `Value must be one of {${allowedAnswers(record).join(', ')}}.`,
        },
      ]);
    if (answering.has(id)) throw apiError('alreadyAcknowledged');
    answering.add(id);
    const message = await apply(record, type, data ?? {}, received).finally(() => answering.delete(id));
    const isMessage = type === callbackTypes.message;
    interactions.acknowledge(record, type, isMessage ? message?.content : undefined);
    if (call.req.query('with_response') !== 'true') return noContent();
    return answer(response(context, record, type, message));
  });
}

/** No answer reaches a command in a locked or archived thread (docs/discord-notes.md#interactions). */
function isShut(context: RestContext, channelId: string): boolean {
  try {
    openThread(context, context.world.channel(channelId));
    return false;
  } catch {
    return true;
  }
}

/** Executes a first answer; returns the resulting message. */
function createApplying(context: RestContext) {
  const { messages } = context;
  const answers = createAnswers(context);

  function original(record: InteractionRecord, message: MessageRecord): MessageRecord {
    record.originalId = message.id;
    return message;
  }

  return async (
    record: InteractionRecord,
    type: number,
    data: unknown,
    received: ReceivedBody,
  ): Promise<MessageRecord | undefined> => {
    const body = (): MessageBody => MessageBody.parse(data);
    const source = messages.find(record.sourceMessageId ?? '');
    switch (type) {
      case callbackTypes.autocomplete:
        record.choices = ChoicesBody.parse(data).choices ?? [];
        return undefined;
      case callbackTypes.modal:
        record.modal = modalOf(data);
        return undefined;
      case callbackTypes.deferredMessage:
        return original(record, answers.load(record, deferredPrivate(body())));
      case callbackTypes.message:
        return original(record, await answers.reply(record, body(), received));
      default:
        if (!source) throw apiError('unknownMessage');
        if (type === callbackTypes.update) await answers.edit(record, source, body(), received);
        return original(record, source);
    }
  };
}

function response(
  { json }: RestContext,
  record: InteractionRecord,
  type: number,
  message: MessageRecord | undefined,
): JsonObject {
  const interaction = {
    id: record.id,
    type: record.type,
    channel_id: record.channelId,
    guild_id: record.guildId,
    response_message_id: message?.id,
    response_message_loading: message && isLoading(message),
    response_message_ephemeral: message && message.visibleTo !== undefined,
  };
  return { interaction, resource: { type, message: message && json.show(message) } };
}

function modalOf(data: unknown): ModalBody {
  const modal = ModalBody.parse(data);
  const issues = modalIssues(modal);
  if (issues.length > 0) throw formError(issues);
  return modal;
}

/** A defer takes one flag and nothing else. */
function deferredPrivate({ flags }: MessageBody): boolean {
  const given = flags ?? 0;
  if ((given & ~messageFlags.ephemeral) !== 0)
    throw formError([
      {
        path: ['data', 'flags'],
        code: 'MESSAGE_FLAGS_INVALID',
        message: 'A deferred answer takes the EPHEMERAL flag only',
      },
    ]);
  return given !== 0;
}
