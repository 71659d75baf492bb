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
import type { ChannelRecord } from '../types.js';
import { has } from '../world/permissions.js';
import type { ReceivedBody } from './request-body.js';
import type { RestContext } from './rest-context.js';

const answerFlags =
  messageFlags.suppressEmbeds | messageFlags.suppressNotifications | messageFlags.componentsV2;
const editFlags = messageFlags.suppressEmbeds | messageFlags.componentsV2;

/** At most so many follow-ups where only the person, not the guild, has the app. */
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

export function createAnswers({ world, cdn, messages, applicationId }: RestContext): Answers {
  const channelOf = ({ channelId }: InteractionRecord): ChannelRecord => world.channel(channelId);
  const isUserInstall = ({ owners }: InteractionRecord): boolean => owners['0'] === undefined;

  /** People who may not use outside apps in a guild get answers for their eyes only. */
  function forcedPrivate(record: InteractionRecord): boolean {
    const held = world.permissionsIn(channelOf(record), record.userId);
    return record.guildId !== undefined && isUserInstall(record) && !has(held, 'UseExternalApps');
  }

  function base(record: InteractionRecord, ephemeral: boolean) {
    return {
      channelId: record.channelId,
      authorId: world.botId,
      webhookId: applicationId,
      visibleTo: ephemeral ? record.userId : undefined,
    };
  }

  const flagsOf = (ephemeral: boolean): number => (ephemeral ? messageFlags.ephemeral : 0);

  async function create(
    record: InteractionRecord,
    body: MessageBody,
    { files }: ReceivedBody,
    look: { ephemeral: boolean; type: number; reference: MessageReference | undefined },
  ): Promise<MessageRecord> {
    const { content, notified } = await compose(world, cdn, {
      body,
      files,
      channel: channelOf(record),
      authorId: world.botId,
      settable: answerFlags,
      ephemeral: look.ephemeral,
    });
    // Only who sees a message hears of it.
    const heard = notified.filter((id) => !look.ephemeral || id === record.userId);
    const { type, reference } = look;
    return messages.create({
      ...content,
      ...base(record, look.ephemeral),
      type,
      reference,
      origin: originOf(record),
      notified: heard,
    });
  }

  return {
    load(record, asked) {
      const ephemeral = asked || forcedPrivate(record);
      return messages.create({
        ...emptyContent(),
        ...base(record, ephemeral),
        flags: messageFlags.loading | flagsOf(ephemeral),
        type: firstType(record),
        reference: sourceReference(record),
        origin: originOf(record),
      });
    },
    reply(record, body, received) {
      const ephemeral = wantsPrivate(body) || forcedPrivate(record);
      return create(record, body, received, {
        ephemeral,
        type: firstType(record),
        reference: sourceReference(record),
      });
    },
    async followUp(record, body, received) {
      const original = messages.find(record.originalId ?? '');
      if (original && isLoading(original)) {
        await this.edit(record, original, { ...body, attachments: body.attachments ?? undefined }, received);
        return original;
      }
      if (isUserInstall(record) && record.followUpIds.length >= userInstallFollowUps)
        throw apiError('tooManyFollowUps');
      const reference =
        original &&
        ({
          type: 0,
          messageId: original.id,
          channelId: original.channelId,
          guildId: original.guildId,
        } as const);
      const ephemeral = wantsPrivate(body) || forcedPrivate(record);
      const message = await create(record, body, received, {
        ephemeral,
        type: messageTypes.reply,
        reference,
      });
      record.followUpIds.push(message.id);
      return message;
    },
    async edit(record, message, body, { files }) {
      const loading = isLoading(message);
      const ephemeral = message.visibleTo !== undefined;
      const { content } = await compose(world, cdn, {
        body,
        files,
        channel: channelOf(record),
        authorId: world.botId,
        record: message,
        settable: loading ? answerFlags : editFlags,
        ephemeral,
      });
      messages.edit(message, content, loading);
    },
  };

  function sourceReference({ sourceMessageId }: InteractionRecord): MessageReference | undefined {
    const source = messages.find(sourceMessageId ?? '');
    return source && { type: 0, messageId: source.id, channelId: source.channelId, guildId: source.guildId };
  }
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
