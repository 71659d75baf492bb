import { apiError } from '../api-errors.js';
import type { MessageBody } from '../body-schemas.js';
import { type InteractionRecord, interactionTypes } from '../interactions/interactions.js';
import { compose } from '../messages/message-composer.js';
import { messageFlags } from '../messages/message-rules.js';
import {
  emptyContent,
  type MessageOrigin,
  type MessageRecord,
  type MessageReference,
  messageTypes,
} from '../messages/messages.js';
import { has } from '../world/permissions.js';
import type { ReceivedBody } from './request-body.js';
import type { RestContext } from './rest-context.js';

const answerFlags =
  messageFlags.suppressEmbeds | messageFlags.suppressNotifications | messageFlags.componentsV2;
const editFlags = messageFlags.suppressEmbeds | messageFlags.componentsV2;

/** The most follow-ups if only the user, not the guild, has the app. */
const userInstallFollowUps = 5;

/** Messages that an interaction's answers become. */
export interface Answers {
  /** The "thinking…" of a deferred answer. */
  load(record: InteractionRecord, ephemeral: boolean): MessageRecord;
  /** The first answer as a message. */
  reply(record: InteractionRecord, body: MessageBody, received: ReceivedBody): Promise<MessageRecord>;
  /** A further message; it takes the place of a deferred answer still loading. */
  followUp(record: InteractionRecord, body: MessageBody, received: ReceivedBody): Promise<MessageRecord>;
  edit(
    record: InteractionRecord,
    message: MessageRecord,
    body: MessageBody,
    received: ReceivedBody,
  ): Promise<void>;
}

export function createAnswers(context: RestContext): Answers {
  const { messages } = context;
  return {
    load(record, asked) {
      const ephemeral = asked || forcedPrivate(context, record);
      return messages.create({
        ...emptyContent(),
        ...base(context, record, ephemeral),
        flags: messageFlags.loading | (ephemeral ? messageFlags.ephemeral : 0),
        type: firstType(record),
        reference: sourceReference(context, record),
        origin: originOf(record),
      });
    },
    reply(record, body, received) {
      const ephemeral = wantsPrivate(body) || forcedPrivate(context, record);
      const look = { ephemeral, type: firstType(record), reference: sourceReference(context, record) };
      return create(context, record, body, received, look);
    },
    async followUp(record, body, received) {
      const original = messages.find(record.originalId ?? '');
      if (original && isLoading(original)) {
        await this.edit(record, original, { ...body, attachments: body.attachments ?? undefined }, received);
        return original;
      }
      if (isUserInstall(record) && record.followUpIds.length >= userInstallFollowUps)
        throw apiError('tooManyFollowUps');
      const ephemeral = wantsPrivate(body) || forcedPrivate(context, record);
      const look = { ephemeral, type: messageTypes.reply, reference: original && referenceTo(original) };
      const message = await create(context, record, body, received, look);
      record.followUpIds.push(message.id);
      return message;
    },
    edit: (record, message, body, received) => edit(context, record, message, body, received),
  };
}

/** A message of an answer, apart from its text. */
interface Look {
  readonly ephemeral: boolean;
  readonly type: number;
  readonly reference: MessageReference | undefined;
}

async function create(
  context: RestContext,
  record: InteractionRecord,
  body: MessageBody,
  { files }: ReceivedBody,
  { ephemeral, type, reference }: Look,
): Promise<MessageRecord> {
  const { world, cdn, messages } = context;
  const { content, notified } = await compose(world, cdn, {
    body,
    files,
    channel: world.channel(record.channelId),
    authorId: world.botId,
    settable: answerFlags,
    ephemeral,
    isAnswer: record.originalId === undefined,
  });
  // Only users who see a message receive it.
  const heard = notified.filter((id) => !ephemeral || id === record.userId);
  return messages.create({
    ...content,
    ...base(context, record, ephemeral),
    type,
    reference,
    origin: originOf(record),
    notified: heard,
  });
}

async function edit(
  { world, cdn, messages }: RestContext,
  record: InteractionRecord,
  message: MessageRecord,
  body: MessageBody,
  { files }: ReceivedBody,
): Promise<void> {
  const loading = isLoading(message);
  const { content } = await compose(world, cdn, {
    body,
    files,
    channel: world.channel(record.channelId),
    authorId: world.botId,
    record: message,
    settable: loading ? answerFlags : editFlags,
    ephemeral: message.visibleTo !== undefined,
  });
  messages.edit(message, content, loading);
}

function base({ world, applicationId }: RestContext, record: InteractionRecord, ephemeral: boolean) {
  return {
    channelId: record.channelId,
    authorId: world.botId,
    webhookId: applicationId,
    visibleTo: ephemeral ? record.userId : undefined,
  };
}

function isUserInstall({ owners }: InteractionRecord): boolean {
  return owners['0'] === undefined;
}

/** Users who may not use external apps in a guild get ephemeral answers. */
function forcedPrivate({ world }: RestContext, record: InteractionRecord): boolean {
  const held = world.permissionsIn(world.channel(record.channelId), record.userId);
  return record.guildId !== undefined && isUserInstall(record) && !has(held, 'UseExternalApps');
}

function sourceReference(
  { messages }: RestContext,
  { sourceMessageId }: InteractionRecord,
): MessageReference | undefined {
  const source = messages.find(sourceMessageId ?? '');
  return source && referenceTo(source);
}

function referenceTo({ id, channelId, guildId }: MessageRecord): MessageReference {
  return { type: 0, messageId: id, channelId, guildId };
}

export function isLoading({ flags }: MessageRecord): boolean {
  return (flags & messageFlags.loading) !== 0;
}

function wantsPrivate({ flags }: MessageBody): boolean {
  return ((flags ?? 0) & messageFlags.ephemeral) !== 0;
}

function firstType({ type, sourceMessageId, targetMessageId }: InteractionRecord): number {
  if (sourceMessageId !== undefined) return messageTypes.reply;
  if (type === interactionTypes.command && targetMessageId !== undefined) return messageTypes.contextMenu;
  return messageTypes.chatInput;
}

function originOf({ id, type, name, userId, owners, targetMessageId }: InteractionRecord): MessageOrigin {
  return {
    id,
    type,
    name: type === interactionTypes.command ? name : undefined,
    userId,
    owners,
    targetMessageId,
  };
}
